using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>pytest, in the first Python that has it.</summary>
internal sealed class PytestRunner : DetectedRunner
{
    private static readonly Lazy<string> limited = new(() => PythonTests.Program("pytest_limit.py"));
    private static readonly string[] settings = ["pyproject.toml", "setup.cfg", "tox.ini", "setup.py", "requirements.txt", "requirements-dev.txt", "requirements-test.txt", "dev-requirements.txt", "test-requirements.txt", "requirements/dev.txt", "requirements/test.txt", "Pipfile", "noxfile.py"];

    public override RunnerPlan? Plan(ProjectTree project, TarsConfiguration configuration)
    {
        var tests = PythonTests.In(project);
        if (tests.Count == 0 || !IsUsed(project, tests)) return null;
        // A file that can't be imported is one failure, and the others run; a test that hangs is told by the name that was said last.
        const string line = """
            for python in python3 /usr/bin/python3; do "$python" -c 'import pytest' 2>/dev/null && break; done; exec "$python" "$@"
            """;
        IReadOnlyList<string> program = Seconds(configuration) is { } seconds ? ["-c", limited.Value, seconds] : ["-m", "pytest"];
        return new([Test("pytest" + project.Suffix, project, configuration, ReportFormat.JUnit, PythonTests.Variables(project),
            ["sh", "-c", line.Trim(), "sh", .. program, "-v", "-p", "no:cacheprovider", "--continue-on-collection-errors", "--color=no", "-o", "junit_family=xunit1", $"--junitxml={SandboxLayout.Results}/pytest.xml", PlannedCheck.Chosen])], []);
    }

    public override IReadOnlyList<string>? Choose(IReadOnlyList<FailedTest> tests)
    {
        var ids = tests.Select(NodeId).OfType<string>().ToList();
        return ids.Count < tests.Count ? null : ids;
    }

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => ["-k", string.Join(" or ", parts)];

    // 'tests.test_a.TestC.test_p[2-a.b]' of 'tests/test_a.py' is 'tests/test_a.py::TestC::test_p[2-a.b]'.
    private static string? NodeId(FailedTest test)
    {
        if (test.File is not { } file || !file.EndsWith(".py", StringComparison.Ordinal)) return null;
        var module = file[..^3].Replace('/', '.');
        if (test.Name == module) return file;
        if (!test.Name.StartsWith(module + ".", StringComparison.Ordinal)) return null;
        var rest = test.Name[(module.Length + 1)..];
        var cases = rest.IndexOf('[', StringComparison.Ordinal) is var at and >= 0 ? at : rest.Length;
        return $"{file}::{rest[..cases].Replace(".", "::", StringComparison.Ordinal)}{rest[cases..]}";
    }

    private static bool IsUsed(ProjectTree project, IReadOnlyList<string> tests) =>
        project.Has("pytest.ini") || project.Files.Any(file => file is "conftest.py" || file.EndsWith("/conftest.py", StringComparison.Ordinal))
        || settings.Any(file => project.Text(file)?.Contains("pytest", StringComparison.Ordinal) == true)
        || tests.Take(50).Select(project.Text).OfType<string>().ToList() is var texts && (texts.Exists(text => text.Contains("pytest", StringComparison.Ordinal)) || !texts.Exists(text => text.Contains("unittest", StringComparison.Ordinal)));
}
