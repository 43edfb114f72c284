using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsAutonomy.Settings;

/// <summary>How a session is run, and how far it may go. The defaults are those of the seed.</summary>
public sealed record SessionSettings
{
    public const string DefaultGate = ".ai-validation/check_quality.sh";
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromHours(24);

    /// <summary>The commit that a session begins from.</summary>
    public string Base { get; init; } = "HEAD";

    /// <summary>The plan, in the base.</summary>
    public RepositoryPath Plan { get; init; } = RepositoryPath.Parse(TaskPlan.DefaultPath);

    /// <summary>The constraints document, in the base.</summary>
    public RepositoryPath Constraints { get; init; } = RepositoryPath.Parse(ConstraintsDocument.DefaultPath);

    /// <summary>Which of the user's agents works; null: their default one.</summary>
    public string? Agent { get; init; }

    /// <summary>The codebase's own gate, in the base; null: the user waives it.</summary>
    public RepositoryPath? Gate { get; init; } = RepositoryPath.Parse(DefaultGate);

    /// <summary>Another gate, which the codebase's own file names beside the user's.</summary>
    public RepositoryPath? OtherGate { get; init; }

    /// <summary>Every gate that a change has to pass.</summary>
    public IReadOnlyList<RepositoryPath> Gates => [.. ((RepositoryPath?[])[Gate, OtherGate]).OfType<RepositoryPath>()];

    /// <summary>What the user's own file said outright: a codebase's doesn't take its place.</summary>
    private IReadOnlyList<string> Said { get; init; } = [];


    public int MaxTasks { get; init; } = 5;
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(4);

    /// <summary>For one task, all of its attempts.</summary>
    public TimeSpan TaskTimeout { get; init; } = TimeSpan.FromMinutes(30);
    public int MaxAttempts { get; init; } = 3;
    public int MaxConsecutiveFailures { get; init; } = 2;

    /// <summary>No task is begun once agents said that they used as much; null: no limit.</summary>
    public long? TokenBudget { get; init; }

    /// <summary>In US dollars; null: no limit.</summary>
    public decimal? CostBudget { get; init; }

    /// <summary>A file whose being there stops a session and lets none begin; null: the usual one in the state folder.</summary>
    public string? KillSwitch { get; init; }

    /// <summary>Where the branch goes in the morning; null: nowhere.</summary>
    public PushSettings? Push { get; init; }

    /// <summary>Reads the fields of 'autonomous:' that are about sessions. The codebase's own file can only tighten.</summary>
    public static SessionSettings Read(MapReader map, bool fromRepository, SessionSettings user)
    {
        var read = user with
        {
            Plan = Path(map, "plan") ?? user.Plan,
            Constraints = Path(map, "constraints-file") ?? user.Constraints,
            Gate = ReadGate(map, fromRepository, user),
            MaxTasks = Int(map, 1, 1000, "max-tasks-per-session", "max_tasks_per_session") ?? user.MaxTasks,
            MaxDuration = map.OptionalDuration("max-session-duration", Shortest, Longest) ?? user.MaxDuration,
            TaskTimeout = Timeout(map) ?? user.TaskTimeout,
            MaxAttempts = Int(map, 1, 20, "max-attempts") ?? user.MaxAttempts,
            MaxConsecutiveFailures = Int(map, 1, 1000, "max-consecutive-failures") ?? user.MaxConsecutiveFailures,
            TokenBudget = map.OptionalLong("token-budget", 1, long.MaxValue) ?? user.TokenBudget,
            CostBudget = map.OptionalInt("cost-budget-cents", 1, int.MaxValue) is { } cents ? cents / 100m : user.CostBudget,
        };
        return fromRepository ? Tightened(map, read, user) : read with
        {
            Said = [.. map.Keys],
            Base = map.OptionalString("base") ?? user.Base,
            Agent = map.OptionalString("agent") ?? user.Agent,
            KillSwitch = Absolute(map, "kill-switch"),
            Push = map.OptionalMap("push") is { } push ? PushSettings.Read(push) : null,
        };
    }

