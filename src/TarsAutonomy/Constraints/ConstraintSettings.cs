using TarsEngine.Documents;
using TarsEngine.Permissions;

namespace TarsAutonomy.Constraints;

/// <summary>'autonomous.constraints' of one configuration file; null and empty where it says nothing. docs/tasks.md describes every key.</summary>
public sealed record ConstraintSettings
{
    public static ConstraintSettings None { get; } = new();

    /// <summary>Each ends with '/'.</summary>
    public IReadOnlyList<string>? AllowedFolders { get; init; }
    public IReadOnlyList<string>? AllowedFiles { get; init; }
    public IReadOnlyList<PathPattern> ForbiddenPaths { get; init; } = [];
    public IReadOnlyList<string> ForbiddenWords { get; init; } = [];
    public IReadOnlyList<string> ForbiddenContent { get; init; } = [];

    /// <summary>Taken out of what is forbidden; counts in the user's own file only.</summary>
    public IReadOnlyList<PathPattern> PermittedPaths { get; init; } = [];

    /// <inheritdoc cref="PermittedPaths"/>
    public IReadOnlyList<string> PermittedWords { get; init; } = [];

    /// <inheritdoc cref="PermittedPaths"/>
    public IReadOnlyList<string> PermittedContent { get; init; } = [];
    public int? MaxLines { get; init; }
    public int? MaxLinesWithTests { get; init; }
    public int? MinAlignment { get; init; }
    public bool? RequireTests { get; init; }

    /// <summary>By the name of <see cref="ApprovalNeed"/>: whether it needs a person.</summary>
    public IReadOnlyDictionary<string, bool> Approvals { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);

    /// <param name="fromRepository">True for a codebase's own file: what would loosen is read, and left out by <see cref="ConstraintJoin"/>.</param>
    public static ConstraintSettings Read(MapReader map, bool fromRepository)
    {
        var settings = new ConstraintSettings
        {
            AllowedFolders = Paths(map, "allowed-folders")?.Select(p => p.TrimEnd('/') + "/").ToList(),
            AllowedFiles = Paths(map, "allowed-files"),
            ForbiddenPaths = Patterns(map, "forbidden-paths"),
            ForbiddenWords = Words(map, "forbidden-words"),
            ForbiddenContent = Words(map, "forbidden-content"),
            PermittedPaths = Patterns(map, "permitted-paths"),
            PermittedWords = Words(map, "permitted-words"),
            PermittedContent = Words(map, "permitted-content"),
            MaxLines = map.OptionalInt("max-lines", 1, 1_000_000),
            MaxLinesWithTests = map.OptionalInt("max-lines-with-tests", 1, 1_000_000),
            MinAlignment = map.OptionalInt("min-alignment", 0, 100),
            RequireTests = map.OptionalBool("require-tests"),
            Approvals = map.OptionalMap("approvals") is { } approvals ? ReadApprovals(approvals) : None.Approvals,
        };
        if (!fromRepository)
        {
            // A word that nothing forbids is a slip: it would seem to permit something.
            foreach (var word in settings.PermittedWords.Where(w => !DefaultConstraints.Words.Contains(w, StringComparer.OrdinalIgnoreCase)))
                map.Problem("permitted-words", $"'{word}' is not forbidden.{NearestName.Hint(word, DefaultConstraints.Words)}");
            foreach (var text in settings.PermittedContent.Where(c => !DefaultConstraints.Content.Any(d => d.Text.Equals(c, StringComparison.OrdinalIgnoreCase))))
                map.Problem("permitted-content", $"'{text}' is not forbidden.{NearestName.Hint(text, DefaultConstraints.Content.Select(d => d.Text))}");
        }
        map.Done();
        return settings;
    }

    private static Dictionary<string, bool> ReadApprovals(MapReader map)
    {
        var read = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var need in DefaultConstraints.Approvals)
        {
            if (map.OptionalBool(need.Name) is { } needed) read[need.Name] = needed;
        }
        map.Done();
        return read;
    }

    private static List<string>? Paths(MapReader map, string key)
    {
        if (map.OptionalStrings(key) is not { } texts) return null;
        foreach (var problem in texts.Select(t => LiteralPath.Problem(t.TrimEnd('/'))).Where(p => p.Length > 0)) map.Problem(key, problem);
        return [.. texts];
    }

    private static List<PathPattern> Patterns(MapReader map, string key)
    {
        var patterns = new List<PathPattern>();
        foreach (var text in map.OptionalStrings(key) ?? [])
        {
            if (PathPattern.TryParse(text, out var pattern, out var problem)) patterns.Add(pattern);
            else map.Problem(key, problem);
        }
        return patterns;
    }

    private static IReadOnlyList<string> Words(MapReader map, string key)
    {
        var words = map.OptionalStrings(key) ?? [];
        if (words.Any(w => WordSearch.Split(w).Count == 0)) map.Problem(key, $"An item of '{key}' holds words.");
        return words;
    }
}
