using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Tests.Validation;

public sealed class MsBuildOutputTests
{
    private static MsBuildOutput Read(params string[] lines)
    {
        var output = new MsBuildOutput("/codebase");
        foreach (var line in lines) output.Read(line);
        return output;
    }

    [Theory]
    [InlineData("/codebase/src/A.cs(12,34): error CS1002: ; expected [/codebase/src/A.csproj]", "CS1002", "; expected", "src/A.cs", 12, "src/A.csproj")]
    [InlineData("/codebase/src/A.cs(12,34,12,40): error CS0103: The name 'x' does not exist [/codebase/src/A.csproj::TargetFramework=net10.0]", "CS0103", "The name 'x' does not exist", "src/A.cs", 12, "src/A.csproj")]
    [InlineData("/codebase/a/A.csproj : error NU1101: Unable to find package X. No packages exist with this id in source(s): /pkgs [/codebase/A.sln]", "NU1101", "Unable to find package X. No packages exist with this id in source(s): /pkgs", "a/A.csproj", null, "A.sln")]
    [InlineData("MSBUILD : error MSB1003: Specify a project or solution file.", "MSB1003", "Specify a project or solution file.", null, null, null)]
    [InlineData("CSC : error CS2001: Source file 'x' could not be found. [/codebase/A.csproj]", "CS2001", "Source file 'x' could not be found.", null, null, "A.csproj")]
    [InlineData("error NETSDK1045: The current .NET SDK does not support targeting .NET 11.0.", "NETSDK1045", "The current .NET SDK does not support targeting .NET 11.0.", null, null, null)]
    [InlineData("/usr/share/dotnet/sdk/x/Sdk.targets(90,5): error NETSDK1004: Assets file not found. [/codebase/A.csproj]", "NETSDK1004", "Assets file not found.", null, 90, "A.csproj")]
    [InlineData("/codebase/with (parens)/A b.cs(3,1): error CS1513: } expected [/codebase/A.csproj]", "CS1513", "} expected", "with (parens)/A b.cs", 3, "A.csproj")]
    [InlineData("/codebase/A.cs(1,1): error xUnit1000: Make it public [/codebase/A.csproj]", "xUnit1000", "Make it public", "A.cs", 1, "A.csproj")]
    public void Errors_are_found_with_their_place(string line, string code, string message, string? path, int? number, string? project)
    {
        var error = Assert.Single(Read(line, line).Errors);
        Assert.Equal((code, message, path, number, project), (error.Code, error.Message, error.Path, error.Line, error.Project));
    }

    [Theory]
    [InlineData("    0 Error(s)")]
    [InlineData("Failed: 0, Passed: 3, error rate: none")]
    [InlineData("test says: error something: went wrong")]
    [InlineData("/codebase/A.cs(1,1): warning CS0168: The variable 'e' is declared, error CS1002: no")]
    [InlineData("error: no code")]
    public void Talk_of_errors_is_no_error(string line) => Assert.Empty(Read(line).Errors);

    [Fact]
    public void A_pinned_sdk_a_missing_runtime_and_a_crash_are_recognised()
    {
        var sdk = Read("The command could not be loaded, possibly because:", "A compatible .NET SDK was not found.", "", "Requested SDK version: 9.9.999", "global.json file: /codebase/global.json");
        Assert.Equal("9.9.999", sdk.MissingSdk);
        Assert.Equal("'Microsoft.NETCore.App', version '8.0.0' (x64)", Read("Framework: 'Microsoft.NETCore.App', version '8.0.0' (x64)").MissingRuntime);
        Assert.True(Read("The active test run was aborted. Reason: Test host process crashed : Stack overflow.").Crashed);
    }

    [Fact]
    public void A_flood_is_bounded()
    {
        var output = Read([.. Enumerable.Range(0, 1_000).Select(i => $"/codebase/A.cs({i + 1},1): error CS1002: {new string('x', 10_000)} [/codebase/A.csproj]")]);
        Assert.InRange(output.Diagnostics.Count, 1, 500);
    }
}
