using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>Test programs on Microsoft.Testing.Platform and xunit.v3's own: each framework has options of its own.</summary>
/// <param name="each">The option that takes one test's full name; null where there is none.</param>
/// <param name="filter">The option that takes a part of a name.</param>
internal sealed class TestPlatformRunner(string? each, string filter) : TestRunner
{
    public override IReadOnlyList<string>? Choose(IReadOnlyList<FailedTest> tests) =>
        each is null ? null : [.. tests.Select(test => test.Name.Split('(')[0]).Distinct(StringComparer.Ordinal).SelectMany(name => (string[])[each, name])];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => each is null ? [filter, string.Join('|', parts.Select(part => "FullyQualifiedName~" + part))] : [.. parts.SelectMany(part => (string[])[filter, $"*{part}*"])];
}
