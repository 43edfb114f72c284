namespace TarsCli.Tests.Stress;

/// <summary>'improve scan' with the SDK's own analyzers. In every run of the tests only a codebase without projects; the rest takes a minute.</summary>
public sealed class ScanTests : IDisposable
{
    private readonly CliFolder cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void Each_rule_becomes_an_improvement_and_the_codebase_is_only_read()
    {
        cli.Write("README.md", "nothing of .NET\n");
        cli.Commit();
        Assert.Contains("The scan failed: There is no .NET project here", cli.Expect(1, "improve", "scan").Talk, StringComparison.Ordinal);
        if (!StressSettings.IsFull) return;
        cli.Write("a.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>\n");
        cli.Write(".editorconfig", "root = true\n[*.cs]\nindent_style = space\nindent_size = 4\ndotnet_diagnostic.IDE0005.severity = warning\ndotnet_diagnostic.CA1507.severity = warning\n");
        cli.Write(".gitignore", "bin/\nobj/\n");
        cli.Write("A.cs", "using System.Text;\npublic static class A\n{\n  public static void M(string value) { if (value == null) throw new System.ArgumentNullException(\"value\"); }\n}\n");
        cli.Commit();
        var said = cli.Expect(0, "improve", "scan").Answer;
        Assert.Contains("WHITESPACE: ", said, StringComparison.Ordinal);
        Assert.Contains("IDE0005: Using directive is unnecessary. (1 place in 1 file)", said, StringComparison.Ordinal);
        Assert.Contains("CA1507: ", said, StringComparison.Ordinal);
        Assert.Equal("", cli.Git("status", "--porcelain"));
        cli.Configure("allow:\n  unproven: true\n");
        cli.Expect(0, "execute", "improvement", "--id", "IMP-3", "--approve-when-valid");
        Assert.Contains("nameof(value)", cli.Read("A.cs"), StringComparison.Ordinal);
    }
}
