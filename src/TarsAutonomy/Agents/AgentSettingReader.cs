using System.Net;
using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsAutonomy.Agents;

/// <summary>Reads one agent of the user's configuration.</summary>
internal static class AgentSettingReader
{
    private const long LeastMemory = 64L << 20, MostMemory = 1L << 40;
    private static readonly TimeSpan shortest = TimeSpan.FromSeconds(1), longest = TimeSpan.FromHours(24);

    /// <summary>Null, with a problem, where no profile is meant.</summary>
    public static AgentSetting? Read(string name, MapReader map)
    {
        var profile = Profile(name, map);
        var run = map.OptionalStrings("run");
        if (map.Has("run") && run is not null && (run.Count == 0 || run[0].Length == 0)) map.Problem("run", "'run' names no program.");
        if (run?.FirstOrDefault(argument => argument.Contains('\0', StringComparison.Ordinal)) is not null) map.Problem("run", "An argument holds a NUL character, which no program can get.");
        if (profile is { Run.Count: 0 } && !map.Has("run")) map.Problem("profile", $"The agent '{name}' has no profile of its own, so it needs 'run': its whole command line.");
        var folder = map.OptionalString("folder");
        if (folder is not null && !folder.StartsWith('/')) map.Problem("folder", $"The folder '{ByteText.Display(folder)}' is not absolute; nothing in it is expanded.");
        var setting = profile is null ? null : new AgentSetting(name, profile, new(RuleAuthor.User, map.Problems.Source, map.Line))
        {
            Run = run,
            Model = Model(map),
            Folder = folder,
            Endpoint = Endpoint(map, profile),
            Hosts = new HostRuleReader(map.Problems, RuleAuthor.User).Read(map),
            Environment = Variables(map),
            Timeout = map.OptionalDuration("timeout", shortest, longest) ?? AgentSetting.DefaultTimeout,
            MemoryBytes = map.OptionalLong("memory", LeastMemory, MostMemory),
        };
        // Of an agent without a profile nothing else was asked for; that alone is said.
        if (setting is not null) map.Done();
        return setting;
    }

    private static AgentProfile? Profile(string name, MapReader map)
    {
        var names = AgentProfiles.All.Select(profile => profile.Name).ToList();
        var given = map.Has("profile") ? map.OptionalChoice("profile", names) : AgentProfiles.Find(name) is { } same ? same.Name : AgentProfiles.Generic.Name;
        return given is null ? null : AgentProfiles.Find(given);
    }

    private static string? Model(MapReader map)
    {
        var model = map.OptionalString("model");
        // It stands between other options: as one of those it would be obeyed.
        if (model is not null && (model.Length == 0 || model[0] == '-' || model.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))) map.Problem("model", "'model' is a name without spaces that does not begin with '-'.");
        return model;
    }

    private static ModelEndpoint? Endpoint(MapReader map, AgentProfile profile)
    {
        var host = map.OptionalString("host") ?? profile.Host;
        var plain = map.OptionalBool("plain") ?? false;
        var port = map.OptionalInt("port", 1, 65535) ?? (plain ? null : HostRule.DefaultPort);
        var path = map.OptionalString("base-path") ?? profile.BasePath;
        if (path.Length > 0 && (!path.StartsWith('/') || path.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))) map.Problem("base-path", "A base path begins with '/' and holds no space.");
        var credential = Credential(map, profile, plain);
        if (host is null)
        {
            foreach (var key in (string[])["port", "plain", "credential", "base-path"]) if (map.Has(key)) map.Problem(key, $"'{key}' is said of a host, and none is named: give 'host'.");
            return null;
        }
        if (!HostName.TryNormalize(host, out var name))
        {
            map.Problem("host", $"'{ByteText.Display(host)}' names no host: write a name such as 'api.example.org', or an address.");
            return null;
        }
        if (plain && !IsLoopback(name)) map.Problem("plain", $"'{name}' is not this machine's loopback (127.0.0.1, ::1, localhost): what goes there goes by TLS.");
        if (port is null) map.Problem("plain", "Without TLS there is no usual port: give 'port'.");
        if (!plain && credential is null) map.Problem("host", $"How does '{name}' know you? Give 'credential', with 'from-environment' or 'from-file'.");
        return port is null ? null : new(name, port.Value, path, plain, credential);
    }

    private static HostCredential? Credential(MapReader map, AgentProfile profile, bool plain)
    {
        if (!map.Has("credential")) return plain || profile.KeyVariable is null ? null : new(profile.Header, profile.Prefix, profile.KeyVariable, null);
        if (map.OptionalMap("credential") is not { } credential) return null;
        var (variable, file) = (credential.OptionalString("from-environment"), credential.OptionalString("from-file"));
        if ((variable is null) == (file is null)) map.Problem("credential", "A credential comes from one place: 'from-environment: NAME' or 'from-file: /absolute/path'.");
        if (file is not null && !file.StartsWith('/')) credential.Problem("from-file", $"The path '{ByteText.Display(file)}' is not absolute; nothing in it is expanded.");
        var (header, prefix) = (credential.OptionalString("header"), credential.OptionalString("prefix"));
        if (header is not null && !(header.Length > 0 && header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))) credential.Problem("header", $"'{ByteText.Display(header)}' is no name of a header.");
        if (prefix?.All(c => c is >= ' ' and < '\u007f') == false) credential.Problem("prefix", "The prefix holds characters that no header may hold.");
        credential.Done();
        // A header of another name has none of the profile's prefix.
        return new(header ?? profile.Header, prefix ?? (header is null ? profile.Prefix : ""), variable, file);
    }

    private static IReadOnlyDictionary<string, string> Variables(MapReader map)
    {
        var variables = map.OptionalStringMap("environment") ?? new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0') || value.Contains('\0', StringComparison.Ordinal)) map.Problem("environment", $"'{ByteText.Display(name)}' can't be an environment variable, or its value holds a NUL character.");
        }
        return variables;
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback)));
}
