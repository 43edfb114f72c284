using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

internal sealed class JestRunner : NodeRunner
{
    protected override string Program => "jest";

    protected override string? TimeoutOption => "--testTimeout";

    protected override ReportFormat Report => ReportFormat.Jest;

    protected override string? WithoutScript => "jest";

    // Its cache is in /tmp by itself.
    protected override string Line(string part) => $"{part.Replace("--watchAll", "", StringComparison.Ordinal).Replace("--watch", "", StringComparison.Ordinal)} --ci --json --outputFile={SandboxLayout.Results}/jest.json \"$@\"";

    public override IReadOnlyList<string>? Choose(IReadOnlyList<FailedTest> tests) =>
        tests.Any(test => test.File is null || test.Name == test.File) ? null
            : ["-t", $"^{AnyOf(tests.Select(test => test.Name[(test.File!.Length + 3)..]))}$", "--runTestsByPath", .. tests.Select(test => test.File!).Distinct(StringComparer.Ordinal)];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => ["-t", AnyOf(parts)];
}
