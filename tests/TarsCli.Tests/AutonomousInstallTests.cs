using System.CommandLine;
using System.Text;
using TarsAutonomy.Schedule;
using TarsCli.Commands;

namespace TarsCli.Tests;

/// <summary>'autonomous install' in this process, on a codebase and a home of its own.</summary>
public sealed class AutonomousInstallTests : IDisposable
{
    private readonly CliFolder folder = new();
    private ScheduleSettings schedule = ScheduleSettings.Default;

    public AutonomousInstallTests()
    {
        folder.Write("a.txt", "a\n");
        folder.Commit();
    }

    private string Units => Path.Combine(folder.Home, "config", "systemd", "user");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Units_are_written_for_the_user_and_the_commands_to_switch_them_on_are_told()
    {
        var result = await RunAsync();
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal($"{Units}/tars-night.service\n{Units}/tars-night.timer\n", result.Answer);
        Assert.Contains("→ Type: systemctl --user enable --now tars-night.timer\n", result.Talk, StringComparison.Ordinal);
        var service = File.ReadAllText(Path.Combine(Units, "tars-night.service"));
        Assert.Contains($"\"-C\" \"{folder.Codebase}\" \"autonomous\" \"run\"\n", service, StringComparison.Ordinal);
        Assert.Contains("\nEnvironment=\"PATH=/usr/bin:/bin\"\n", service, StringComparison.Ordinal);
        Assert.Contains($"\nEnvironmentFile=-{folder.Home}/config/tars/environment\n", service, StringComparison.Ordinal);
        Assert.Contains("OnCalendar=*-*-* 02:00:00\n", File.ReadAllText(Path.Combine(Units, "tars-night.timer")), StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync()).Code);
    }

    [Fact]
    public async Task A_file_of_the_users_is_never_replaced()
    {
        Directory.CreateDirectory(Units);
        File.WriteAllText(Path.Combine(Units, "tars-night.timer"), "[Timer]\n");
        var result = await RunAsync();
        Assert.Equal(4, result.Code);
        Assert.Contains("other files stand in the way", result.Talk, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Units, "tars-night.service")));
        Assert.Equal(0, (await RunAsync("--name", "mine")).Code);
        Assert.Equal("[Timer]\n", File.ReadAllText(Path.Combine(Units, "tars-night.timer")));
    }

    [Fact]
    public async Task Print_shows_the_units_and_writes_nothing()
    {
        var result = await RunAsync("--print");
        Assert.Contains("# tars-night.service\n# Written by 'tarscli autonomous install'", result.Answer, StringComparison.Ordinal);
        Assert.Contains("# tars-night.timer\n", result.Answer, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Units));
    }

    [Fact]
    public async Task For_cron_one_line_is_printed_and_what_cron_can_not_do_is_said()
    {
        schedule = schedule with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Missed = MissedNights.RunOnce };
        var result = await RunAsync("--cron");
        Assert.StartsWith("0 2 * * * ", result.Answer, StringComparison.Ordinal);
        Assert.EndsWith($" -C '{folder.Codebase}' autonomous run\n", result.Answer, StringComparison.Ordinal);
        Assert.Contains("the schedule's is Europe/Berlin", result.Talk, StringComparison.Ordinal);
        Assert.Contains("cron does not make up for missed nights", result.Talk, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Units));
    }

    [Theory]
    [InlineData("--cron", "--systemd")]
    [InlineData("--name", "../evil")]
    [InlineData("--name", "")]
    public async Task What_makes_no_sense_is_a_usage_error(params string[] arguments) => Assert.NotEqual(0, (await RunAsync(arguments)).Code);

    private async Task<CliResult> RunAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/bin:/bin",
            ["HOME"] = folder.Home,
            ["XDG_CONFIG_HOME"] = Path.Combine(folder.Home, "config"),
            ["XDG_STATE_HOME"] = Path.Combine(folder.Home, "state"),
        };
        using var answer = new MemoryStream();
        using var talk = new MemoryStream();
        var composition = new CompositionRoot(environment, folder.Home, "tester", new(answer, talk, false, false, false, 100));
        var root = new RootCommand { Options.Folder, Options.Config, Options.Color, AutonomousInstallCommand.Create(composition, _ => schedule) };
        var parsed = root.Parse(["install", "-C", folder.Codebase, .. arguments]);
        var code = parsed.Errors.Count > 0 ? 2 : await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return new(code, Encoding.UTF8.GetString(answer.ToArray()), Encoding.UTF8.GetString(talk.ToArray()));
    }
}
