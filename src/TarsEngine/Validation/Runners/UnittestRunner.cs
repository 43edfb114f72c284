using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>Python's own unittest, which has no report: a small program of ours, given on the command line, writes one.</summary>
internal sealed class UnittestRunner : DetectedRunner
{
    private static readonly Lazy<string> program = new(() => PythonTests.Program("unittest_junit.py"));

    public override RunnerPlan? Plan(ProjectTree project, TarsConfiguration configuration)
    {
        var tests = PythonTests.In(project);
        if (tests.Count == 0) return null;
        return new([Test("unittest" + project.Suffix, project, configuration, ReportFormat.JUnit, PythonTests.Variables(project),
            "python3", "-c", program.Value, $"{SandboxLayout.Results}/unittest.xml", string.Join(':', Starts(project, tests)), Seconds(configuration) ?? "0", PlannedCheck.Chosen)], []);
    }

    public override IReadOnlyList<string> Choose(IReadOnlyList<FailedTest> tests) => [.. tests.Select(test => test.Name.Split(' ')[0])];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => ["-k", .. parts];

    // Discovery goes into packages only: a folder that is none has to be named.
    private static IReadOnlyList<string> Starts(ProjectTree project, IReadOnlyList<string> tests) =>
        [.. tests.Select(test => Path.GetDirectoryName(test)!).Select(folder => IsPackage(project, folder) ? "." : folder).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsPackage(ProjectTree project, string folder)
    {
        for (; folder.Length > 0; folder = Path.GetDirectoryName(folder)!)
        {
            if (!project.Has(folder + "/__init__.py")) return false;
        }
        return true;
    }
}
