using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine.Changes;
using TarsEngine.Sandbox;

namespace TarsEngine.Validation.Tampering;

/// <summary>Finds what ends a test process early, runs before every test, writes a report itself, stands in for assertions, or asks whether tests run.</summary>
internal static class CSharpTraps
{
    private static readonly HashSet<string> Stands = new(StringComparer.Ordinal)
    {
        "Assert", "StringAssert", "CollectionAssert", "FactAttribute", "TheoryAttribute", "InlineDataAttribute", "TestAttribute", "TestCaseAttribute", "TestMethodAttribute", "TestClassAttribute", "TestFixtureAttribute",
        "XunitException", "AssertionException",
    };

    private static readonly HashSet<string> Frameworks = new(StringComparer.Ordinal) { "TestFramework", "TestCollectionOrderer", "TestCaseOrderer", "AssemblyFixture", "TestPipelineStartup", "RegisterXunitSerializer", "RegisterRunnerReporter", "SetUpFixture", "AssemblyInitialize", "GlobalTestInitialize" };

    public static IEnumerable<Trap> Read(IEnumerable<CompilationUnitSyntax> units) =>
        units.SelectMany(u => u.DescendantNodes()).SelectMany(Of).GroupBy(t => (t.Key, t.Line)).Select(g => g.First());

    private static IEnumerable<Trap> Of(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call => OfCall(call),
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => OfText(literal, literal.Token.ValueText),
        InterpolatedStringTextSyntax part => OfText(part, part.TextToken.ValueText),
        AttributeSyntax attribute => OfAttribute(attribute),
        ConstructorDeclarationSyntax made when made.Modifiers.Any(SyntaxKind.StaticKeyword) => [Trap("tests/runs-first", made, $"static {made.Identifier.ValueText}()", "A static constructor runs before the tests of its class.", Severity.Warning, null)],
        BaseTypeDeclarationSyntax type when Stands.Contains(type.Identifier.ValueText) => [Trap("tests/shadowed", type, "type " + type.Identifier.ValueText, $"A type of its own stands in for '{type.Identifier.ValueText}': tests may assert nothing by it.", Severity.Hold, Severity.Hold)],
        UsingDirectiveSyntax { Alias.Name.Identifier.ValueText: var alias } named when Stands.Contains(alias) => [Trap("tests/shadowed", named, CSharpCode.Normal(named), $"'{alias}' means something else by this line.", Severity.Hold, Severity.Hold)],
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ProcessExit" or "DomainUnload" or "ExitCode" } access when CSharpCode.LastName(access.Expression) is "CurrentDomain" or "Environment" =>
            [Trap("tests/early-exit", access, CSharpCode.Normal(access), "The end of the process, or its exit code, is taken into the code's own hands.")],
        _ => [],
    };

    private static IEnumerable<Trap> OfCall(InvocationExpressionSyntax call)
    {
        if (call.Expression is not MemberAccessExpressionSyntax access) return [];
        var (on, name) = (CSharpCode.LastName(access.Expression), access.Name.Identifier.ValueText);
        var text = CSharpCode.Normal(call).Replace(" ", "", StringComparison.Ordinal);
        if (on == "Environment" && name is ("Exit" or "FailFast")) return [Trap("tests/early-exit", call, text, $"'{text}' ends the whole process, with the tests that run in it.")];
        if (name == "Kill" && text.Contains("GetCurrentProcess", StringComparison.Ordinal)) return [Trap("tests/early-exit", call, text, "It kills its own process, with the tests that run in it.")];
        return [];
    }

    private static IEnumerable<Trap> OfText(SyntaxNode place, string text)
    {
        if (text.EndsWith(".trx", StringComparison.OrdinalIgnoreCase) || text.Contains("UnitTestResult", StringComparison.Ordinal) || text == SandboxLayout.Results
            || text.StartsWith(SandboxLayout.Results + "/", StringComparison.Ordinal) || text.Contains("<testsuite", StringComparison.Ordinal))
            yield return Trap("tests/report-written", place, text, "The text belongs to a report of tests: a report that the change writes is no proof.", Severity.Hold, Severity.Hold);
        if (text.StartsWith("xunit", StringComparison.OrdinalIgnoreCase) || text.StartsWith("nunit.", StringComparison.OrdinalIgnoreCase) || text.Equals("testhost", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("Microsoft.VisualStudio.Test", StringComparison.Ordinal) || text.StartsWith("VSTEST_", StringComparison.Ordinal))
            yield return Trap("tests/detected", place, text, "The code asks whether tests run: it may behave otherwise for them.", null, Severity.Hold);
    }

    private static IEnumerable<Trap> OfAttribute(AttributeSyntax attribute)
    {
        var name = CSharpCode.LastName(attribute);
        if (name == "ModuleInitializer") yield return Trap("tests/runs-first", attribute, "[ModuleInitializer]", "A module initializer runs before any test, whatever the tests are.");
        if (Frameworks.Contains(name)) yield return Trap("tests/runs-first", attribute, CSharpCode.Normal(attribute), $"[{name}] takes the running of the tests into the code's own hands.");
    }

    private static Trap Trap(string rule, SyntaxNode place, string key, string message, Severity? inTests = Severity.Hold, Severity? elsewhere = Severity.Warning) =>
        new(rule, rule + " " + key, CSharpCode.Line(place), message, inTests, elsewhere);
}
