using System.Text.RegularExpressions;
using TarsEngine.Files;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Validation.Tampering;

/// <summary>Which files are the code of tests: by the project they belong to, by their names, and for C# by what stands in them.</summary>
internal sealed partial class TestCode
{
    private readonly IReadOnlyList<string> folders;

    private TestCode(IReadOnlyList<string> folders) => this.folders = folders;

    /// <param name="trees">The base and what the change makes of it: a project that was one of tests stays so.</param>
    public static TestCode In(Func<RepositoryPath, FileState, byte[]> content, params TreeSnapshot[] trees) =>
        new([.. trees.SelectMany(tree => new DotnetDetection(tree, content).TestProjects()).Where(p => p.TestsOthers)
            .Select(p => p.Path.Parent is { } folder ? folder.Value + "/" : "").Where(f => f.Length > 0).Distinct(StringComparer.Ordinal)]);

    /// <summary>True for everything of a project that tests another: its code, its data and its settings.</summary>
    public bool IsInTestProject(RepositoryPath path) => folders.Any(f => path.Value.StartsWith(f, StringComparison.Ordinal));

    /// <param name="texts">Both forms of it; null where there is none to read.</param>
    public bool Is(RepositoryPath path, params string?[] texts) => IsInTestProject(path) || HasTestName(path)
        || (IsCSharp(path) && texts.Any(t => t is not null && Attribute().IsMatch(t)));

    public static bool IsCSharp(RepositoryPath path) => path.Name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the runners of other languages take for tests by their names.</summary>
    public static bool HasTestName(RepositoryPath path) => !IsCSharp(path) && (Name().IsMatch(path.Name) || Folder().IsMatch(path.Value));

    [GeneratedRegex(@"^(test_.*\.py|.*_test\.py|conftest\.py|.*[.](test|spec)\.[cm]?[jt]sx?|.*_test\.go|.*Tests?\.(java|kt|scala|fs|vb)|Test.*\.java|.*IT\.java|.*_(test|spec)\.(rb|exs|dart|cc|cpp|c)|test_.*\.(c|cc|cpp))$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(@"(^|/)(__tests__|__snapshots__|src/test|tests)/.*\.(py|[cm]?[jt]sx?|java|kt|rs|snap|c|cc|cpp|go|bats|sh)$|(^|/)test/.*\.(py|[cm]?[jt]sx?|rs|snap|c|cc|cpp|bats)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Folder();

    [GeneratedRegex(@"\[[^\]\n]*\b(Fact|Theory|Test|TestMethod|DataTestMethod|TestCase|TestCaseSource|TestFixture|TestClass|Property)\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Attribute();
}
