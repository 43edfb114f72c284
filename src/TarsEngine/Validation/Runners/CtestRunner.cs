using System.Text.RegularExpressions;
using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>CMake: configured and built in a folder of its own, tested by ctest.</summary>
internal sealed partial class CtestRunner : DetectedRunner
{
    private static readonly IReadOnlyDictionary<string, string> none = new Dictionary<string, string>(StringComparer.Ordinal);

    public override RunnerPlan? Plan(ProjectTree project, TarsConfiguration configuration)
    {
        // What lies in the codebase is no folder to build into.
        var folder = ((string[])["build", "cmake-build", "build-checks"]).First(name => !project.HasFolder(name) || name == "build-checks");
        var checks = new List<PlannedCheck>
        {
            Build("configure" + project.Suffix, project, configuration, none, "cmake", "-S", ".", "-B", folder),
            Build("build" + project.Suffix, project, configuration, none, "cmake", "--build", folder, "--parallel", "4"),
        };
        if (HasTests(project))
        {
            checks.Add(Test("ctest" + project.Suffix, project, configuration, ReportFormat.JUnit, none,
                ["ctest", "--test-dir", folder, "--output-on-failure", "--output-junit", SandboxLayout.Results + "/ctest.xml", .. Longest(configuration, "--timeout", 1), PlannedCheck.Chosen]));
        }
        return new(checks, []);
    }

    public override IReadOnlyList<string> Choose(IReadOnlyList<FailedTest> tests) =>
        ["-R", $"^({string.Join('|', tests.Select(test => Escape(test.Name)).Distinct(StringComparer.Ordinal))})$"];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => ["-R", AnyOf(parts)];

    private static bool HasTests(ProjectTree project) =>
        project.Files.Where(file => Path.GetFileName(file) == "CMakeLists.txt" || file.EndsWith(".cmake", StringComparison.Ordinal)).Take(200)
            .Any(file => project.Text(file) is { } text && Enables().IsMatch(text));

    [GeneratedRegex(@"^\s*(?:enable_testing\s*\(|include\s*\(\s*CTest\b)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Enables();
}
