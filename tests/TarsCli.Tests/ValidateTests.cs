using System.Text.Json;

namespace TarsCli.Tests;

/// <summary>'validate' as people, programs and git hooks use it. Nothing of the codebase is changed by it.</summary>
public sealed class ValidateTests : IDisposable
{
    private const string Broken = "class A\n{\n\tint X() { return 1 }\n}\n";
    private readonly CliFolder cli = new();

    public ValidateTests()
    {
        cli.Write("a.cs", "class A;\n");
        cli.Write("b.json", "{}\n");
        cli.Commit();
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public void A_clean_tree_passes_and_so_does_an_empty_patch()
    {
        Assert.Contains("as the last commit", cli.Expect(0, "validate").Talk, StringComparison.Ordinal);
        Assert.Contains("Nothing is staged", cli.Expect(0, "validate", "--staged").Talk, StringComparison.Ordinal);
        Assert.Equal(0, cli.RunWithInput("", "validate", "-").Code);
    }

    [Fact]
    public void A_broken_working_tree_fails_with_the_line_of_source_and_a_caret()
    {
        cli.Write("a.cs", Broken);
        var result = cli.Expect(1, "validate", "--depth", "quality");
        Assert.Contains("  error  syntax/csharp  a.cs:3:21\n    CS1002: ; expected\n        3 │     int X() { return 1 }\n          │                        ^\n", result.Answer, StringComparison.Ordinal);
        Assert.Contains("Validation failed.", result.Talk, StringComparison.Ordinal);
        Assert.Equal(Broken, cli.Read("a.cs"));
    }

    [Fact]
    public void Staged_means_the_index_and_not_the_working_tree()
    {
        cli.Write("a.cs", Broken);
        cli.Git("add", "a.cs");
        cli.Write("a.cs", "class A;\n");
        cli.Expect(1, "validate", "--staged", "--depth", "syntax");
        cli.Expect(0, "validate", "--depth", "syntax");
        cli.Git("add", "a.cs");
        cli.Write("a.cs", Broken);
        cli.Expect(0, "validate", "--staged", "--depth", "syntax");
    }

    [Fact]
    public void A_commit_hook_sees_the_index_that_it_is_given()
    {
        cli.Write(".git/hooks/pre-commit", $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "tarscli.dll")}' validate --staged --depth quality\n");
        File.SetUnixFileMode(cli.File(".git/hooks/pre-commit"), (UnixFileMode)0b111_101_101);
        cli.Write("a.cs", Broken);
        cli.Write("b.json", "[]\n");
        cli.Git("add", "a.cs");
        // Only b.json goes into this commit: git makes an index of its own for it, in which a.cs is whole.
        cli.Git("commit", "-q", "-m", "b", "b.json");
        Assert.Contains("Validation failed.", Assert.Throws<InvalidOperationException>(() => cli.Git("commit", "-q", "-m", "a")).Message, StringComparison.Ordinal);
        Assert.Equal("b", cli.Git("log", "-1", "--format=%s"));
    }

    [Fact]
    public void A_patch_is_taken_on_the_tree_as_it_is_or_on_the_last_commit()
    {
        cli.Write("a.cs", Broken);
        var patch = cli.Git("diff", "--binary") + "\n";
        Assert.Equal(1, cli.RunWithInput(patch, "validate", "-", "--depth", "syntax").Code);
        cli.Git("checkout", "-q", "a.cs");
        Assert.Equal(1, cli.RunWithInput(patch, "validate", "-", "--depth", "syntax").Code);
        cli.Write("a.cs", "class Other;\n");
        cli.Commit();
        Assert.Equal(4, cli.RunWithInput(patch, "validate", "-", "--depth", "syntax").Code);
        Assert.Equal(2, cli.RunWithInput("no patch", "validate", "-").Code);
        cli.Expect(2, "validate", "missing.patch");
        cli.Expect(2, "validate", "--staged", "some.patch");
        cli.Expect(2, "validate", "--depth", "everything");
    }

    [Fact]
    public void What_policy_holds_or_denies_says_so_by_its_code()
    {
        cli.Write(".github/workflows/ci.yml", "on: push\n");
        Assert.Contains("path/protected", cli.Expect(8, "validate", "--depth", "syntax").Answer, StringComparison.Ordinal);
        File.CreateSymbolicLink(cli.File("link"), "/etc/passwd");
        Assert.Contains("link/escapes", cli.Expect(5, "validate").Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_json_or_sarif_on_standard_output_alone()
    {
        cli.Write("a.cs", Broken);
        var verdict = JsonDocument.Parse(cli.Expect(1, "validate", "--depth", "quality", "--format", "json").Answer).RootElement;
        Assert.Equal("tars/verdict/v1", verdict.GetProperty("schema").GetString());
        Assert.Equal("fail", verdict.GetProperty("outcome").GetString());
        var finding = verdict.GetProperty("findings")[0];
        Assert.Equal(("syntax/csharp", "a.cs", 3, 21), (finding.GetProperty("rule").GetString(), finding.GetProperty("path").GetString(), finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32()));
        var sarif = JsonDocument.Parse(cli.Expect(1, "validate", "--depth", "quality", "--format", "sarif").Answer).RootElement;
        Assert.Equal("2.1.0", sarif.GetProperty("version").GetString());
        var location = sarif.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("a.cs", location.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal("pass", JsonDocument.Parse(cli.Expect(0, "validate", "--staged", "--format", "json").Answer).RootElement.GetProperty("outcome").GetString());
    }

    [Fact]
    public void Without_git_there_is_nothing_to_compare_with_and_before_the_first_commit_everything_is_new()
    {
        Directory.Delete(cli.File(".git"), recursive: true);
        Assert.Contains("no git repository", cli.Expect(2, "validate").Talk, StringComparison.Ordinal);
        cli.Git("init", "-q");
        Assert.Contains("2 files", cli.Expect(0, "validate", "--depth", "syntax").Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_checkout_made_of_a_commit_is_no_change()
    {
        cli.Write(".gitattributes", "*.txt text eol=crlf\n");
        cli.Write("c.txt", "one\ntwo\n");
        cli.Commit();
        File.Delete(cli.File("c.txt"));
        cli.Git("checkout", "-q", "c.txt");
        Assert.Contains('\r', cli.Read("c.txt"));
        // Until the index is older than what it tells of, git itself would look at the bytes.
        File.SetLastWriteTimeUtc(cli.File(".git/index"), DateTime.UtcNow.AddSeconds(5));
        Assert.Contains("as the last commit", cli.Expect(0, "validate").Talk, StringComparison.Ordinal);
        cli.Write("c.txt", "one\r\nthree\r\n");
        Assert.Contains("1 file", cli.Expect(0, "validate", "--depth", "quality").Answer, StringComparison.Ordinal);
    }
}
