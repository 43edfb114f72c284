using TarsEngine.Sandbox;

namespace TarsEngine.Tests.Sandbox;

/// <summary>The reason for the sandbox's shape: .NET's own tools work in it, unmodified and without a network.</summary>
public sealed class DotnetInSandboxTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string TestProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.8.0" />
            <PackageReference Include="xunit" Version="2.9.3" />
            <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
            <ProjectReference Include="../../src/Lib/Lib.csproj" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>A library and its VSTest tests, of which one passes.</summary>
    internal static readonly (string, string)[] Sample =
    [
        ("All.slnx", """<Solution><Project Path="src/Lib/Lib.csproj" /><Project Path="tests/Lib.Tests/Lib.Tests.csproj" /></Solution>"""),
        ("src/Lib/Lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""),
        ("src/Lib/Sum.cs", "namespace Lib; public static class Sum { public static int Of(int a, int b) => a + b; }"),
        ("tests/Lib.Tests/Lib.Tests.csproj", TestProject),
        ("tests/Lib.Tests/SumTests.cs", """
            using Xunit;
            namespace Lib.Tests;
            public class SumTests { [Fact] public void Adds() => Assert.Equal(3, Sum.Of(1, 2)); }
            """),
    ];

    [Fact]
    public async Task Restore_parallel_build_and_test_pass_without_a_network()
    {
        using var workspace = sandbox.Create(Sample);
        var results = workspace.CreateResultsFolder();

        await Succeeds(workspace, "restore");
        await Succeeds(workspace, "build", "--no-restore", "-m");
        await Succeeds(workspace, "test", "--no-build", "--logger", "trx", "--results-directory", SandboxLayout.Results);

        var report = Assert.Single(Directory.GetFiles(results.HostFolder, "*.trx"));
        Assert.Contains("passed=\"1\"", await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        async Task Succeeds(Workspace workspace, params string[] arguments)
        {
            var (result, text) = await sandbox.RunAsync(workspace, Dotnet(arguments) with { Binds = [results] });
            Assert.True(result.Succeeded, $"dotnet {arguments[0]}: {result.Ending}\n{text}");
        }
    }

    private static SandboxCommand Dotnet(params string[] arguments) =>
        new(["dotnet", .. arguments], "", TimeSpan.FromMinutes(5), new Dictionary<string, string>());
}
