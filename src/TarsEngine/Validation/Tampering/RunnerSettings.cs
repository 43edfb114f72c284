using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>Files that tell runners and build servers which tests run, and what a failure means.</summary>
internal static partial class RunnerSettings
{
    public static IEnumerable<Finding> Compare(ChangedText text)
    {
        if (IsRunnersOwn(text.Path))
        {
            // New settings for a new suite say nothing about the old one, unless they choose among its tests.
            if (text.Change.Before is null && (text.After is null || !Chooses().IsMatch(text.After))) yield break;
            yield return Hold("tests/settings", text.Change.After is null ? $"The settings of the test runner in '{text.Path}' are gone." : $"The settings of the test runner are changed: '{text.Path}'.", text.Path, Line(text, Chooses()));
        }
        else if (IsMixed(text.Path) && New(text, Scripts()) is { } line)
        {
            yield return Hold("tests/settings", $"What runs the tests, or which of them, is changed: {Shorten(line.Text)}", text.Path, line.Number);
        }
        else if (IsPipeline(text.Path) && New(text, Forgives()) is { } forgiving)
        {
            yield return Hold("ci/weakened", $"The build server may take a failure for a success: {Shorten(forgiving.Text)}", text.Path, forgiving.Number);
        }
    }

    /// <summary>True for files that only runners of tests read.</summary>
    public static bool IsRunnersOwn(RepositoryPath path) => Own().IsMatch(path.Name);

    private static bool IsMixed(RepositoryPath path) => Mixed().IsMatch(path.Name);

    private static bool IsPipeline(RepositoryPath path) => Pipeline().IsMatch(path.Value);

    private static Finding Hold(string rule, string message, RepositoryPath path, int? line) => new(Severity.Hold, rule, message, path, line, "A person must see why.");

    private static int? Line(ChangedText text, Regex what) => New(text, what)?.Number;

    private static (string Text, int Number)? New(ChangedText text, Regex what)
    {
        if (text.After is null) return null;
        var known = (text.Before ?? "").Split('\n').Select(l => l.Trim()).ToHashSet(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.After.Split('\n').Select(l => l.Trim()))
        {
            number++;
            if (!known.Contains(line) && what.IsMatch(line)) return (line, number);
        }
        return null;
    }

    private static string Shorten(string line) => ByteText.Display(line.Length > 200 ? line[..200] + "…" : line);

    [GeneratedRegex(@"(?i)^(.*\.runsettings|(.*\.)?xunit\.runner\.json|testconfig\.json|.*\.testsettings|.*\.testconfig\.json|pytest\.ini|\.?pytest\.toml|conftest\.py|tox\.ini|jest\.config\..*|jest\.setup\..*|vitest\.(config|workspace|setup)\..*|\.mocharc.*|karma\.conf\..*|ava\.config\..*|playwright\.config\..*|\.?nextest\.toml|CTestCustom\.cmake|junit-platform\.properties|\.coveragerc|coverlet\..*json|stryker-config\..*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Own();

    [GeneratedRegex(@"(?i)^(package\.json|pyproject\.toml|setup\.cfg|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|CMakeLists\.txt|Makefile|GNUmakefile|dotnet\.config|global\.json|vite\.config\..*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Mixed();

    [GeneratedRegex(@"(?i)^(\.github/(workflows|actions)/.*|\.gitlab-ci\.yml|\.gitlab/ci/.*|.*azure-pipelines.*\.ya?ml|\.circleci/.*|\.travis\.yml|\.?appveyor\.yml|bitbucket-pipelines\.yml|Jenkinsfile|\.ci/.*|(.*/)?(build|test|ci)\.(sh|ps1|cmd|bat|cake))$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pipeline();

    [GeneratedRegex(@"(?i)(filter|exclude|ignore|addopts|testpaths|python_files|collect_ignore|pytest_collection|pytest_runtest|pytest_sessionfinish|testMatch|testRegex|testPathIgnore|include|only|skip|passWithNoTests|bail|retr(y|ies)|Workload|TestAdaptersPaths|TestSessionTimeout|TreatNoTestsAsError|deselect|fail)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Chooses();

    [GeneratedRegex(@"(?i)(""[a-z:]*test[a-z:]*""\s*:\s*""|addopts|testpaths|python_files|pytest|passWithNoTests|testMatch|testPathIgnore|skipTests|maven\.test|testFailureIgnore|ignoreFailures|test\s*=\s*false|harness\s*=\s*false|doctest\s*=|enable_testing|WILL_FAIL|DISABLED\s+(TRUE|ON)|SKIP_RETURN_CODE|BUILD_TESTING|^test:|""runner""\s*:|runner\s*=|excludeTestsMatching)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Scripts();

    [GeneratedRegex(@"(?i)(continue-on-error:\s*(true|\$)|continueOnError:\s*true|allow_failure:\s*true|\|\|\s*(true|:|exit 0|echo)|;\s*(true|exit 0)\s*$|set \+e|if:\s*(false|\$\{\{\s*false)|--filter|-DskipTests|-Dmaven\.test|--no-verify|ignoreExitCode|--passWithNoTests|-ErrorAction\s+SilentlyContinue|fail-fast:\s*false|ignore-exit-code|--deselect|--ignore=)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Forgives();
}
