using FsCheck;
using FsCheck.Fluent;
using static TarsEngine.Tests.Validation.Tampering.TamperingGround;

namespace TarsEngine.Tests.Validation.Tampering;

/// <summary>Over made suites: what takes from any test is held, what takes from none is not.</summary>
public sealed class TamperingPropertiesTests
{
    private static readonly string[] Assertions = ["Assert.Equal({0}, F({0}));", "Assert.True(F({0}) > 0);", "Assert.Throws<E>(() => F({0}));", "G({0}).Should().Be({0});", "Assert.That(F({0}), Is.EqualTo({0}));"];

    private static readonly Gen<int[][]> Suites =
        from tests in Gen.Choose(1, 6)
        from bodies in Gen.Choose(0, Assertions.Length - 1).ArrayOf().Select(a => a.Length == 0 ? [0] : a.Take(5).ToArray()).ArrayOf(tests)
        select bodies;

    private static readonly Gen<(int[][] Suite, int Test, int Line, int Kind)> Cases =
        from suite in Suites
        from test in Gen.Choose(0, suite.Length - 1)
        from line in Gen.Choose(0, suite[test].Length - 1)
        from kind in Gen.Choose(0, 6)
        select (suite, test, line, kind);

    private static string Body(int[] lines) => string.Join('\n', lines.Select((l, i) => "        " + string.Format(System.Globalization.CultureInfo.InvariantCulture, Assertions[l], i + 1)));

    private static string Suite(IEnumerable<string> tests) => "using Xunit;\npublic class Made\n{\n" + string.Join("\n\n", tests) + "\n}\n";

    private static IEnumerable<string> Tests(int[][] suite) => suite.Select((lines, i) => $"    [Fact]\n    public void T{i}()\n    {{\n{Body(lines)}\n    }}");

    private static bool IsHeld(string before, string after) => Held(JudgeUpon([("test/Made.cs", before)], ("test/Made.cs", after))).Any();

    [Fact]
    public void Attack_whatever_is_taken_from_any_test_is_held() => Prop.ForAll(Cases.ToArbitrary(), given =>
    {
        var (suite, test, line, kind) = given;
        var tests = Tests(suite).ToList();
        var lines = suite[test];
        var body = Body(lines);
        tests[test] = kind switch
        {
            0 => "",
            1 => tests[test].Replace("[Fact]", "[Fact(Skip = \"x\")]", StringComparison.Ordinal),
            2 => tests[test].Replace("[Fact]", "", StringComparison.Ordinal),
            3 => tests[test].Replace(body, Body([.. lines.Where((_, i) => i != line)]), StringComparison.Ordinal),
            4 => tests[test].Replace(body, "        return;\n" + body, StringComparison.Ordinal),
            5 => tests[test].Replace(body, "        try {\n" + body + "\n        } catch { }", StringComparison.Ordinal),
            _ => "#if NEVER\n" + tests[test] + "\n#endif",
        };
        return IsHeld(Suite(Tests(suite)), Suite(tests));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_takes_from_no_test_is_not_held() => Prop.ForAll(Cases.ToArbitrary(), given =>
    {
        var (suite, test, _, kind) = given;
        var tests = Tests(suite).ToList();
        var before = Suite(tests);
        var after = kind switch
        {
            0 => Suite([.. tests, "    [Fact]\n    public void Another() => Assert.Equal(1, F(1));"]),
            1 => Suite(Enumerable.Reverse(tests)),
            2 => before.Replace("    ", "\t", StringComparison.Ordinal),
            3 => before.Replace("\n", "\r\n", StringComparison.Ordinal),
            4 => before.Replace("    {\n", "    {\n        // said\n", StringComparison.Ordinal),
            5 => before.Replace($"T{test}()", $"Renamed{test}()", StringComparison.Ordinal),
            _ => before.Replace("    }", "        Assert.Equal(7, F(7));\n    }", StringComparison.Ordinal),
        };
        return !IsHeld(before, after);
    }).QuickCheckThrowOnFailure();
}
