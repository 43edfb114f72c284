using System.Globalization;
using TarsEngine;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsAutonomy.Alerts;

/// <summary>
/// Alerts on their way. They are durable before anybody tries to send one, so that neither a dead network nor a kill loses one, and no
/// run waits for a channel. Each is delivered at least once: a kill between sending and noting that costs a second delivery, with the same id.
/// </summary>
/// <param name="environment">The user's, for the command and for credentials.</param>
public sealed class AlertOutbox(StateDatabase database, StateFolder state, string codebase, AlertSettings settings, IReadOnlyDictionary<string, string> environment, TimeProvider clock)
{
    /// <summary>About a day, with the pauses that grow between them.</summary>
    public const int MostAttempts = 12;

    /// <summary>What was given up, or is for a channel that is configured no more, is shown for so long.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>One channel that hangs on one message must not take the time of all.</summary>
    internal static readonly TimeSpan MostForOne = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    private readonly IReadOnlyList<IAlertChannel> channels =
    [
        .. settings.Command is { } command ? [new CommandChannel(command, environment)] : (IAlertChannel[])[],
        .. settings.Webhook is { } webhook ? [new WebhookChannel(webhook, environment)] : (IAlertChannel[])[],
        .. settings.Mail is { } mail ? [new MailChannel(mail, environment)] : (IAlertChannel[])[],
    ];

    /// <summary>The outbox of an open codebase.</summary>
    public static AlertOutbox Of(Codebase codebase, AlertSettings settings) =>
        new(codebase.Database, codebase.State, codebase.Root, settings, codebase.Options.Environment, codebase.Options.Clock);

    /// <summary>Takes an alert, one message for each channel, in one durable transaction; nothing where the user did not ask for its kind.</summary>
    public void Add(Alert alert)
    {
        if (!settings.On.Contains(alert.Kind) || channels.Count == 0) return;
        var message = new AlertMessage("", AlertKinds.Word(alert.Kind), SafeText.Line(alert.Title, 300), SafeText.Lines(alert.Text), alert.Night?.ToString(), alert.Report, codebase, clock.GetUtcNow());
        database.Write("add an alert", tx =>
        {
            foreach (var old in OutboxRows.All(tx).Where(row => tx.Now - row.Created > KeptFor)) OutboxRows.Delete(tx, old.Id);
            foreach (var channel in channels) OutboxRows.Insert(tx, channel.Name, message.ToJson());
        });
    }

    /// <summary>What is not delivered, the oldest first.</summary>
    public IReadOnlyList<OutboxItem> List() => [.. Rows().Select(row => row.ToItem())];

    /// <summary>Tries what is due. A channel that fails is tried again later; what is not done by the deadline, too.</summary>
    /// <returns>How many were delivered.</returns>
    public async Task<int> DeliverAsync(TimeSpan deadline, CancellationToken cancellation = default)
    {
        if (channels.Count == 0) return 0;
        // Another process at it does the same work.
        using var alone = state.TryAcquire("alerts");
        if (alone is null) return 0;
        var due = Rows().Where(IsDue).ToList();
        if (due.Count == 0) return 0;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(deadline);
        var delivered = await Task.WhenAll(channels.Select(channel => DeliverAsync(channel, due.Where(row => row.Channel == channel.Name), end.Token)));
        cancellation.ThrowIfCancellationRequested();
        return delivered.Sum();
    }

    /// <summary>When the next message is due; null when none waits.</summary>
    public DateTimeOffset? NextDue() => Rows().Min(row => row.Due);

    // In order, and no further than the first that fails: what it failed at, the next would, too.
    private async Task<int> DeliverAsync(IAlertChannel channel, IEnumerable<OutboxRow> rows, CancellationToken end)
    {
        var delivered = 0;
        foreach (var row in rows)
        {
            if (end.IsCancellationRequested) break;
            if (await TryAsync(channel, row, end) is { } error)
            {
                Note(row, error);
                break;
            }
            database.Write("note a delivered alert", tx => OutboxRows.Delete(tx, row.Id));
            delivered++;
        }
        return delivered;
    }

    private async Task<string?> TryAsync(IAlertChannel channel, OutboxRow row, CancellationToken end)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
        limit.CancelAfter(MostForOne);
        try
        {
            return await channel.SendAsync(row.Message with { Id = string.Create(CultureInfo.InvariantCulture, $"{database.CodebaseId}-{row.Id}") }, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return "It was not done in time.";
        }
    }

    private void Note(OutboxRow row, string error)
    {
        var attempts = row.Attempts + 1;
        var pause = FirstPause * Math.Pow(2, attempts - 1);
        DateTimeOffset? due = attempts >= MostAttempts ? null : clock.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
        database.Write("note a failed alert", tx => OutboxRows.Update(tx, row with { Attempts = attempts, Due = due, Error = SafeText.Line(error, 500) }));
    }

    // What a clock that was ahead has put off for longer than we ever do is due now.
    private bool IsDue(OutboxRow row) => row.Due is { } due && clock.GetUtcNow() is var now && (due <= now || due - now > LongestPause);

    private IReadOnlyList<OutboxRow> Rows() => database.Read("read the outbox", OutboxRows.All);
}
