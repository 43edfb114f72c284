namespace TarsAutonomy.Alerts;

/// <summary>One way to tell somebody.</summary>
internal interface IAlertChannel
{
    /// <summary>As the outbox and the configuration call it.</summary>
    string Name { get; }

    /// <returns>Null when it was taken; else why not, for people.</returns>
    Task<string?> SendAsync(AlertMessage message, CancellationToken cancellation);
}
