using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

internal sealed class VitestRunner : NodeRunner
{
    protected override string Program => "vitest";

    protected override string? TimeoutOption => "--testTimeout";

    protected override ReportFormat Report => ReportFormat.JUnit;

    protected override string? WithoutScript => "vitest run";

    protected override string Line(string part) => $"{part.Replace("--watch", "", StringComparison.Ordinal)} --run --reporter=default --reporter=junit --outputFile.junit={SandboxLayout.Results}/vitest.xml \"$@\"";

    // 'test/a.test.ts > suite > name'; a file that can't be loaded is named alone.
    public override IReadOnlyList<string>? Choose(IReadOnlyList<FailedTest> tests) =>
        tests.Any(test => !test.Name.Contains(" > ", StringComparison.Ordinal)) ? null
            : [.. tests.Select(test => test.Name.Split(" > ")[0]).Distinct(StringComparer.Ordinal), "-t", AnyOf(tests.Select(test => string.Join(' ', test.Name.Split(" > ")[1..]))) + "$"];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => ["-t", AnyOf(parts)];
}
