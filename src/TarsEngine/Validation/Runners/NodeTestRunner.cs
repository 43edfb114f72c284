using System.Text.RegularExpressions;
using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>Node's own test runner.</summary>
internal sealed partial class NodeTestRunner : NodeRunner
{
    protected override string Program => "node --test";

    protected override string? TimeoutOption => "--test-timeout";

    protected override ReportFormat Report => ReportFormat.Tap;

    // Also 'tsx --test', and a loader between the two.
    protected override bool Runs(string part) => Flag().IsMatch(part);

    protected override string Line(string part)
    {
        var plain = Reporter().Replace(part, "");
        return Flag().Replace(plain, $" --test --test-reporter=tap --test-reporter-destination={SandboxLayout.Results}/node.tap --test-reporter=spec --test-reporter-destination=stdout \"$@\" ", 1);
    }

    // Older versions match a test's own name, newer ones the names of its suites before it too.
    public override IReadOnlyList<string>? Choose(IReadOnlyList<FailedTest> tests) =>
        tests.Any(test => test.Name.StartsWith('/')) ? null : [$"--test-name-pattern=(?:^| ){AnyOf(tests.Select(test => test.Name.Split(" > ")[^1]))}$"];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => [.. parts.Select(part => $"--test-name-pattern={Escape(part)}")];

    [GeneratedRegex(@"\s--test(?=\s|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Flag();

    [GeneratedRegex(@"--test-reporter(?:-destination)?[= ]\S+", RegexOptions.NonBacktracking)]
    private static partial Regex Reporter();
}
