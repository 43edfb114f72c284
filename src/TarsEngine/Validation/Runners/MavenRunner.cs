using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>Maven, without a network. Its reports always lie among what it builds: old ones go before, new ones are taken from there.</summary>
internal sealed class MavenRunner : DetectedRunner
{
    private const string Reports = "\\( -path '*/target/surefire-reports/TEST-*.xml' -o -path '*/target/failsafe-reports/TEST-*.xml' \\)";
    private static readonly IReadOnlyDictionary<string, string> none = new Dictionary<string, string>(StringComparer.Ordinal);

    public override RunnerPlan? Plan(ProjectTree project, TarsConfiguration configuration)
    {
        if (project.Manifest.Name != "pom.xml") return null;
        var program = project.Has("mvnw") && project.HasFolder(".mvn/wrapper/dists") ? "sh ./mvnw" : "mvn";
        var repository = project.HasFolder(".m2/repository") ? $" -Dmaven.repo.local={SandboxLayout.Codebase}/{(project.Folder.Length > 0 ? project.Folder + "/" : "")}.m2/repository" : "";
        // Surefire hands it to the tests' own process, where JUnit 5 reads it.
        var limit = Seconds(configuration) is { } seconds ? $" -Djunit.jupiter.execution.timeout.default={seconds}s" : "";
        var line = $"{program} -o -B -ntp -Dstyle.color=never{repository}{limit}";
        return new(
            [
                Build("maven build" + project.Suffix, project, configuration, none, "sh", "-c", $"{line} -q test-compile"),
                Test("maven test" + project.Suffix, project, configuration, ReportFormat.JUnit, none, Shell(
                    $"find . {Reports} -delete; {line} -fae test \"$@\"; code=$?; find . {Reports} -exec cp --parents -t {SandboxLayout.Results} {{}} +; exit $code")),
            ], []);
    }

    public override IReadOnlyList<string>? Choose(IReadOnlyList<FailedTest> tests)
    {
        var names = tests.Select(test => test.Name.Split('[', '(')[0]).ToList();
        if (names.Exists(name => !name.Contains('.', StringComparison.Ordinal))) return null;
        var methods = names.Select(name => $"{name[..name.LastIndexOf('.')]}#{name[(name.LastIndexOf('.') + 1)..]}").Distinct(StringComparer.Ordinal);
        return [$"-Dtest={string.Join(',', methods)}", "-DfailIfNoTests=false", "-Dsurefire.failIfNoSpecifiedTests=false"];
    }

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => [$"-Dtest={string.Join(',', parts.Select(part => $"*{part}*"))}", "-DfailIfNoTests=false", "-Dsurefire.failIfNoSpecifiedTests=false"];
}
