using TarsEngine.Changes;
using static TarsEngine.Tests.Validation.Quality.QualityGround;

namespace TarsEngine.Tests.Validation.Quality;

public sealed class ApiBreakTests
{
    private const string Project = "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>";

    private static IReadOnlyList<Finding> Breaks(string before, string after, string project = Project) =>
        [.. Judge([("src/A.csproj", project), ("src/A.cs", before)], ("src/A.cs", after)).Where(f => f.Rule == "quality/api-break")];

    [Theory]
    [InlineData("public class A { public void F() { } }", "public class A { }", "removed")]
    [InlineData("public class A { public void F() { } }", "public class A { internal void F() { } }", "removed")]
    [InlineData("public class A { } public class B { public int C; }", "public class A { }", "removed")]
    [InlineData("public class A { public void F(int a) { } }", "public class A { public void F(int a, int b) { } }", "signature")]
    [InlineData("public class A { public int F() => 1; }", "public class A { public long F() => 1; }", "changed")]
    [InlineData("public class A { public int B { get; set; } }", "public class A { public int B { get; } }", "changed")]
    [InlineData("public class A { public int B { get; set; } }", "public class A { public int B { get; private set; } }", "changed")]
    [InlineData("public class A { }", "public sealed class A { }", "sealed")]
    [InlineData("public class A { }", "public abstract class A { }", "abstract")]
    [InlineData("public interface A { }", "public interface A { void F(); }", "new abstract member")]
    [InlineData("public abstract class A { }", "public abstract class A { protected abstract void F(); }", "new abstract member")]
    [InlineData("public class A { public void F(int a = 1) { } }", "public class A { public void F(int a) { } }", "optional parameter")]
    [InlineData("public enum A { B, C }", "public enum A { B }", "removed")]
    [InlineData("public enum A { B = 1 }", "public enum A { B = 2 }", "changed")]
    [InlineData("public record A(int B, int C);", "public record A(int B);", "signature")]
    [InlineData("public class A { protected virtual void F() { } }", "public class A { }", "removed")]
    [InlineData("public static class A { public static T F<T>(T a) => a; }", "public static class A { public static T F<T, U>(T a) => a; }", "signature")]
    public void A_break_is_told_with_its_kind(string before, string after, string kind) =>
        Assert.Contains(Breaks(before, after), f => f.Severity == Severity.Warning && f.Message.Contains($"kind: {kind}", StringComparison.Ordinal));

    [Theory]
    [InlineData("public class A { }", "public class A { public void F() { } }")]
    [InlineData("class A { public void F() { } }", "class A { }")]
    [InlineData("public class A { private int b; void F() { } }", "public class A { }")]
    [InlineData("public class A { public int B { get; } }", "public class A { public int B { get; set; } }")]
    [InlineData("public sealed class A { }", "public class A { }")]
    [InlineData("public class A { public string F(string a) => a; }", "public class A { public string? F(string? b) => b; }")]
    [InlineData("public interface A { }", "public interface A { void F() { } }")]
    [InlineData("namespace N { public class A { } }", "namespace N;\npublic class A { }")]
    public void What_breaks_nobody_is_not_told(string before, string after)
    {
        var found = Breaks(before, after);
        Assert.True(found.Count == 0, Say(found));
    }

    [Fact]
    public void A_type_that_moves_to_another_file_breaks_nobody() => Assert.DoesNotContain(
        Judge([("src/A.cs", "public class A { public int B; }")], ("src/A.cs", null), ("src/B.cs", "public class A { public int B; }")), f => f.Rule == "quality/api-break");

    [Fact]
    public void A_program_offers_its_types_to_nobody() =>
        Assert.Empty(Breaks("public class A { public int B; }", "public class A { }", Project.Replace("</PropertyGroup>", "<OutputType>Exe</OutputType></PropertyGroup>", StringComparison.Ordinal)));
}
