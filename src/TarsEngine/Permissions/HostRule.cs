using System.Globalization;

namespace TarsEngine.Permissions;

/// <summary>What may be said to one host.</summary>
/// <param name="Host">A name or address as <see cref="HostName"/> writes it, or '*.' and a name: every name below it, whole labels only.</param>
/// <param name="Port">The one port that it speaks of; <see cref="AnyPort"/> only where the decision is not Allow.</param>
/// <param name="Credential">What the host's side adds to each request; null: nothing. Comes from the user's own configuration only.</param>
public sealed record HostRule(string Host, int Port, Decision Decide, RuleOrigin Origin, HostCredential? Credential = null)
{
    public const int AnyPort = 0;
    public const int DefaultPort = 443;

    /// <param name="host">As <see cref="HostName"/> writes it.</param>
    public bool Matches(string host, int port) => (Port == AnyPort || Port == port)
        && (Host.StartsWith("*.", StringComparison.Ordinal)
            ? host.Length > Host.Length - 1 && host.EndsWith(Host[1..], StringComparison.Ordinal)
            : host == Host);

    public override string ToString() => Port == AnyPort ? Host : string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}

/// <summary>A header that proves who asks; exactly one of the two sources is set. What runs in the sandbox never holds its value.</summary>
/// <param name="Header">The header's name, such as 'Authorization'.</param>
/// <param name="Prefix">Stands before the value, such as 'Bearer '.</param>
/// <param name="FromEnvironment">The variable of the user's environment that holds the value.</param>
/// <param name="FromFile">The absolute path of the file that holds the value; line ends at its end don't count.</param>
public sealed record HostCredential(string Header, string Prefix, string? FromEnvironment, string? FromFile)
{
    /// <summary>The variable inside the sandbox that gets the base URL to speak to, such as 'OPENAI_BASE_URL'.</summary>
    public string BaseUrlVariable { get; init; } = "";

    /// <summary>Stands after the base URL's port, such as '/v1'.</summary>
    public string BasePath { get; init; } = "";
}
