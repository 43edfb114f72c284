using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Terminal.Dependencies;

namespace TarsEngine.Validation.Runners;

/// <summary>Finds, without configuration, which tools test a tree's projects. .NET has a detection of its own.</summary>
internal static class RunnerDetection
{
    // A project in one of these is an example or an input of somebody's tests.
    private static readonly HashSet<string> besides = new(StringComparer.OrdinalIgnoreCase)
    {
        "test", "tests", "testdata", "fixture", "fixtures", "__fixtures__", "example", "examples", "sample", "samples", "demo", "demos", "doc", "docs",
        "benchmark", "benchmarks", "bench", "template", "templates", "playground", "site", "website", "e2e", "tools", "scripts", "third-party", "external", "deps",
    };

    // Of several of one kind the first that fits.
    private static readonly Dictionary<ProjectKind, DetectedRunner[]> runners = new()
    {
        [ProjectKind.Node] = [new NodeTestRunner(), new VitestRunner(), new JestRunner(), new MochaRunner(), new UnknownNodeRunner()],
        [ProjectKind.Python] = [new PytestRunner(), new UnittestRunner()],
        [ProjectKind.Rust] = [new CargoRunner()],
        [ProjectKind.Go] = [new GoRunner()],
        [ProjectKind.Java] = [new MavenRunner()],
        [ProjectKind.Cmake] = [new CtestRunner()],
    };

    public static IReadOnlyList<RunnerPlan> Find(TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content, TarsConfiguration configuration)
    {
        var plans = new List<RunnerPlan>();
        var taken = new List<(ProjectKind Kind, string Folder)>();
        foreach (var found in ProjectDetector.Find(tree.Entries.Keys).OrderBy(project => project.Folder?.Value.Length ?? 0))
        {
            if (!runners.TryGetValue(found.Kind, out var family) || IsBesides(found.Folder)) continue;
            var project = new ProjectTree(tree, content, found.Manifest);
            // The outermost project of a kind runs the tests of those inside it.
            if (taken.Any(one => one.Kind == found.Kind && (one.Folder.Length == 0 || project.Folder.StartsWith(one.Folder + "/", StringComparison.Ordinal)))) continue;
            if (family.Select(runner => runner.Plan(project, configuration)).FirstOrDefault(plan => plan is not null) is not { } plan) continue;
            plans.Add(plan);
            taken.Add((found.Kind, project.Folder));
        }
        return plans;
    }

    private static bool IsBesides(RepositoryPath? folder) => folder is { } inner && inner.Value.Split('/').Any(part => besides.Contains(part) || part.StartsWith('.'));
}
