using System.Text;
using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Dotnet;

/// <summary>What there is to build and test in a .NET codebase.</summary>
/// <param name="Targets">Solutions or projects to build.</param>
/// <param name="TestTargets">Solutions or projects whose tests VSTest runs.</param>
/// <param name="Programs">Projects whose tests are programs of Microsoft.Testing.Platform.</param>
/// <param name="Findings">What can't be run, and why.</param>
internal sealed record DotnetTargets(IReadOnlyList<string> Targets, IReadOnlyList<string> TestTargets, IReadOnlyList<DotnetProject> Programs, IReadOnlyList<Finding> Findings)
{
    /// <summary>All whose tests VSTest runs reference what measures which lines they reach.</summary>
    public bool MeasuresCoverage { get; init; }
}

/// <summary>Finds solutions and test projects in a snapshot, from their text alone.</summary>
internal sealed partial class DotnetDetection(TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content)
{
    private const long MaxBytes = 4 * 1024 * 1024;
    private static readonly string[] Projects = [".csproj", ".fsproj", ".vbproj"];
    private static readonly string[] Shared = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    /// <summary>Null when nothing here is .NET.</summary>
    /// <param name="chosen">What the user's configuration names instead of what would be detected.</param>
    public DotnetTargets? Find(IReadOnlyList<string>? chosen)
    {
        var projects = tree.Entries.Where(e => e.Value.Kind == EntryKind.File && HasExtension(e.Key, Projects)).Select(e => Read(e.Key)).ToList();
        if (projects.Count == 0 && chosen is null) return null;
        var findings = new List<Finding>();
        var targets = chosen is { Count: > 0 } ? chosen : Detect(projects);
        if (chosen is { Count: > 0 })
        {
            findings.AddRange(chosen.Where(path => !Exists(path)).Select(path => new Finding(Severity.Hold, "checks/missing-target",
                $"'dotnet.projects' of the configuration names '{path}', which this codebase doesn't have.", Remedy: "Correct the configuration.")));
        }
        var covered = targets.SelectMany(Covered).ToHashSet();
        var tested = projects.Where(p => p.Tests != TestSupport.None && covered.Contains(p.Path)).ToList();
        // Where the switch is on, 'dotnet test' knows nothing else.
        var isSwitched = IsSwitched();
        var programs = tested.Where(p => p.Platform is not null && (isSwitched || p.Tests == TestSupport.TestingPlatform)).ToList();
        var others = tested.Except(programs).ToList();
        if (isSwitched) findings.AddRange(others.Select(NotOnPlatform));
        var byVsTest = isSwitched || others.Count == 0 ? [] : programs.Count == 0 ? targets : [.. others.Select(p => p.Path.Value)];
        return new(targets, byVsTest, programs, findings) { MeasuresCoverage = others.Count > 0 && others.TrueForAll(p => p.MeasuresCoverage) };

        bool Exists(string path) => RepositoryPath.TryParse(path, out var parsed, out _) && tree[parsed] is not null;
    }

    /// <summary>Every project that has tests.</summary>
    public IReadOnlyList<DotnetProject> TestProjects() =>
        [.. tree.Entries.Where(e => e.Value.Kind == EntryKind.File && HasExtension(e.Key, Projects)).Select(e => Read(e.Key)).Where(p => p.Tests != TestSupport.None)];

    private List<string> Detect(List<DotnetProject> projects)
    {
        var tests = projects.Where(p => p.Tests != TestSupport.None).Select(p => p.Path).ToHashSet();
        var solutions = tree.Entries.Keys.Where(p => p.Parent is null && HasExtension(p, [".sln", ".slnx"])).ToList();
        // The same solution in both forms, as while a codebase moves from one to the other: the newer form.
        solutions = [.. solutions.Where(s => !HasExtension(s, [".sln"]) || !solutions.Contains(RepositoryPath.Parse(s.Value + "x")))];
        if (solutions.Count == 1 && (tests.Count == 0 || Covered(solutions[0].Value).Any(tests.Contains))) return [solutions[0].Value];
        var chosen = new List<string>();
        var missing = tests.ToHashSet();
        foreach (var (solution, covers) in solutions.Select(s => (s, Covered(s.Value).Where(tests.Contains).ToList())).OrderByDescending(s => s.Item2.Count))
        {
            if (!covers.Any(missing.Contains)) continue;
            chosen.Add(solution.Value);
            missing.ExceptWith(covers);
        }
        if (chosen.Count > 0) return chosen;
        if (tests.Count > 0) return [.. tests.Order().Select(p => p.Value)];
        return solutions.Count > 0 ? [.. solutions.Select(s => s.Value)] : [.. projects.Select(p => p.Path.Value)];
    }

    // Projects that a target names: itself, or those of a solution.
    private IEnumerable<RepositoryPath> Covered(string target)
    {
        if (!RepositoryPath.TryParse(target, out var path, out _) || tree[path] is not { Kind: EntryKind.File, Size: <= MaxBytes } state) return [];
        if (HasExtension(path, Projects)) return [path];
        var text = Encoding.UTF8.GetString(content(path, state)).Replace('\\', '/');
        var folder = path.Parent?.Value;
        return QuotedProject().Matches(text)
            .Select(m => Normalize(folder is null ? m.Groups["path"].Value : folder + "/" + m.Groups["path"].Value))
            .Where(p => RepositoryPath.TryParse(p, out _, out _))
            .Select(RepositoryPath.Parse);
    }

    private DotnetProject Read(RepositoryPath path)
    {
        var text = new ProjectText();
        foreach (var file in path.Ancestors().Select(f => f.Value + "/").Prepend("").SelectMany(folder => Shared.Select(name => RepositoryPath.Parse(folder + name))).Append(path))
        {
            if (tree[file] is { Kind: EntryKind.File, Size: <= MaxBytes } state) text.Read(content(file, state));
        }
        return new(path, text.Tests, text.Tests != TestSupport.None && text.RefersToOthers) { Platform = text.Platform, HasHangDump = text.HasHangDump, Frameworks = text.Frameworks, MeasuresCoverage = text.MeasuresCoverage };
    }

    private bool IsSwitched() => RepositoryPath.Parse("global.json") is var settings
        && tree[settings] is { Kind: EntryKind.File, Size: <= MaxBytes } state && Runner().IsMatch(Encoding.UTF8.GetString(content(settings, state)));

    private static Finding NotOnPlatform(DotnetProject project) => new(
        Severity.Hold, "tests/unsupported-runner", $"'global.json' switches 'dotnet test' to Microsoft.Testing.Platform, and the tests of '{project.Path}' run on VSTest only: they were not run.", project.Path,
        Remedy: "Describe a check that runs them under 'checks' in your own configuration, or let the project run on the platform.");

    private static string Normalize(string path)
    {
        var segments = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") segments.Add(segment);
            else if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
        }
        return string.Join('/', segments);
    }

    private static bool HasExtension(RepositoryPath path, string[] extensions) =>
        extensions.Any(e => path.Value.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("\"(?<path>[^\"\n]+\\.(cs|fs|vb)proj)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex QuotedProject();

    [GeneratedRegex("\"runner\"\\s*:\\s*\"Microsoft\\.Testing\\.Platform\"", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Runner();
}
