using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation;

/// <summary>
/// What real repositories do, each with its cause named. Others of that list stand where they belong: exit 0 without a test, red and flaky
/// bases and an SDK that isn't here in ChangeValidatorTests, switches of the runner in DotnetDetectionTests, bytes and binary files in the scenarios.
/// </summary>
public sealed class PitfallTests(ValidationFixture fixture) : IClassFixture<ValidationFixture>
{
    private static TarsConfiguration Checks(string script) =>
        ConfigurationLoader.Load($"checks: [{{name: build, kind: build, run: [sh, -c, '{script}']}}, {{name: tests, run: [sh, -c, 'grep -q good a.txt']}}]", null).Configuration;

    [Fact]
    public async Task One_target_framework_that_is_not_here_is_named_with_the_way_around_it()
    {
        var tree = fixture.Tree(
            ("a.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>net10.0;net99.0</TargetFrameworks></PropertyGroup></Project>"""), ("a.cs", "class A;\n"));
        var (verdict, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change("b.cs", "class B;\n", tree));
        Assert.True(verdict.Outcome == VerdictOutcome.Hold, Say(verdict));
        var finding = Assert.Single(verdict.Findings, f => f.Rule == "environment/missing");
        Assert.Contains("99.0", finding.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet.framework", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_can_not_be_reached_does_not_matter()
    {
        var tree = fixture.Tree(
            ("nuget.config", """<configuration><packageSources><add key="own" value="https://nuget.invalid/v3/index.json" /></packageSources></configuration>"""),
            ("a.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""), ("a.cs", "class A;\n"));
        var (verdict, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change("b.cs", "class B;\n", tree));
        Assert.Equal("checks/unproven", Assert.Single(verdict.Findings, f => f.Severity >= Severity.Warning).Rule);
    }

    [Fact]
    public async Task A_build_that_rewrites_tracked_files_changes_nothing_of_the_verdict_or_the_change()
    {
        var tree = fixture.Tree(("a.txt", "good\n"), ("packages.lock.json", "{}\n"));
        var change = fixture.Change("a.txt", "good, too\n", tree);
        var (verdict, _) = await fixture.ValidateAsync(tree, Checks("echo rewritten > packages.lock.json"), change);
        Assert.True(verdict.Outcome == VerdictOutcome.Pass, Say(verdict));
        Assert.Equal(new ChangeSet([change]).ApplyTo(tree).Hash, verdict.ResultTree);
    }

    [Fact]
    public async Task A_red_base_with_lfs_pointers_and_an_empty_submodule_names_both()
    {
        var tree = fixture.Tree(
            ("a.txt", "bad\n"), ("image.png", $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('a', 64)}\nsize 12345\n"),
            (".gitmodules", "[submodule \"inner\"]\n\tpath = deps/inner\n\turl = https://example.org/inner.git\n"));
        var (verdict, _) = await fixture.ValidateAsync(tree, Checks("true"), fixture.Change("b.txt", "x\n", tree));
        Assert.True(verdict.Outcome == VerdictOutcome.Hold, Say(verdict));
        Assert.Equal("image.png", Assert.Single(verdict.Findings, f => f.Rule == "baseline/lfs-pointer").Path?.Value);
        Assert.Contains("deps/inner", Assert.Single(verdict.Findings, f => f.Rule == "baseline/submodule").Message, StringComparison.Ordinal);
    }

    private static string Say(Verdict verdict) => string.Join('\n', verdict.Findings.Select(f => $"{f.Severity} {f.Rule} {f.Path}:{f.Line} {f.Message}"));
}
