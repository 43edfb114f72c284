using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>'dotnet test' by VSTest. A test's full name is what stands before its arguments.</summary>
internal sealed class VsTestRunner : TestRunner
{
    public override IReadOnlyList<string> Choose(IReadOnlyList<FailedTest> tests) =>
        ["--filter", string.Join('|', tests.Select(test => "FullyQualifiedName=" + Escape(test.Name.Split('(')[0])).Distinct(StringComparer.Ordinal))];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => ["--filter", string.Join('|', parts.Select(part => "FullyQualifiedName~" + Escape(part)))];

    private static string Escape(string text) => string.Concat(text.Select(letter => letter is '\\' or '(' or ')' or '&' or '|' or '=' or '!' or '~' ? $"\\{letter}" : letter.ToString()));
}
