using System.Diagnostics;
using TarsAutonomy.Schedule;

namespace TarsAutonomy.Tests.Schedule;

public sealed class InstallationTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("cron: 0 2 * * *", "*-*-* 02:00:00")]
    [InlineData("cron: '*/30 1-3 * * *'", "*-*-* 01,02,03:00,30:00")]
    [InlineData("cron: '* * * * *'", "*-*-* *:*:00")]
    [InlineData("cron: 0 2 * * 1-5", "Mon,Tue,Wed,Thu,Fri *-*-* 02:00:00")]
    [InlineData("cron: 0 2 1,15 6 *", "*-06-01,15 02:00:00")]
    [InlineData("cron: 0 2 13 * 5", "*-*-13 02:00:00|Fri *-*-* 02:00:00")]
    [InlineData("cron: 0 2 */10 * 1", "Mon *-*-01,11,21,31 02:00:00")]
    [InlineData("cron: 0 2 * * *\ntime-zone: Europe/Berlin", "*-*-* 02:00:00 Europe/Berlin")]
    public void A_cron_line_becomes_calendar_events(string yaml, string events) =>
        Assert.Equal(events.Split('|'), SystemdUnits.Calendar(Yaml.Sound(yaml, ScheduleSettings.Read)));

    [Fact]
    public void The_service_begins_a_night_with_everything_in_quotes()
    {
        var text = SystemdUnits.Service(In("/home/a b/100% \"it's\"/$HOME\\x") with { ConfigurationFile = "/c.yaml", SearchPath = "/a%b:/usr/bin", VariablesFile = "/home/a b/environment" });
        Assert.Contains("\nExecStart=:\"/opt/tars cli/tarscli\" \"-C\" \"/home/a b/100%% \\\"it's\\\"/$HOME\\\\x\" \"--config\" \"/c.yaml\" \"autonomous\" \"run\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nEnvironment=\"PATH=/a%%b:/usr/bin\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nEnvironmentFile=-/home/a b/environment\n", text, StringComparison.Ordinal);
        Assert.StartsWith(Installation.Mark, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missed: skip", "Persistent=false")]
    [InlineData("missed: run-once", "Persistent=true")]
    [InlineData("missed: run-once\nwindows: ['22:00-06:00']", "Persistent=false")]
    public void The_timer_makes_up_for_missed_nights_as_configured_and_not_outside_a_window(string yaml, string line)
    {
        var timer = SystemdUnits.Timer(In("/code") with { Schedule = Yaml.Sound(yaml, ScheduleSettings.Read) });
        Assert.Contains("\nOnCalendar=*-*-* 02:00:00\n", timer, StringComparison.Ordinal);
        Assert.Contains(line, timer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/home/me/code", "0 2 * * * '/opt/tars cli/tarscli' -C /home/me/code autonomous run")]
    [InlineData("/home/me/100% code", "0 2 * * * '/opt/tars cli/tarscli' -C '/home/me/100\\% code' autonomous run")]
    public void The_crontab_line_is_the_seeds_with_quoted_paths(string codebase, string line) => Assert.Equal(line, CrontabLine.Of(In(codebase)));

    [Fact]
    public void What_cron_hands_to_the_shell_are_the_same_words_again()
    {
        var codebase = "/tmp/it's $HOME `x` \"q\" 5% & ;*";
        var line = CrontabLine.Of(In(codebase) with { Program = ["printf", "%s\\n"] });
        // cron takes the five fields off, and the backslash from each '%'.
        var command = string.Join(' ', line.Split(' ').Skip(5)).Replace("\\%", "%", StringComparison.Ordinal);
        Assert.Equal($"-C\n{codebase}\nautonomous\nrun\n", Shell(command));
    }

    [Theory]
    [InlineData("/code\nExecStart=/bin/evil")]
    [InlineData("/code\u202e")]
    [InlineData("/code\t")]
    public void Attack_a_path_with_characters_that_can_not_be_seen_goes_into_no_file(string codebase) => Assert.NotNull(In(codebase).Problem);

    [Fact]
    public void Attack_a_path_that_crons_read_differently_goes_into_no_crontab()
    {
        Assert.Null(In("/a b/ü").Problem);
        Assert.NotNull(CrontabLine.Problem(In("/a\\%b")));
        Assert.Null(CrontabLine.Problem(In("/a b%")));
    }

    [Fact]
    public void Units_are_written_into_a_folder_that_is_made_and_written_again_for_the_same_codebase()
    {
        var path = folder.File("systemd/user/tars-night.service");
        Assert.Empty(UnitFile.Write([(path, SystemdUnits.Service(In("/one")))]));
        Assert.Empty(UnitFile.Write([(path, SystemdUnits.Service(In("/one") with { SearchPath = "/bin" }))]));
        Assert.Contains("PATH=/bin", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_file_that_is_not_ours_or_another_codebases_stays_and_nothing_is_written_beside_it()
    {
        var (service, timer, link) = (folder.File("a.service"), folder.File("a.timer"), folder.File("b.service"));
        File.WriteAllText(timer, "[Timer]\n");
        File.CreateSymbolicLink(link, service);
        Assert.Equal([timer], UnitFile.Write([(service, SystemdUnits.Service(In("/one"))), (timer, SystemdUnits.Timer(In("/one")))]));
        Assert.Equal([link], UnitFile.Write([(link, SystemdUnits.Service(In("/one")))]));
        Assert.False(File.Exists(service));
        Assert.Empty(UnitFile.Write([(service, SystemdUnits.Service(In("/one")))]));
        Assert.Equal([service], UnitFile.Write([(service, SystemdUnits.Service(In("/two")))]));
        Assert.Equal("[Timer]\n", File.ReadAllText(timer));
    }

    private static Installation In(string codebase) => new(["/opt/tars cli/tarscli"], codebase, ScheduleSettings.Default);

    private static string Shell(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        var said = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return said;
    }
}
