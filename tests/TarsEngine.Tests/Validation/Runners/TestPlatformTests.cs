using TarsEngine.Configuration;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation.Runners;

/// <summary>Test programs that only Microsoft.Testing.Platform runs, built and run for real.</summary>
public sealed class TestPlatformTests(ValidationFixture fixture) : IClassFixture<ValidationFixture>
{
    private const string Tests = "public class MoreTests\n{\n    [Xunit.Fact]\n    public void Adds() => Xunit.Assert.Equal(3, Code.Add(1, 2));\n\n    [Xunit.Theory]\n    [Xunit.InlineData(1)]\n    [Xunit.InlineData(2)]\n    public void Zero(int one) => Xunit.Assert.Equal(one, Code.Add(one, 0));\n}\n";

    [Fact]
    public async Task A_good_change_passes_and_a_bad_one_is_refused_with_the_name_of_the_test()
    {
        var tree = fixture.Tree(
            ("global.json", """{"test": {"runner": "Microsoft.Testing.Platform"}}"""),
            ("T.csproj", """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><UseMicrosoftTestingPlatformRunner>true</UseMicrosoftTestingPlatformRunner></PropertyGroup>
                  <ItemGroup><PackageReference Include="xunit.v3" Version="3.2.2" /></ItemGroup>
                </Project>
                """),
            ("Code.cs", "public static class Code\n{\n    public static int Add(int a, int b) => a + b;\n}\n"), ("Tests.cs", Tests));

        var (good, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change("Code.cs", "public static class Code\n{\n    public static int Add(int a, int b) => b + a;\n}\n", tree));
        Assert.True(good is { Outcome: VerdictOutcome.Pass, Tests: { Passed: 3, Failed: 0 } }, $"{good.Tests}\n{Say(good)}");

        var (bad, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change("Code.cs", "public static class Code\n{\n    public static int Add(int a, int b) => a + b + (b > 0 ? 1 : 0);\n}\n", tree));
        Assert.True(bad.Outcome == VerdictOutcome.Fail, Say(bad));
        Assert.StartsWith("MoreTests.Adds fails with the change and not without (assertion): ", Assert.Single(bad.Findings, f => f.Rule == "tests/failed").Message, StringComparison.Ordinal);
    }

    private static string Say(Verdict verdict) => string.Join('\n', verdict.Findings.Select(f => $"{f.Severity} {f.Rule} {f.Path}:{f.Line} {f.Message}"));
}
