using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>Finds tests by what they are: xUnit's, NUnit's, MSTest's and TUnit's attributes and those made after them.</summary>
internal static class CSharpTestReader
{
    private const int MostSource = 4_000;

    private static readonly HashSet<string> Tests = new(StringComparer.Ordinal) { "Fact", "Theory", "Test", "TestMethod", "DataTestMethod", "TestCase", "TestCaseSource", "Property", "Scenario", "Benchmarked" };
    private static readonly HashSet<string> Rows = new(StringComparer.Ordinal) { "InlineData", "TestCase", "DataRow", "Arguments", "Example" };
    private static readonly HashSet<string> Sources = new(StringComparer.Ordinal) { "MemberData", "ClassData", "TestCaseSource", "DynamicData", "ValueSource", "Values", "Range", "Random", "Combinatorial" };
    private static readonly HashSet<string> Skipping = new(StringComparer.Ordinal) { "Ignore", "Explicit", "Skip", "Inconclusive", "Disabled", "SkipOnPlatform", "ActiveIssue" };
    private static readonly HashSet<string> Retrying = new(StringComparer.Ordinal) { "Retry", "RetryFact", "RetryTheory", "Repeat", "Flaky" };

    public static IReadOnlyList<CSharpTest> Read(RepositoryPath path, IEnumerable<CompilationUnitSyntax> units)
    {
        var found = new Dictionary<string, CSharpTest>(StringComparer.Ordinal);
        foreach (var method in units.SelectMany(u => u.DescendantNodes()).OfType<MethodDeclarationSyntax>())
        {
            var test = Read(path, method);
            // Seen under several symbols: the fuller form counts.
            if (!found.TryGetValue(test.Key, out var known) || known.Asserts.Strength < test.Asserts.Strength) found[test.Key] = test;
        }
        return [.. found.Values];
    }

    public static bool IsTestAttribute(string name) =>
        Tests.Contains(name) || name.EndsWith("Fact", StringComparison.Ordinal) || name.EndsWith("Theory", StringComparison.Ordinal) || name.EndsWith("TestMethod", StringComparison.Ordinal);

    private static CSharpTest Read(RepositoryPath path, MethodDeclarationSyntax method)
    {
        var attributes = method.AttributeLists.SelectMany(l => l.Attributes).ToList();
        var classes = method.Ancestors().OfType<TypeDeclarationSyntax>().ToList();
        var outer = classes.SelectMany(c => c.AttributeLists).SelectMany(l => l.Attributes).ToList();
        var className = string.Join('.', classes.AsEnumerable().Reverse().Select(c => c.Identifier.ValueText));
        var name = className + "." + method.Identifier.ValueText;
        var test = attributes.Where(a => IsTestAttribute(CSharpCode.LastName(a))).ToList();
        var body = (SyntaxNode?)method.Body ?? method.ExpressionBody;
        return new(
            $"{name}({string.Join(',', method.ParameterList.Parameters.Select(p => p.Type is { } type ? CSharpCode.Normal(type) : ""))})", name, path, CSharpCode.Line(method.Identifier),
            body is null ? "" : CSharpCode.Normal(body), test.Count > 0,
            method.Modifiers.Any(SyntaxKind.PublicKeyword) && classes.TrueForAll(c => c.Modifiers.Any(SyntaxKind.PublicKeyword) && !c.Modifiers.Any(SyntaxKind.StaticKeyword)),
            Skips(attributes, outer, body), Cases(attributes),
            attributes.Concat(outer).Any(a => Retrying.Contains(CSharpCode.LastName(a))), Tally(method, test), Shorten(method.ToString()))
        {
            Whole = CSharpCode.Normal(method),
        };
    }

    // Without rows it is one; what a member or a class gives can't be counted here.
    private static int? Cases(List<AttributeSyntax> attributes)
    {
        if (attributes.Exists(a => Sources.Contains(CSharpCode.LastName(a)))) return null;
        return Math.Max(1, attributes.Where(a => Rows.Contains(CSharpCode.LastName(a))).Select(CSharpCode.Normal).Distinct(StringComparer.Ordinal).Count());
    }

    // NUnit's 'ExpectedResult' and MSTest's 'ExpectedException' assert beside the body.
    private static AssertTally Tally(MethodDeclarationSyntax method, List<AttributeSyntax> tests)
    {
        var tally = AssertCalls.Tally(method);
        var result = tests.Exists(a => a.ArgumentList?.Arguments.Any(x => x.NameEquals?.Name.Identifier.ValueText == "ExpectedResult") == true) ? 3 : 0;
        var exception = method.AttributeLists.SelectMany(l => l.Attributes).Any(a => CSharpCode.LastName(a) == "ExpectedException") ? 2 : 0;
        var more = (result > 0 ? 1 : 0) + (exception > 0 ? 1 : 0);
        return more == 0 ? tally : new(tally.Count + more, tally.Strength + result + exception, tally.Unconditional + more, tally.Idle);
    }

    private static string Skips(List<AttributeSyntax> own, List<AttributeSyntax> outer, SyntaxNode? body)
    {
        foreach (var attribute in own.Concat(outer))
        {
            if (Skipping.Contains(CSharpCode.LastName(attribute))) return "[" + CSharpCode.LastName(attribute) + "]";
            foreach (var argument in attribute.ArgumentList?.Arguments ?? [])
            {
                if (argument.NameEquals?.Name.Identifier.ValueText is not ("Skip" or "SkipWhen" or "SkipUnless" or "SkipType" or "SkipExceptions" or "Ignore" or "IgnoreMessage" or "Explicit" or "ExcludePlatform")) continue;
                if (argument.Expression.Kind() is not (SyntaxKind.NullLiteralExpression or SyntaxKind.FalseLiteralExpression)) return argument.NameEquals.Name.Identifier.ValueText + " = …";
            }
        }
        return body is not null && AssertCalls.Endings(body).FirstOrDefault() is { } call ? CSharpCode.Normal(call.Expression).Replace(" ", "", StringComparison.Ordinal) : "";
    }

    private static string Shorten(string text) => text.Length <= MostSource ? text : text[..MostSource] + "…";
}
