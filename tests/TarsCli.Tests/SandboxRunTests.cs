using System.Text.Json;
using TarsCli.Output;

namespace TarsCli.Tests;

/// <summary>'sandbox run' and 'sandbox check' as people use them by themselves.</summary>
public sealed class SandboxRunTests : IDisposable
{
    private readonly CliFolder cli = new();

    public SandboxRunTests()
    {
        cli.Write("a.txt", "a\n");
        cli.Write("sub/b.txt", "b\n");
        cli.Write(".gitignore", "*.log\n");
        cli.Commit();
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public void Output_to_a_file_that_others_write_to_as_well_stands_in_its_place() =>
        Assert.Equal("before\ninside\nafter\n", cli.RunShell("(echo before; \"$@\" sandbox run -- echo inside; echo after) > out; cat out").Answer);

    [Fact]
    public void Streams_exit_code_and_standard_input_pass_through()
    {
        var result = cli.RunWithInput("typed\n", "sandbox", "run", "--", "sh", "-c", "cat; printf 'out\\0\\033[2J'; echo err >&2; exit 3");

        Assert.Equal((3, "typed\nout\0\u001b[2J"), (result.Code, result.Answer));
        Assert.Contains("err", result.Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 137", 137, "")]
    [InlineData("kill -15 $$", 143, "")]
    [InlineData("sleep 100", 124, "its time of 1s was up")]
    [InlineData("trap 'exit 0' TERM; while :; do sleep 0.1; done", 124, "its time of 1s was up")]
    [InlineData("exec tail /dev/zero", 137, "more memory than 128M")]
    [InlineData("i=0; while :; do i=$((i+1)); head -c 9000000 /dev/zero > f$i; done", 137, "wrote more than 64M")]
    public void How_it_ended_is_the_exit_code_and_a_limit_says_so(string script, int code, string said)
    {
        string[] limits = said.Contains("time", StringComparison.Ordinal) ? ["--timeout", "1s"] : ["--memory", "128M", "--disk", "64M"];
        var result = cli.Run(["sandbox", "run", .. limits, "--", "sh", "-c", script]);

        Assert.True(code == result.Code, result.ToString());
        Assert.Contains(said, result.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void The_codebase_is_never_written_and_what_changed_is_told()
    {
        var result = cli.Run("sandbox", "run", "--", "sh", "-c", "echo new > n; rm a.txt; echo x > noise.log; mkdir -p .git/hooks; echo evil > .git/hooks/pre-commit; echo b >> sub/b.txt");

        Assert.Equal(0, result.Code);
        foreach (var line in (string[])["changed 3 files", "D a.txt", "A n", "M sub/b.txt"]) Assert.Contains(line, result.Talk, StringComparison.Ordinal);
        Assert.Equal("", cli.Git("status", "--porcelain"));
        Assert.False(File.Exists(cli.File(".git/hooks/pre-commit")));
    }

    [Fact]
    public void A_patch_of_what_changed_applies_to_the_codebase()
    {
        var patch = Path.Combine(cli.Home, "made.patch");
        cli.Expect(0, "sandbox", "run", "--patch", patch, "--", "sh", "-c", "printf '\\0\\1' > bin; ln -s a.txt link; chmod +x a.txt; echo x > 'na me'; rm sub/b.txt; printf 'no end' > sub/c");
        cli.Git("apply", patch);

        Assert.Equal([0, 1], File.ReadAllBytes(cli.File("bin")));
        Assert.Equal("a.txt", new FileInfo(cli.File("link")).LinkTarget);
        Assert.Equal(["M a.txt", "D sub/b.txt", "?? bin", "?? link", "?? \"na me\"", "?? sub/c"],
            cli.Git("status", "--porcelain", "--untracked-files=all").Split('\n').Select(line => line.Trim()).OrderBy(line => line.StartsWith('?')));
        Assert.Equal("no end", cli.Read("sub/c"));
    }

    [Fact]
    public void What_changed_becomes_an_improvement()
    {
        cli.Configure("checks: []\nallow:\n  unproven: true\n");
        Assert.Contains("IMP-1", cli.Expect(0, "sandbox", "run", "--add", "--", "sh", "-c", "echo more >> a.txt").Answer, StringComparison.Ordinal);
        cli.Expect(0, "execute", "improvement", "--id", "IMP-1", "--approve-when-valid");

        Assert.Equal("a\nmore\n", cli.Read("a.txt"));
    }

    [Fact]
    public async Task It_runs_where_the_user_stands_with_the_variables_that_are_given()
    {
        cli.Variables["MINE"] = "mine";
        var result = await cli.RunAsync(cli.File("sub"), null, "sandbox", "run", "--env", "MINE", "--env", "OTHER=a=b", "--", "sh", "-c", "pwd; echo $MINE $OTHER; cat b.txt");

        Assert.Equal((0, "/codebase/sub\nmine a=b\nb\n"), (result.Code, result.Answer));
    }

    [Fact]
    public void Folders_outside_can_be_read_or_written_and_the_codebase_not()
    {
        var (readable, writable) = (Directory.CreateDirectory(Path.Combine(cli.Home, "in")).FullName, Directory.CreateDirectory(Path.Combine(cli.Home, "out")).FullName);
        File.WriteAllText(readable + "/file", "given");
        cli.Expect(0, "sandbox", "run", "--readable", readable, "--writable", writable, "--", "sh", "-c", $"cp {readable}/file {writable}/copy; ! echo x > {readable}/written");

        Assert.Equal("given", File.ReadAllText(writable + "/copy"));
        Assert.False(File.Exists(readable + "/written"));
        foreach (var refused in (string[])[cli.Codebase, cli.Home, cli.File("sub"), cli.File(".git"), "/", "/usr/share", "/etc", "/nowhere"])
            cli.Expect(2, "sandbox", "run", "--writable", refused, "--", "true");
    }

    [Theory]
    [InlineData("--timeout", "soon", "a time such as")]
    [InlineData("--memory", "much", "a size such as")]
    [InlineData("--memory", "0", "a size such as")]
    [InlineData("--processes", "1", "from 4 to")]
    [InlineData("--env", "NOBODY_HAS_THIS", "no variable")]
    public void What_cant_be_understood_is_told(string option, string value, string said) =>
        Assert.Contains(said, cli.Expect(2, "sandbox", "run", option, value, "--", "true").Talk, StringComparison.Ordinal);

    [Fact]
    public async Task When_nobody_reads_its_output_any_more_it_ends()
    {
        using var process = cli.Start("sandbox", "run", "--", "yes");
        Assert.Equal("y", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        process.StandardOutput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(141, process.ExitCode);
    }

    [Fact]
    public void A_kept_copy_is_named()
    {
        var talk = cli.Expect(0, "sandbox", "run", "--keep", "--", "sh", "-c", "echo kept > k").Talk;

        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(talk.Split('\'')[1], "k")));
    }

    [Fact]
    public void Without_bubblewrap_nothing_runs()
    {
        cli.Variables["PATH"] = PathWithoutBubblewrap();
        var run = cli.Expect(6, "sandbox", "run", "--", "true");
        var check = cli.Expect(6, "sandbox", "check", "--format", "json");

        Assert.Contains("install", run.Talk, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(check.Answer);
        Assert.False(document.RootElement.GetProperty("available").GetBoolean());
        Assert.Contains("install", document.RootElement.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_bubblewrap_the_users_configuration_and_no_codebase_may_allow_the_weaker_fallback()
    {
        cli.Variables["PATH"] = PathWithoutBubblewrap();
        cli.Write("tars.yaml", "sandbox:\n  fallback: landlock\n");
        cli.Expect(6, "sandbox", "run", "--", "true");
        var configuration = Path.Combine(cli.Home, "fallback.yaml");
        File.WriteAllText(configuration, "sandbox:\n  fallback: landlock\n");

        var check = cli.Expect(0, "sandbox", "check", "--config", configuration).Answer;
        var run = cli.Expect(3, "sandbox", "run", "--config", configuration, "--", "sh", "-c", "echo inside; echo x > made; exit 3");

        Assert.Contains("weaker", check, StringComparison.Ordinal);
        Assert.StartsWith("inside\n", run.Answer, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cli.Codebase, "made")));
    }

    [Fact]
    public void Versions_can_be_read_from_git_and_nothing_of_it_be_written()
    {
        cli.Git("tag", "v3.1");
        cli.Git("remote", "add", "origin", "https://user:secret@example.org/x.git");

        var run = cli.Expect(0, "sandbox", "run", "--", "sh", "-c",
            "git describe --tags; git log --format=%s -1; git status --porcelain; cat .git/config; ls .git/hooks; { echo x > .git/HEAD; } || echo kept; { echo x > .git/objects/x; } || echo whole");

        Assert.StartsWith("v3.1\n", run.Answer, StringComparison.Ordinal);
        Assert.EndsWith("kept\nwhole\n", run.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Answer, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(cli.File(".git/tars/workspaces")));
    }

    [Fact]
    public void Attack_history_does_not_show_what_policy_hides()
    {
        cli.Write("key.txt", "the key");
        cli.Commit();
        var configuration = Path.Combine(cli.Home, "hide.yaml");
        File.WriteAllText(configuration, "paths:\n  - paths: [key.txt]\n    read: deny\n");

        var run = cli.Run("sandbox", "run", "--config", configuration, "--", "sh", "-c", "git show HEAD:key.txt; cat key.txt; ls -A");

        Assert.DoesNotContain("the key", run.Answer + run.Talk, StringComparison.Ordinal);
        Assert.DoesNotContain(".git\n", run.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_tells_tools_and_toolchains_as_text_and_as_json()
    {
        using var document = JsonDocument.Parse(cli.Expect(0, "sandbox", "check", "--format", "json").Answer);
        var tools = document.RootElement.GetProperty("tools").EnumerateArray().ToDictionary(tool => tool.GetProperty("name").GetString()!, tool => tool);

        Assert.Equal("tars/sandbox/v1", document.RootElement.GetProperty("schema").GetString());
        Assert.NotNull(tools["dotnet"].GetProperty("path").GetString());
        Assert.All(tools.Values, tool => Assert.True(tool.GetProperty("path").ValueKind == JsonValueKind.Null != (tool.GetProperty("remedy").ValueKind == JsonValueKind.Null)));
        Assert.Equal("layers", document.RootElement.GetProperty("workspaces").GetString());
        var text = cli.Expect(0, "sandbox", "check").Answer;
        Assert.Contains("Tools inside", text, StringComparison.Ordinal);
        Assert.Contains("workspaces are layers (overlayfs", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain\ttext\r\n", "plain\ttext\r\n")]
    [InlineData("\u001b[1;31mred\u001b[0m\u001b[K", "\u001b[1;31mred\u001b[0m\u001b[K")]
    [InlineData("\u001b]52;c;evil\u0007", "\\u001b]52;c;evil\\u0007")]
    [InlineData("\u001b[2J\u001b[6n", "\\u001b[2J\\u001b[6n")]
    [InlineData("\u001bPq\u001b\\", "\\u001bPq\\u001b\\")]
    [InlineData("\u009b31m \u00a9 é \u007f\b", "\\u009b31m \u00a9 é \\u007f\\u0008")]
    [InlineData("\u001b[", "\\u001b[")]
    public void Attack_On_a_terminal_only_colours_are_obeyed(string said, string shown)
    {
        var guard = new TerminalGuard();
        // One byte at a time: a sequence may come in pieces.
        byte[] safe = [.. System.Text.Encoding.UTF8.GetBytes(said).SelectMany(one => guard.Filter([one])), .. guard.End()];

        Assert.Equal(shown, System.Text.Encoding.UTF8.GetString(safe));
    }

    /// <summary>Only what tarscli itself needs to start.</summary>
    private string PathWithoutBubblewrap()
    {
        var folder = Directory.CreateDirectory(Path.Combine(cli.Home, "bin")).FullName;
        foreach (var program in (string[])["git", "dotnet", "env", "sh"])
        {
            var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(place => Path.Combine(place, program)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(folder, program), found);
        }
        return folder;
    }
}
