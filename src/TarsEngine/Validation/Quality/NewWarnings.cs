using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Validation.Quality;

/// <summary>Warnings of compilers and analyzers that our own build of the change gave, and that of its base did not. Pure.</summary>
internal static class NewWarnings
{
    private const int Most = 20;

    public static IReadOnlyList<Finding> Find(CheckRun before, CheckRun run)
    {
        if (Of(before) is not { } known || Of(run) is not { } now) return [];
        // Lines move with every edit: as often as before, the same warning in the same file is the same.
        var left = known.GroupBy(Key).ToDictionary(g => g.Key, g => g.Count());
        var fresh = new List<BuildDiagnostic>();
        foreach (var warning in now)
        {
            if (left.TryGetValue(Key(warning), out var count) && count > 0) left[Key(warning)] = count - 1;
            else fresh.Add(warning);
        }
        var findings = fresh.Take(Most).Select(w => new Finding(Severity.Warning, "quality/new-warning", $"{w.Code}: {w.Message}",
            RepositoryPath.TryParse(w.Path!, out var path, out _) ? path : null, w.Line)).ToList();
        if (fresh.Count > Most) findings.Add(new(Severity.Warning, "quality/new-warning", $"There are {fresh.Count - Most} more new warnings."));
        return findings;
    }

    /// <summary>The run with the warnings of its base beside its own: a build upon earlier outputs repeats only what it compiles.</summary>
    public static CheckRun Joined(CheckRun before, CheckRun run) => run with
    {
        Checks = [.. run.Checks.Select(c => c.Warnings is { } own && before.Checks.FirstOrDefault(b => b.Name == c.Name)?.Warnings is { } old ? c with { Warnings = [.. own.Union(old)] } : c)],
    };

    private static (string Code, string? Path, string Message) Key(BuildDiagnostic warning) => (warning.Code, warning.Path, warning.Message);

    // Null where some build said more than is kept: then nothing can be claimed.
    private static List<BuildDiagnostic>? Of(CheckRun run)
    {
        var builds = run.Checks.Where(c => c.Kind is Configuration.CheckKind.Build or Configuration.CheckKind.Test).ToList();
        return builds.Exists(c => c.Warnings is null) ? null : [.. builds.SelectMany(c => c.Warnings!).Where(w => w.Path is not null).DistinctBy(w => (w.Code, w.Path, w.Message, w.Line))];
    }
}
