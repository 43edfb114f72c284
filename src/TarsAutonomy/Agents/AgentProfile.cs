namespace TarsAutonomy.Agents;

/// <summary>How one kind of agent is run without anybody to ask, and where its model answers.</summary>
/// <param name="Name">In the configuration.</param>
/// <param name="Run">Its command line, with placeholders; empty where the user has to say it.</param>
/// <param name="Usage">Makes the reader of what it says that it used.</param>
public sealed record AgentProfile(string Name, IReadOnlyList<string> Run, Func<UsageReader> Usage)
{
    /// <summary>
    /// Stands inside where a program refuses to start without a key. The real one is added on the host's side, in place of this.
    /// </summary>
    public const string PlaceholderKey = "set-on-the-host";

    /// <summary>Put behind the command line where a model is configured.</summary>
    public IReadOnlyList<string> RunWithModel { get; init; } = [];

    /// <summary>Where its model answers unless the user says otherwise; null: nowhere.</summary>
    public string? Host { get; init; }

    /// <summary>Stands in the base URL after the port.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>The header that carries the key.</summary>
    public string Header { get; init; } = "Authorization";

    /// <summary>Stands before the key.</summary>
    public string Prefix { get; init; } = "Bearer ";

    /// <summary>The variable of the user's environment that holds the key, unless the user says otherwise; null: there is no usual one.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>The variable inside that gets the base URL.</summary>
    public string BaseUrlVariable { get; init; } = "MODEL_BASE_URL";

    /// <summary>Variables inside; placeholders are filled in.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Files of the private folder besides the prompt: names, and texts whose placeholders are filled in as parts of JSON strings.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A folder of the home inside, to which <see cref="Files"/> are copied for programs that look nowhere else; null for none.</summary>
    public string? HomeFolder { get; init; }
}
