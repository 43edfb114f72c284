using TarsEngine.Changes;
using TarsEngine.Sandbox;

namespace TarsEngine.Tests.Sandbox;

public sealed class PackageCacheTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly PackageCache cache = new(new SandboxPaths("/state", "/home/a/.nuget/packages", [], null));

    [Theory]
    [InlineData("/codebase/a.csproj : error NU1102: Unable to find package xunit with version (>= 99.0.0)", "xunit", "99.0.0")]
    [InlineData("/codebase/a.csproj : error NU1102: Unable to find package A.B with version (>= 1.0.0-beta.1 && < 2.0.0)", "A.B", "1.0.0-beta.1")]
    [InlineData("a.csproj : error NU1103: Unable to find a stable package Only.Beta with version (>= 2.0.0)", "Only.Beta", "2.0.0")]
    [InlineData("a.csproj : error NU1101: Unable to find package No.Such.Package. No packages exist with this id in source(s): /pkgs", "No.Such.Package", null)]
    public void A_missing_package_is_named_with_its_version_and_the_command(string line, string name, string? version)
    {
        var finding = Assert.Single(cache.MissingPackages([line, line]));

        Assert.Equal((Severity.Error, "packages/missing"), (finding.Severity, finding.Rule));
        Assert.Contains(version is null ? name : $"{name} {version}", finding.Message, StringComparison.Ordinal);
        Assert.Contains($"dotnet package download {name}{(version is null ? "" : "@" + version)} --output '/home/a/.nuget/packages'", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_that_a_message_lacks_is_read_from_the_projects()
    {
        using var workspace = sandbox.Create(
            ("Directory.Packages.props", """<Project><ItemGroup><PackageVersion Include="no.such.package" Version="[1.2.3, )" /></ItemGroup></Project>"""), ("broken.csproj", "<Project"));

        var finding = Assert.Single(cache.MissingPackages(["error NU1101: Unable to find package No.Such.Package. No packages exist"], workspace));

        Assert.Contains("No.Such.Package@1.2.3", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_than_the_one_asked_for_is_said()
    {
        var finding = Assert.Single(cache.MissingPackages(["m.csproj : warning NU1603: m depends on NUnit (>= 1.0.0) but NUnit 1.0.0 was not found. NUnit 3.11.0 was resolved instead."]));

        Assert.Equal((Severity.Warning, "NUnit 1.0.0 is not in the package cache; NuGet took 3.11.0 instead."), (finding.Severity, finding.Message));
    }

    [Theory]
    [InlineData("error NU1301: Unable to load the service index for source https://api.nuget.org/v3/index.json.", "packages/source")]
    [InlineData("error NETSDK1004: Assets file '/codebase/obj/project.assets.json' not found.", "packages/not-restored")]
    public void Other_faults_of_a_restore_are_named(string line, string rule) => Assert.Equal(rule, Assert.Single(cache.MissingPackages([line])).Rule);

    [Fact]
    public void Ordinary_output_names_nothing() => Assert.Empty(cache.MissingPackages(["Build succeeded.", "a.cs(1,1): error CS1002: ; expected"]));

    [Fact]
    public async Task A_restore_in_the_sandbox_is_understood()
    {
        using var workspace = sandbox.Create(("a.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            <ItemGroup><PackageReference Include="No.Such.Package" Version="1.2.3" /></ItemGroup></Project>
            """));

        var (result, text) = await sandbox.RunAsync(workspace, new(["dotnet", "restore"], "", TimeSpan.FromMinutes(5), new Dictionary<string, string>()));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("No.Such.Package 1.2.3 ", Assert.Single(cache.MissingPackages(text.Split('\n'), workspace)).Message, StringComparison.Ordinal);
    }
}
