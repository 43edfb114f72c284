using System.Text.Json;

namespace TarsCli.Tests;

/// <summary>'script run' as people use it.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly CliFolder cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void A_script_runs_with_its_arguments_and_input_and_its_streams_are_kept_apart()
    {
        cli.Write("tool.py", "import sys\nprint('out', *sys.argv[1:])\nprint('err', sys.stdin.readline().strip(), file=sys.stderr)\nopen('made', 'w')\n");

        var result = cli.RunWithInput("typed\n", "script", "run", cli.File("tool.py"), "--", "--year", "2025");

        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal("out --year 2025\n", result.Answer);
        Assert.Equal("err typed\n", result.Talk);
        Assert.False(File.Exists(cli.File("made")));
    }

    [Fact]
    public void A_failure_says_where_why_and_where_the_log_is()
    {
        cli.Write("tool.py", "print('before')\n{}['key']\n");

        var result = cli.Run("script", "run", cli.File("tool.py"));

        Assert.Equal(1, result.Code);
        Assert.Equal("before\n", result.Answer);
        Assert.Contains("Script failed: tool.py:2: KeyError: 'key' (exit code 1).", result.Talk, StringComparison.Ordinal);
        Assert.Contains(".log'", result.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_package_is_named_with_the_leave_it_needs()
    {
        cli.Write("tool.py", "import sklearn_no, cv2_no\n");

        var result = cli.Run("script", "run", cli.File("tool.py"));

        Assert.Equal(5, result.Code);
        Assert.Contains("dependencies: {allow: [\"sklearn_no\"]}", result.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_the_codebases_own_file_allows_a_package()
    {
        cli.Write("tars.yaml", "dependencies: {allow: ['*', no_such]}\n");
        cli.Write("tool.py", "import no_such\n");

        Assert.Equal(5, cli.Run("script", "run", cli.File("tool.py")).Code);
    }

    [Fact]
    public void The_ending_as_json_has_the_scripts_lines_beside_it()
    {
        cli.Write("s/main.sh", "echo line\nexit 7\n");

        var result = cli.Run("script", "run", cli.File("s"), "--format", "json");

        Assert.Equal(1, result.Code);
        Assert.StartsWith("line\n", result.Talk, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(result.Answer);
        Assert.Equal("tars/script/v1", document.RootElement.GetProperty("schema").GetString());
        Assert.Equal(7, document.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Equal("exit", document.RootElement.GetProperty("failure").GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("There is no file or folder", "nowhere.py")]
    [InlineData("can't be told", "notes.txt")]
    [InlineData("Several files could be", "two")]
    public void What_can_not_be_run_is_said_with_the_way_on(string message, string path)
    {
        cli.Write("notes.txt", "x");
        cli.Write("two/a.py", "x");
        cli.Write("two/b.py", "x");

        var result = cli.Run("script", "run", cli.File(path));

        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Talk, StringComparison.Ordinal);
        Assert.Contains("→ ", result.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_limit_ends_a_script_that_hangs()
    {
        cli.Write("a.sh", "sleep 600\n");

        var result = cli.Run("script", "run", cli.File("a.sh"), "--timeout", "1s");

        Assert.Equal(1, result.Code);
        Assert.Contains("timed out after 1", result.Talk, StringComparison.Ordinal);
    }
}
