using TarsEngine.Files;
using TarsEngine.Validation.Probe;

namespace TarsEngine.Tests.Validation.Probe;

public sealed class CSharpFaultsTests
{
    private static readonly RepositoryPath Path = RepositoryPath.Parse("src/A.cs");

    private static IReadOnlyList<Fault> In(string code) => CSharpFaults.Find(Path, code, _ => true);

    private static string Method(string body) => "class A\n{\n    int F(int a, int b, string s)\n    {\n        " + body + "\n    }\n}\n";

    [Theory]
    [InlineData("if (s.Any()) b = 2;", "if (!(s.Any())) b = 2;")]
    [InlineData("while (a < b) a++;", "while (a <= b) a++;")]
    [InlineData("return a == b ? a : b;", "return a != b ? a : b;")]
    [InlineData("return a + b;", "return a - b;")]
    [InlineData("return a + b;", "return default!;")]
    [InlineData("if (a > 1 && s.Any()) b = 2;", "if (a > 1 || s.Any()) b = 2;")]
    [InlineData("a = 41;", "a = (41 + 1);")]
    [InlineData("Done(a);", ";")]
    [InlineData("Total = a;", ";")]
    [InlineData("Say(\"hello\");", "Say(\"\");")]
    [InlineData("a += b;", ";")]
    public void A_small_fault_is_made_of(string body, string faulty)
    {
        var code = Method(body);
        Assert.Contains(Method(faulty), In(code).Select(f => f.Apply(code)));
    }

    [Theory]
    [InlineData("throw new E(\"a\" + a);")]
    [InlineData("Debug.Assert(a == 1);")]
    [InlineData("const int x = 1;")]
    [InlineData("if (s is { Length: 1 } t) b = t;")]
    [InlineData("var x = new B();")]
    [InlineData("a = b;")]
    public void What_no_test_can_be_expected_to_notice_or_would_not_compile_is_left_alone(string body) => Assert.Empty(In(Method(body)));

    [Theory]
    [InlineData("[Theory(Skip = \"x\")] class A { [B(1)] void F() { } }")]
    [InlineData("enum E { A = 1 }")]
    [InlineData("class A { const string B = \"x\"; void F(int a = 1) { } }")]
    public void What_the_compiler_works_out_is_left_alone(string code) => Assert.Empty(In(code));

    [Fact]
    public void Only_changed_lines_count()
    {
        var code = Method("if (a < 1)\n            b = a + 1;\n        return b - 1;");
        Assert.Equal([7], CSharpFaults.Find(Path, code, line => line == 7).Select(f => f.Line).Distinct());
    }

    [Fact]
    public void Changed_lines_are_those_that_differ_by_more_than_space()
    {
        Assert.Equal([2, 4], FaultChoice.ChangedLines("a\nb\nc\n", "a\nB\nc\nd\n").Order());
        Assert.Empty(FaultChoice.ChangedLines("a\nb\n", "a\r\n  b\r\n"));
        var many = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\n"));
        Assert.Equal([5], FaultChoice.ChangedLines(many, many.Replace("\n4\n", "\nx\n", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Every_fault_of_a_real_source_still_parses()
    {
        var own = File.ReadAllText(Repository.In("src", "TarsEngine", "Validation", "Probe", "CSharpFaults.cs"));
        var faults = In(own);
        Assert.True(faults.Count > 30);
        Assert.All(faults, f => Assert.DoesNotContain(
            Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText(f.Apply(own), TarsEngine.Validation.Syntax.CSharpParser.Options).GetDiagnostics(), d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error));
    }
}
