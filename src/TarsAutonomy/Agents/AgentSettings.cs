using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsAutonomy.Agents;

/// <summary>The agents of the user's own configuration. A codebase can name none.</summary>
/// <param name="Default">The one that works where a task names none; null: there is no such one.</param>
public sealed record AgentSettings(IReadOnlyList<AgentSetting> Agents, string? Default)
{
    private const string DefaultKey = "default";
    private const int MostNameCharacters = 100;

    /// <summary>No agent at all.</summary>
    public static AgentSettings None { get; } = new([], null);

    /// <summary>Reads the map 'agents'; every problem goes to the map's own list, with its line.</summary>
    public static AgentSettings Read(MapReader map)
    {
        var agents = new List<AgentSetting>();
        foreach (var name in map.Keys.Where(key => key != DefaultKey).ToList())
        {
            if (!IsName(name)) map.Problem(name, $"'{ByteText.Display(name)}' names no agent: letters, digits, '-', '_' and '.', at most {MostNameCharacters} of them.");
            if (map.OptionalMap(name) is { } one && AgentSettingReader.Read(name, one) is { } agent) agents.Add(agent);
        }
        var chosen = map.OptionalString(DefaultKey);
        if (chosen is not null && !map.Keys.Contains(chosen, StringComparer.Ordinal))
            map.Problem(DefaultKey, $"No agent '{ByteText.Display(chosen)}' stands here.{NearestName.Hint(chosen, map.Keys)}");
        map.Done();
        return new(agents, chosen ?? (agents is [var only] ? only.Name : null));
    }

    private static bool IsName(string text) => text.Length is > 0 and <= MostNameCharacters && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

/// <summary>One agent as the user configured it.</summary>
/// <param name="Origin">Where in the configuration it stands: its hosts are allowed by that.</param>
public sealed record AgentSetting(string Name, AgentProfile Profile, RuleOrigin Origin)
{
    /// <summary>How long an agent may work on a task where nothing else is said.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromMinutes(30);

    /// <summary>Instead of the profile's command line; null for that.</summary>
    public IReadOnlyList<string>? Run { get; init; }

    /// <summary>What <c>{model}</c> stands for; null where the agent chooses.</summary>
    public string? Model { get; init; }

    /// <summary>The host's folder of the program, shown inside read-only at the same path; null: found from PATH.</summary>
    public string? Folder { get; init; }

    /// <summary>The one host that gets the credential; null: no model is spoken to.</summary>
    public ModelEndpoint? Endpoint { get; init; }

    /// <summary>More hosts that it may speak to, without a credential unless a rule names one.</summary>
    public IReadOnlyList<HostRule> Hosts { get; init; } = [];

    /// <summary>Added to what the profile sets; its placeholders are those of the command line.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long it may work on a task.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>How much memory it and what it starts may take, in bytes; null for the sandbox's own limit.</summary>
    public long? MemoryBytes { get; init; }
}

/// <summary>Where an agent's model answers.</summary>
/// <param name="BasePath">Stands in the base URL after the port: '/v1'.</param>
/// <param name="Plain">Without TLS; only on this machine's loopback.</param>
/// <param name="Credential">Null: it takes none.</param>
public sealed record ModelEndpoint(string Host, int Port, string BasePath, bool Plain, HostCredential? Credential);
