using TarsEngine.Terminal;

namespace TarsEngine.Tests.Sandbox;

/// <summary>Ordinary tools on ordinary projects, unmodified, without a network: as whoever runs the tests, and as a user without any right.</summary>
public sealed class ToolchainsInSandboxTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static readonly (string, string)[] cmake =
    [
        ("CMakeLists.txt", """
            cmake_minimum_required(VERSION 3.16)
            project(sum C)
            enable_testing()
            add_executable(sum_test sum.c)
            add_test(NAME sums COMMAND sum_test)
            """),
        ("sum.c", "int main(void) { return 1 + 2 == 3 ? 0 : 1; }\n"),
    ];

    private static readonly (string, string)[] python =
    [
        ("sums.py", "def add(a, b):\n    return a + b\n"),
        ("test_sums.py", "import unittest, sums\n\nclass Sums(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(3, sums.add(1, 2))\n"),
    ];

    private static readonly (string, string)[] testingPlatform =
    [
        ("global.json", """{ "test": { "runner": "Microsoft.Testing.Platform" } }"""),
        ("All.slnx", """<Solution><Project Path="Lib/Lib.csproj" /><Project Path="Tests/Tests.csproj" /></Solution>"""),
        ("Lib/Lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""),
        ("Lib/Sum.cs", "namespace Lib; public static class Sum { public static int Of(int a, int b) => a + b; }"),
        ("Tests/Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup><PackageReference Include="xunit.v3" Version="3.2.2" /><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>
            </Project>
            """),
        ("Tests/SumTests.cs", "using Xunit; namespace Tests; public class SumTests { [Fact] public void Adds() => Assert.Equal(3, Lib.Sum.Of(1, 2)); }"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task CMake_configures_builds_and_ctest_passes(bool asUser) =>
        Passes(cmake, asUser, ["cmake -S . -B build", "cmake --build build", "ctest --test-dir build --output-on-failure"], "100% tests passed");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Python_unittest_passes(bool asUser) => Passes(python, asUser, ["/usr/bin/python3 -m unittest -v"], "OK");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Dotnet_builds_in_parallel_and_tests_with_the_testing_platform(bool asUser) =>
        Passes(testingPlatform, asUser, ["dotnet restore", "dotnet build --no-restore -m", "dotnet test --no-build --solution All.slnx"], "succeeded: 1");

    // As whoever runs the tests: see DotnetInSandboxTests.
    [Fact]
    public Task An_ordinary_user_builds_in_parallel_and_tests_with_vstest() =>
        Passes(DotnetInSandboxTests.Sample, asUser: true, ["dotnet restore", "dotnet build --no-restore -m", "dotnet test --no-build"], "Passed:     1");

    private async Task Passes((string, string)[] project, bool asUser, IReadOnlyList<string> lines, string said)
    {
        var isOther = asUser && Environment.IsPrivilegedProcess;
        using var user = isOther ? new OrdinaryUser(sandbox) : null;
        var environment = user?.Environment ?? sandbox.Environment;
        using var workspace = isOther ? sandbox.Create(sandbox.Tree(project), layered: false) : sandbox.Create(project);
        if (user is not null) await user.TakeAsync(workspace);
        var output = new List<string>();
        foreach (var line in lines)
        {
            var result = await new TerminalExecutor(environment, sandbox.State).RunAsync(workspace, SandboxFixture.Shell(line, 300), text => output.Add(text.Text), TestContext.Current.CancellationToken);
            Assert.True(result.Succeeded, $"{line}: {result.Ending}\n{string.Join('\n', output)}");
        }
        Assert.Contains(said, string.Join('\n', output), StringComparison.Ordinal);
    }
}
