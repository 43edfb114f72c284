namespace TarsCli.Tests;

/// <summary>Help, usage errors and completion, as a person meets them.</summary>
public sealed class HelpTests : IDisposable
{
    private readonly CliFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("execute", "--help")]
    [InlineData("execute", "improvement", "--help")]
    [InlineData("execute", "rollback", "-h")]
    [InlineData("improve", "add", "--help")]
    [InlineData("audit", "verify", "--help")]
    public void Help_goes_to_standard_output_with_examples(params string[] arguments)
    {
        var help = folder.Expect(0, arguments);
        Assert.Contains("Examples:\n", help.Answer, StringComparison.Ordinal);
        Assert.Contains("  tarscli ", help.Answer, StringComparison.Ordinal);
        Assert.Equal("", help.Talk);
    }

    [Fact]
    public void Help_of_execute_names_its_subcommands()
    {
        var help = folder.Expect(0, "execute", "--help").Answer;
        Assert.All((string[])["improvement", "monitor", "review", "rollback", "status", "cancel"], name => Assert.Contains(name, help, StringComparison.Ordinal));
    }

    [Fact]
    public void A_usage_error_ends_with_2_says_what_is_wrong_and_writes_no_answer()
    {
        var result = folder.Expect(2, "execute", "improvement", "--id", "IMP12");
        Assert.Equal("", result.Answer);
        Assert.Contains("'IMP12' is not the id of an improvement; ids look like IMP-12.", result.Talk, StringComparison.Ordinal);
        Assert.Contains("'tarscli execute improvement --help'", result.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_command_gets_the_nearest_name()
    {
        var result = folder.Expect(2, "execute", "improvment", "--id", "IMP-1");
        Assert.Contains("Did you mean 'improvement'?", result.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_an_escape_code_in_an_argument_does_not_reach_the_terminal()
    {
        var result = folder.Expect(2, "execute", "improvement", "--id", "\u001b[31mIMP");
        Assert.DoesNotContain('\u001b', result.Talk);
    }

    [Fact]
    public void An_argument_that_begins_with_at_is_no_response_file()
    {
        folder.Write("args", "--help");
        Assert.Equal(2, folder.Run("@args").Code);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _tarscli tarscli")]
    [InlineData("zsh", "#compdef tarscli")]
    [InlineData("fish", "complete -c tarscli")]
    public void Completion_prints_a_script_for_the_shell(string shell, string line) =>
        Assert.Contains(line, folder.Expect(0, "completion", shell).Answer, StringComparison.Ordinal);

    [Fact]
    public void The_scripts_question_is_answered_with_what_may_come_next()
    {
        const string line = "tarscli execute ";
        var answer = folder.Expect(0, $"[suggest:{line.Length}]", line).Answer.Split('\n');
        Assert.Contains("improvement", answer);
        Assert.Contains("rollback", answer);
    }

    [Fact]
    public void Version_is_answered() => Assert.StartsWith("0.", folder.Expect(0, "--version").Answer, StringComparison.Ordinal);
}
