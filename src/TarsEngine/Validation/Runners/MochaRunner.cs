using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

internal sealed class MochaRunner : NodeRunner
{
    protected override string Program => "mocha";

    protected override string? TimeoutOption => "--timeout";

    protected override ReportFormat Report => ReportFormat.JUnit;

    protected override string? WithoutScript => "mocha";

    protected override string Line(string part) => $"{part.Replace("--watch", "", StringComparison.Ordinal)} --reporter xunit --reporter-option output={SandboxLayout.Results}/mocha.xml \"$@\"";

    // 'suite inner.name': its own filter looks at the names joined by a space.
    public override IReadOnlyList<string> Choose(IReadOnlyList<FailedTest> tests) => ["-g", AnyOf(tests.Select(test => test.Name[(test.Name.IndexOf('.', StringComparison.Ordinal) + 1)..])) + "$"];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => ["-g", AnyOf(parts)];
}
