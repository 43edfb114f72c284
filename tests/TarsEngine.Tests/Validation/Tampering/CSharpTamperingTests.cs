using TarsEngine.Changes;
using static TarsEngine.Tests.Validation.Tampering.TamperingGround;

namespace TarsEngine.Tests.Validation.Tampering;

/// <summary>What a change can do to tests in C#, and what honest changes do.</summary>
public sealed class CSharpTamperingTests
{
    private const string Adds = "Assert.Equal(3, sum.Value);\n        Assert.True(sum.IsOdd);";

    private static void Holds(string rule, IReadOnlyList<Finding> findings) =>
        Assert.True(findings.Any(f => f.Rule == rule && f.Severity == Severity.Hold), $"{rule} is not among:\n{Say(findings)}");

    [Fact]
    public void Attack_a_test_is_removed() => Holds("tests/removed", JudgeTests("[Theory]\n    [InlineData(1)]\n    [InlineData(2)]\n    public void Grows(int by) => Same(by + 1, new Sum(1, by).Value);", ""));

    [Fact]
    public void Attack_a_file_of_tests_is_removed() => Holds("tests/removed", Judge(("test/SumTests.cs", null)));

    [Theory]
    [InlineData("[Fact]\n", "")]
    [InlineData("[Fact]\n    public void Adds()", "[Fact]\n    private void Adds()")]
    [InlineData("public class SumTests", "internal class SumTests")]
    public void Attack_a_test_is_made_one_that_no_runner_finds(string old, string with) => Holds("tests/removed", JudgeTests(old, with));

    [Theory]
    [InlineData("[Fact]", "[Fact(Skip = \"slow\")]")]
    [InlineData("[Fact]", "[Fact, Ignore]")]
    [InlineData("var sum =", "Assert.Skip(\"later\"); var sum =")]
    [InlineData("var sum =", "Xunit.Assert.Skip(\"later\"); var sum =")]
    [InlineData("public class SumTests", "[Explicit] public class SumTests")]
    public void Attack_a_test_is_skipped(string old, string with) => Holds("tests/skipped", JudgeTests(old, with));

    [Theory]
    [InlineData("        Assert.True(sum.IsOdd);\n", "")]
    [InlineData("    [InlineData(2)]\n", "")]
    [InlineData("    [InlineData(2)]", "    [InlineData(1)]")]
    [InlineData("Assert.Equal(3, sum.Value)", "Assert.NotNull(sum)")]
    [InlineData("[Fact]", "[RetryFact]")]
    public void Attack_a_test_is_weakened(string old, string with) => Holds("tests/weakened", JudgeTests(old, with));

    [Theory]
    [InlineData("Assert.True(sum.IsOdd)", "Assert.True(true)")]
    [InlineData("Assert.True(sum.IsOdd)", "Assert.True(sum.IsOdd || true)")]
    [InlineData("Assert.True(sum.IsOdd)", "Assert.True(1 == 1)")]
    [InlineData("Assert.Equal(3, sum.Value)", "Assert.Equal(3, 3)")]
    [InlineData("Assert.Equal(3, sum.Value)", "Assert.Equal(sum.Value, sum.Value)")]
    [InlineData("Assert.Equal(3, sum.Value)", "Assert.That(3, Is.EqualTo(3))")]
    [InlineData("Assert.True(sum.IsOdd)", "Assert.ThrowsAsync<System.Exception>(() => sum.Later())")]
    public void Attack_an_assertion_is_made_one_that_cannot_fail(string old, string with) => Holds("tests/weakened", JudgeTests(old, with));

    [Theory]
    [InlineData(Adds, "")]
    [InlineData("var sum = new Sum(1, 2);", "return; var sum = new Sum(1, 2);")]
    [InlineData("var sum = new Sum(1, 2);", "if (true) { return; } var sum = new Sum(1, 2);")]
    [InlineData("var sum = new Sum(1, 2);", "throw new System.OperationCanceledException(); var sum = new Sum(1, 2);")]
    [InlineData(Adds, "if (false) { " + Adds + " }")]
    [InlineData(Adds, "try { " + Adds + " } catch { }")]
    [InlineData(Adds, "try { " + Adds + " } catch (System.Exception e) { System.Console.WriteLine(e); }")]
    [InlineData(Adds, "void Never() { " + Adds + " }")]
    public void Attack_a_test_is_emptied(string old, string with) => Holds("tests/emptied", JudgeTests(old, with));

    [Theory]
    [InlineData(Adds, "if (sum.Value == 3) { " + Adds + " }")]
    [InlineData("var sum = new Sum(1, 2);", "var sum = new Sum(1, 2); if (sum.Value != 3) return;")]
    public void Attack_assertions_are_put_under_a_condition(string old, string with) => Holds("tests/weakened", JudgeTests(old, with));

    [Fact]
    public void Attack_the_helper_that_asserts_is_emptied() => Holds("tests/emptied", JudgeTests("=> Assert.Equal(expected, actual);", "{ }"));

    [Theory]
    [InlineData("#if false\n", "\n#endif\n")]
    [InlineData("#if NEVER\n", "\n#endif\n")]
    public void Attack_tests_are_put_into_code_that_is_switched_off(string before, string after) =>
        Holds("tests/removed", Judge(("test/SumTests.cs", before + SumTests + after)));

