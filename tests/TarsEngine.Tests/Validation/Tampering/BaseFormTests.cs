using static TarsEngine.Tests.Validation.Tampering.TamperingGround;

namespace TarsEngine.Tests.Validation.Tampering;

/// <summary>When the base's tests are run beside the change's own, and with what.</summary>
public sealed class BaseFormTests
{
    private static readonly (string, string?) Sum = ("src/Sum.cs", Code + "\n");

    private static (string, string?) Tests(string old, string with) => ("test/SumTests.cs", SumTests.Replace(old, with, StringComparison.Ordinal));

    [Theory]
    [InlineData("Assert.Equal(3, sum.Value)", "Assert.Equal(4, sum.Value)")]
    [InlineData("=> Assert.Equal(expected, actual);", "{ }")]
    [InlineData("public class SumTests", "public class SumTests : Other")]
    [InlineData("using Xunit;", "using Xunit;\nusing Assert = Other;")]
    [InlineData("using Xunit;", "using Xunit;\nusing static Other;")]
    [InlineData("using Xunit;", "using Xunit;\n[assembly: Other]")]
    [InlineData("    [Fact]", "    public SumTests() => Other();\n    [Fact]")]
    [InlineData("    [Fact]", "    static SumTests() => Other();\n    [Fact]")]
    [InlineData("    [Fact]", "    [SetUp] public void Before() => Other();\n    [Fact]")]
    [InlineData("    [Fact]", "    public void Dispose() { }\n    [Fact]")]
    [InlineData("    [Fact]", "    private static readonly int other = Go();\n    [Fact]")]
    [InlineData("    [Fact]", "    private static void Same(int a, long b) { }\n    [Fact]")]
    [InlineData("    [Fact]", "    private static class Assert { }\n    [Fact]")]
    public void Attack_what_could_change_a_test_that_was_there_is_tried_without(string old, string with) =>
        Assert.Equal(["test/SumTests.cs"], BaseFormOf([], Sum, Tests(old, with)));

    [Theory]
    [InlineData("namespace App.Tests; static class Assert { }")]
    [InlineData("global using App.Other;")]
    [InlineData("[assembly: Other]")]
    [InlineData("class Other { static Other() { } }")]
    [InlineData("static class Other { public static void Equal2(this object a) { } }")]
    [InlineData("static class Other { static int x = System.Environment.TickCount; [ModuleInitializer] internal static void Go() { } }")]
    public void Attack_a_new_file_that_could_is_left_out(string text) => Assert.Equal(["test/Other.cs"], BaseFormOf([], Sum, ("test/Other.cs", text)));

    [Theory]
    [InlineData("    [Fact]", "    [Fact]\n    public void More() => Assert.Equal(1, Helper());\n    private int Helper() => 1;\n    [Fact]")]
    [InlineData("using Xunit;", "using System;\nusing Xunit;")]
    [InlineData("[Fact]\n", "// said\n    [Fact]\n")]
    public void Tests_that_are_only_added_need_no_second_run(string old, string with) => Assert.Null(BaseFormOf([], Sum, Tests(old, with)));

    [Fact]
    public void A_new_file_of_tests_needs_none_either() =>
        Assert.Null(BaseFormOf([], Sum, ("test/MoreTests.cs", SumTests.Replace("SumTests", "MoreTests", StringComparison.Ordinal).Replace("Same", "Alike", StringComparison.Ordinal).Replace("Adds", "More", StringComparison.Ordinal).Replace("Grows", "More2", StringComparison.Ordinal)), ("test/data.json", "{}")));

    [Fact]
    public void A_change_of_code_alone_or_of_tests_alone_needs_none()
    {
        Assert.Null(BaseFormOf([], Sum));
        Assert.Null(BaseFormOf([], Tests("Assert.Equal(3, sum.Value)", "Assert.Equal(4, sum.Value)")));
    }

    [Fact]
    public void Data_settings_and_the_project_are_the_tests_too() => Assert.Equal(
        ["test/App.Tests.csproj", "test/New.cs", "test/data/a.json", "test/xunit.runner.json"],
        BaseFormOf([("test/data/a.json", "1")], Sum, ("test/data/a.json", "2"), ("test/App.Tests.csproj", Project + "\n"), ("test/xunit.runner.json", "{}"), ("test/New.cs", "class New;")));

    [Fact]
    public void A_new_test_project_stays_since_the_solution_may_name_it() =>
        Assert.Equal(["test/SumTests.cs"], BaseFormOf([], Sum, ("test/SumTests.cs", null), ("more/More.Tests.csproj", Project), ("more/A.cs", SumTests)));

    [Fact]
    public void Where_code_and_tests_share_a_project_the_code_stays() =>
        Assert.Equal(["one/ATests.cs"], BaseFormOf(
            [("one/One.csproj", Project.Replace("<ProjectReference Include=\"../src/App.csproj\" />", "", StringComparison.Ordinal)), ("one/A.cs", "class A;"), ("one/ATests.cs", SumTests)],
            ("one/A.cs", "class A { }"), ("one/ATests.cs", SumTests.Replace("3", "4", StringComparison.Ordinal))));
}
