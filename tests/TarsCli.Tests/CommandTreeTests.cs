using System.CommandLine;
using TarsEngine.Storage;

namespace TarsCli.Tests;

/// <summary>The contract of the seeds: every command and option is there, with its default; switches take three forms.</summary>
public sealed class CommandTreeTests
{
    private static readonly RootCommand Root = CommandLine.Create(CompositionRoot.OfThisProcess());

    [Theory]
    [InlineData("improve", "list")]
    [InlineData("improve", "show")]
    [InlineData("improve", "add")]
    [InlineData("improve", "import", "--git", "--sarif")]
    [InlineData("improve", "scan", "--severity", "--most")]
    [InlineData("improve", "remove")]
    [InlineData("execute", "improvement", "--id", "--dry-run", "--backup", "--validate", "--auto-rollback", "--output-dir", "--approve-when-valid", "--base")]
    [InlineData("execute", "monitor", "--context-id", "--interval", "--timeout")]
    [InlineData("execute", "review", "--context-id", "--approve", "--reject", "--comment", "--format")]
    [InlineData("execute", "rollback", "--context-id", "--transaction-id", "--file-path", "--all", "--force")]
    [InlineData("execute", "status", "--context-id", "--detail", "--format")]
    [InlineData("execute", "cancel", "--context-id")]
    [InlineData("audit", "list", "--subject", "--limit", "--format")]
    [InlineData("audit", "verify")]
    [InlineData("audit", "export")]
    [InlineData("sandbox", "check")]
    [InlineData("tasks", "list", "--format")]
    [InlineData("tasks", "show")]
    [InlineData("tasks", "check", "--files", "--format")]
    [InlineData("tasks", "approve")]
    [InlineData("improve", "add", "--task", "--agent")]
    public void A_command_of_the_contract_is_there_with_its_options(string parent, string name, params string[] options)
    {
        var command = Root.Subcommands.Single(c => c.Name == parent).Subcommands.Single(c => c.Name == name);
        Assert.Empty(options.Except(command.Options.Select(o => o.Name), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("recover")]
    [InlineData("gc")]
    [InlineData("policy")]
    [InlineData("completion")]
    [InlineData("tasks")]
    [InlineData("autonomous")]
    [InlineData("validate")]
    public void A_command_of_its_own_is_there(string name) => Assert.Contains(Root.Subcommands, c => c.Name == name);

    [Theory]
    [InlineData("--dry-run", false)]
    [InlineData("--backup", true)]
    [InlineData("--validate", true)]
    [InlineData("--auto-rollback", true)]
    [InlineData("--approve-when-valid", false)]
    public void A_switch_has_its_default_and_takes_bare_equals_and_space(string option, bool byDefault)
    {
        Assert.Equal(byDefault, Value<bool>(option, "execute improvement --id IMP-1"));
        Assert.True(Value<bool>(option, $"execute improvement --id IMP-1 {option}"));
        Assert.False(Value<bool>(option, $"execute improvement --id IMP-1 {option}=false"));
        Assert.False(Value<bool>(option, $"execute improvement --id IMP-1 {option} false"));
        Assert.True(Value<bool>(option, $"execute improvement --id IMP-1 {option} true"));
        Assert.True(Value<bool>(option, $"execute improvement {option} --id IMP-1"));
        Assert.NotEmpty(Parse($"execute improvement --id IMP-1 {option}=maybe").Errors);
    }

    [Fact]
    public void Monitor_looks_every_5_seconds_for_300_unless_told_otherwise()
    {
        const string monitor = "execute monitor --context-id CTX-456";
        Assert.Equal((5, 300), (Value<int>("--interval", monitor), Value<int>("--timeout", monitor)));
        const string told = monitor + " --interval 10 --timeout 600";
        Assert.Equal((10, 600), (Value<int>("--interval", told), Value<int>("--timeout", told)));
        Assert.NotEmpty(Parse(monitor + " --interval 0").Errors);
        Assert.NotEmpty(Parse(monitor + " --timeout -1").Errors);
        Assert.NotEmpty(Parse(monitor + " --interval 1.5").Errors);
    }

    [Theory]
    [InlineData("execute review --context-id CTX-1", "--approve")]
    [InlineData("execute review --context-id CTX-1", "--reject")]
    [InlineData("execute rollback --context-id CTX-1 --file-path a", "--force")]
    [InlineData("improve list", "--all")]
    [InlineData("execute status", "--detail")]
    public void A_switch_of_the_other_commands_is_off_by_default(string line, string option)
    {
        Assert.False(Value<bool>(option, line));
        Assert.True(Value<bool>(option, $"{line} {option}"));
        Assert.False(Value<bool>(option, $"{line} {option}=false"));
    }

    [Fact]
    public void Rollback_takes_all_only_when_told()
    {
        Assert.False(Value<bool>("--all", "execute rollback --context-id CTX-1 --transaction-id TX-9"));
        Assert.True(Value<bool>("--all", "execute rollback --context-id CTX-1 --all"));
        Assert.NotEmpty(Parse("execute rollback --context-id CTX-1 --all=false").Errors);
    }

    [Fact]
    public void Format_is_text_unless_json_is_asked_for()
    {
        Assert.Equal(ReportFormat.Text, Value<ReportFormat>("--format", "execute status"));
        Assert.Equal(ReportFormat.Json, Value<ReportFormat>("--format", "execute status --format json"));
        Assert.NotEmpty(Parse("execute status --format xml").Errors);
    }

    [Fact]
    public void Ids_are_read_strictly()
    {
        Assert.Equal(ImprovementId.Parse("IMP-123"), Value<ImprovementId>("--id", "execute improvement --id IMP-123 --dry-run"));
        foreach (var wrong in (string[])["IMP123", "imp-1", "CTX-1", "IMP-0", "IMP-01", "IMP-1x", "IMP-99999999999999999999", "12"])
            Assert.NotEmpty(Parse($"execute improvement --id {wrong}").Errors);
    }

    [Theory]
    [InlineData("execute improvement")]
    [InlineData("execute improvement --id")]
    [InlineData("execute improvement --id IMP-1 --id IMP-2")]
    [InlineData("execute improvement --id --dry-run")]
    [InlineData("execute monitor")]
    [InlineData("execute review")]
    [InlineData("execute review --context-id CTX-1 --approve --reject")]
    [InlineData("execute review --context-id CTX-1 --comment x")]
    [InlineData("execute rollback --context-id CTX-1")]
    [InlineData("execute rollback --context-id CTX-1 --all --file-path a")]
    [InlineData("execute rollback --context-id CTX-1 --transaction-id TX-1 --file-path a")]
    [InlineData("execute cancel")]
    [InlineData("improve show")]
    [InlineData("improve add")]
    [InlineData("improve add a.patch --task b")]
    [InlineData("improve add a.patch --agent b")]
    [InlineData("tasks show")]
    [InlineData("tasks approve")]
    [InlineData("improve import")]
    [InlineData("execute")]
    [InlineData("execut status")]
    public void A_command_line_that_says_too_little_or_too_much_is_refused(string line) => Assert.NotEmpty(Parse(line).Errors);

    [Theory]
    [InlineData("-C /tmp improve list")]
    [InlineData("improve list -C /tmp")]
    [InlineData("execute status --config /tmp/c.yaml --color never")]
    public void Global_options_stand_anywhere(string line) => Assert.Empty(Parse(line).Errors);

    [Fact]
    public void Every_command_has_examples_that_parse()
    {
        foreach (var command in Everything(Root).OfType<TarsCommand>())
        {
            Assert.NotEmpty(command.Examples);
            foreach (var (line, _) in command.Examples)
            {
                var typed = line[(line.IndexOf("tarscli", StringComparison.Ordinal) + "tarscli ".Length)..].Split(" > ")[0].TrimEnd(')');
                Assert.True(Parse(typed).Errors.Count == 0, $"{line}: {string.Join(' ', Parse(typed).Errors)}");
            }
        }
    }

    private static ParseResult Parse(string line) => Root.Parse(line);

    private static T? Value<T>(string option, string line)
    {
        var parsed = Parse(line);
        Assert.Empty(parsed.Errors);
        return parsed.GetValue<T>(option);
    }

    private static IEnumerable<Symbol> Everything(Command command) =>
        [command, .. command.Options, .. command.Arguments, .. command.Subcommands.SelectMany(Everything)];
}