    [Theory]
    [InlineData("System.Environment.Exit(0)")]
    [InlineData("Environment.FailFast(null)")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill()")]
    public void Attack_the_test_process_ends_early(string call) => Holds("tests/early-exit", JudgeTests("var sum =", call + "; var sum ="));

    [Fact]
    public void Attack_code_runs_before_every_test() => Holds("tests/runs-first", Judge(
        ("test/Start.cs", "static class Start { [System.Runtime.CompilerServices.ModuleInitializer] internal static void Go() { } }")));

    [Theory]
    [InlineData("System.IO.File.WriteAllText(\"/results/a.xml\", \"\")")]
    [InlineData("System.IO.File.WriteAllText(folder + \".trx\", \"\")")]
    public void Attack_a_report_is_written_by_the_change(string call) =>
        Holds("tests/report-written", Judge(("src/Sum.cs", Code.Replace("A + B;", "Go();\n    int Go() { " + call + "; return A + B; }", StringComparison.Ordinal))));

    [Theory]
    [InlineData("namespace App.Tests; static class Assert { public static void Equal(object a, object b) { } public static void True(bool b) { } }")]
    [InlineData("global using Assert = App.Tests.Nothing;")]
    [InlineData("namespace App.Tests; sealed class FactAttribute : System.Attribute { }")]
    public void Attack_something_stands_in_for_the_assertions(string text) => Holds("tests/shadowed", Judge(("test/Own.cs", text)));

    [Fact]
    public void Attack_the_code_asks_whether_tests_run() =>
        Holds("tests/detected", Judge(("src/Sum.cs", Code.Replace("A + B;", "System.AppDomain.CurrentDomain.GetAssemblies().Any(a => a.FullName.StartsWith(\"xunit\")) ? 3 : 0;", StringComparison.Ordinal))));

    [Theory]
    [InlineData("#pragma warning disable CS8602\n", "suppress/pragma")]
    [InlineData("#nullable disable\n", "suppress/pragma")]
    [InlineData("[assembly: System.Diagnostics.CodeAnalysis.SuppressMessage(\"a\", \"b\")]\n", "suppress/attribute")]
    [InlineData("#if false\n#endif\n", "suppress/dead-code")]
    public void Attack_warnings_are_silenced_in_a_source(string line, string rule) =>
        Assert.Equal((Severity.Warning, 1), Assert.Single(Judge(("src/Sum.cs", line + Code)), f => f.Rule == rule) is var finding ? (finding.Severity, finding.Line ?? 0) : default);

    [Theory]
    [InlineData("public class SumTests\n{", "public class SumTests\n{\n    [Fact]\n    public void Is_even() => Assert.False(new Sum(1, 1).IsOdd);\n")]
    [InlineData("Assert.Equal(3, sum.Value);", "// three\n            Assert.Equal(3,   sum.Value);")]
    [InlineData("Assert.True(sum.IsOdd);", "Assert.True(sum.IsOdd);\n        Assert.Equal(1, sum.A);")]
    [InlineData("Assert.Equal(3, sum.Value)", "Assert.Equal(4, sum.Value)")]
    [InlineData("    [InlineData(2)]", "    [InlineData(2)]\n    [InlineData(3)]")]
    [InlineData("public void Adds()", "public void Adds_two_numbers()")]
    [InlineData("Assert.True(sum.IsOdd)", "Assert.Equal(true, sum.IsOdd)")]
    [InlineData("class SumTests", "class SumsTests")]
    public void Honest_edits_are_not_held(string old, string with)
    {
        var findings = JudgeTests(old, with);
        Assert.True(!Held(findings).Any(), Say(findings));
    }

    [Fact]
    public void A_test_that_moves_to_another_file_is_not_removed()
    {
        var findings = Judge(("test/SumTests.cs", null), ("test/Other/SumTests.cs", SumTests.Replace("namespace App.Tests;", "namespace App.Other;", StringComparison.Ordinal)));
        Assert.True(!Held(findings).Any(), Say(findings));
    }

    [Fact]
    public void A_program_may_end_itself_and_a_library_may_have_static_constructors()
    {
        var findings = Judge(("src/Program.cs", "static class Program { static Program() { } static void Main() => System.Environment.Exit(2); }"));
        Assert.Equal((Severity.Warning, "tests/early-exit"), (Assert.Single(findings).Severity, findings[0].Rule));
    }

    [Fact]
    public void A_thousand_tests_that_went_are_told_as_a_few()
    {
        var many = string.Concat(Enumerable.Range(0, 1000).Select(i => $"    [Fact] public void T{i}() => Assert.Equal(1, F({i}));\n"));
        var findings = JudgeUpon([("test/Many.cs", "public class Many\n{\n" + many + "}\n")], ("test/Many.cs", null));
        Assert.Equal(21, findings.Count);
        Assert.Contains("980 more", findings[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_a_source_that_nests_without_end_is_not_read_and_does_no_harm() =>
        Assert.NotNull(Judge(("test/Deep.cs", new string('(', 200_000)), ("src/Deep.cs", string.Concat(Enumerable.Repeat("a<", 100_000)))));

    [Fact(Timeout = 60_000)]
    public async Task Attack_tens_of_thousands_of_members_that_pair_with_none_take_no_time()
    {
        static string Many(string name) => "public class Many\n{\n" + string.Concat(Enumerable.Range(0, 30_000).Select(i => $"public void {name}{i}() {{ F({name}, {i}); }}\n")) + "}\n";
        Assert.Empty(await Task.Run(() => JudgeUpon([("test/Many.cs", Many("A"))], ("test/Many.cs", Many("B"))), TestContext.Current.CancellationToken));
    }
}