    /// <summary>As a constraints document has it, where it says something.</summary>
    internal SessionSettings Documented(ConstraintsDocument document) => this with
    {
        MaxTasks = document.MaxTasks ?? MaxTasks,
        MaxDuration = document.MaxDuration ?? MaxDuration,
        MaxAttempts = document.MaxAttempts ?? MaxAttempts,
        MaxConsecutiveFailures = document.MaxConsecutiveFailures ?? MaxConsecutiveFailures,
        TaskTimeout = document.TaskTimeout ?? TaskTimeout,
    };

    private static SessionSettings Tightened(MapReader map, SessionSettings read, SessionSettings user)
    {
        foreach (var key in (string[])["base", "agent", "kill-switch", "push", "constraints-file"])
            if (map.Has(key)) map.Problem(key, $"'{key}' belongs into the user's own configuration; a codebase's file can only tighten.");
        return read with
        {
            Plan = user.HasSaid("plan") ? user.Plan : read.Plan,
            Gate = user.HasSaid("gate") ? user.Gate : read.Gate,
            OtherGate = user.HasSaid("gate") && read.Gate != user.Gate ? read.Gate : null,
            Constraints = user.Constraints,
            MaxTasks = Math.Min(read.MaxTasks, user.MaxTasks),
            MaxDuration = Min(read.MaxDuration, user.MaxDuration),
            TaskTimeout = Min(read.TaskTimeout, user.TaskTimeout),
            MaxAttempts = Math.Min(read.MaxAttempts, user.MaxAttempts),
            MaxConsecutiveFailures = Math.Min(read.MaxConsecutiveFailures, user.MaxConsecutiveFailures),
            TokenBudget = user.TokenBudget is { } tokens ? Math.Min(tokens, read.TokenBudget ?? tokens) : read.TokenBudget,
            CostBudget = user.CostBudget is { } cost ? Math.Min(cost, read.CostBudget ?? cost) : read.CostBudget,
        };
    }

    private static RepositoryPath? ReadGate(MapReader map, bool fromRepository, SessionSettings user)
    {
        if (map.OptionalString("gate") is not { } text) return user.Gate;
        if (text != "none") return Path(map, "gate") ?? user.Gate;
        if (!fromRepository) return null;
        map.Problem("gate", "'gate: none' waives the codebase's gate; only the user's own configuration can.");
        return user.Gate;
    }

    // The seed gives seconds.
    private static TimeSpan? Timeout(MapReader map) =>
        map.OptionalDuration("task-timeout", Shortest, Longest) ?? (Int(map, 1, (int)Longest.TotalSeconds, "timeout_per_task") is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private static int? Int(MapReader map, int least, int most, params string[] keys) =>
        keys.Select(key => map.OptionalInt(key, least, most)).ToList().Find(value => value is not null);

    private static RepositoryPath? Path(MapReader map, string key)
    {
        if (map.OptionalString(key) is not { } text) return null;
        if (RepositoryPath.TryParse(text, out var path, out var problem)) return path;
        map.Problem(key, $"'{key}': {problem}");
        return null;
    }

    private static string? Absolute(MapReader map, string key)
    {
        if (map.OptionalString(key) is not { } text) return null;
        if (text.StartsWith('/')) return text;
        map.Problem(key, $"'{key}' is the absolute path of a file.");
        return null;
    }

    private bool HasSaid(string key) => Said.Contains(key, StringComparer.Ordinal);

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Where a session's branch is pushed. The user's own configuration alone says so.</summary>
/// <param name="Remote">Its name, such as 'origin'.</param>
/// <param name="Branches">The branches that may be pushed: a name in which '*' is any text.</param>
/// <param name="PullRequest">Ask for one by the program 'gh'.</param>
public sealed record PushSettings(string Remote, string Branches, bool PullRequest)
{
    public static PushSettings Read(MapReader map)
    {
        var read = new PushSettings(map.RequiredString("remote"), map.RequiredString("branches"), map.OptionalBool("pull-request") ?? false);
        if (read.Remote.StartsWith('-')) map.Problem("remote", "A remote's name does not begin with '-'.");
        map.Done();
        return read;
    }

    public bool Allows(string branch) => branch is not ("main" or "master") && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Branches, branch, ignoreCase: false);
}
