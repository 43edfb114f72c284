using TarsEngine.Permissions;

namespace TarsEngine.Sandbox.Network;

/// <summary>A value that is shown nowhere.</summary>
public sealed class Secret(string value)
{
    internal string Value { get; } = value;

    public override string ToString() => "(hidden)";
}

/// <summary>
/// A host to which the host's side adds a credential. What runs inside finds a base URL on its loopback in <paramref name="Variable"/>
/// and speaks plain HTTP to it; from there it goes to the host, by TLS unless it is <paramref name="Plain"/>, with the header added.
/// </summary>
/// <param name="Variable">The variable inside that holds the base URL: 'OPENAI_BASE_URL'.</param>
/// <param name="Host">The one host that gets the credential.</param>
/// <param name="BasePath">Stands after the base URL's port: '/v1'; '' for none.</param>
/// <param name="Header">The header's name: 'Authorization'.</param>
/// <param name="Value">The header's whole value.</param>
/// <param name="Plain">Without TLS; then the host is a program on this machine, reached by its loopback and never through another proxy.</param>
public sealed record CredentialRoute(string Variable, string Host, int Port, string BasePath, string Header, Secret Value, bool Plain = false)
{
    /// <summary>The routes of all rules that allow a host and name a credential for it.</summary>
    /// <param name="environment">The user's.</param>
    /// <exception cref="CredentialException">One can't be read or used.</exception>
    public static IReadOnlyList<CredentialRoute> Of(NetworkAccess access, IReadOnlyDictionary<string, string> environment) =>
        [.. access.Hosts.Where(rule => rule is { Decide: Decision.Allow, Credential: not null }).Select(rule => Of(rule, rule.Credential!, environment))];

    private static CredentialRoute Of(HostRule rule, HostCredential credential, IReadOnlyDictionary<string, string> environment)
    {
        var value = credential.FromFile is { } file ? Read(rule, file)
            : environment.GetValueOrDefault(credential.FromEnvironment ?? "") is { Length: > 0 } given ? given
            : throw new CredentialException($"The credential for '{rule}' is to come from the variable '{credential.FromEnvironment}', which is not set.", "Set it, or take the credential out of your configuration.");
        if (rule.Host.StartsWith('*') || credential.BaseUrlVariable.Length == 0)
            throw new CredentialException($"The credential for '{rule}' needs one whole host and the name of the variable that gets its base URL.", "Name both in your configuration.");
        // A line end would begin another header.
        if (value.Length == 0 || !value.All(c => c is >= ' ' and < '\u007f'))
            throw new CredentialException($"The credential for '{rule}' from '{credential.FromFile ?? credential.FromEnvironment}' is empty or holds characters that no header may hold.", "Correct its value.");
        return new(credential.BaseUrlVariable, rule.Host, rule.Port, credential.BasePath, credential.Header, new(credential.Prefix + value));
    }

    private static string Read(HostRule rule, string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"The credential for '{rule}' can't be read from '{file}': {failure.Message}", "Correct the path in your configuration, or the file's mode.");
        }
    }
}

/// <summary>A credential that the user's configuration names can't be used. The message never holds its value.</summary>
public sealed class CredentialException(string reason, string remedy) : Exception(reason)
{
    public string Remedy { get; } = remedy;
}
