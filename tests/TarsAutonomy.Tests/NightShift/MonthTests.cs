using System.Globalization;
using TarsAutonomy.NightShift;
using TarsAutonomy.Reports;
using TarsAutonomy.Sessions;

namespace TarsAutonomy.Tests.NightShift;

/// <summary>Thirty nights, a day apart by an injected clock; in the morning a person merges what landed.</summary>
public sealed class MonthTests(ITestOutputHelper output)
{
    private const int Nights = 30;

    [Fact]
    public async Task In_a_month_of_nights_nothing_that_a_good_agent_solved_is_lost()
    {
        var clock = new DayClock();
        using var world = new NightWorld("  max-attempts: 2") { Clock = clock };
        world.Agent("bad", "echo 'base() { echo wrong; }' > src/base.sh").Agent("harmful", "echo x > outside.txt");
        var (number, solved) = (0, new List<string>());
        for (var night = 1; night <= Nights; night++)
        {
            // Each night a good task and one of another kind; the kinds follow each other.
            solved.Add(Good(world, ++number));
            switch (night % 6)
            {
                case 0: world.Task($"task_{++number}", "bad work"); break;
                case 1: world.Task($"task_{++number}", "too large", lines: 31); break;
                case 2: solved.Add(Good(world, ++number, learns: true)); break;
                case 3 when night < 10: world.Task($"task_{++number}", "harmful work"); break;
                default: solved.Add(Good(world, ++number)); break;
            }
            world.Commit($"plan of day {night.ToString(CultureInfo.InvariantCulture)}");
            var session = await world.RunAsync(new NightRequest());
            if (world.Commits(session).Count > 0) world.Repository.Git("merge", "-q", "--ff-only", session.Branch);
            clock.Days++;
        }
        using var codebase = await world.OpenAsync();
        var sessions = world.NightOf(codebase).Store.List();
        var tasks = sessions.SelectMany(session => session.Tasks).ToList();
        var lost = solved.Where(id => !tasks.Exists(task => task.TaskId == id && task.Outcome == TaskOutcome.Landed)).ToList();
        var report = MorningReport.Of(sessions[^1], [.. sessions.Take(Nights - 1)], _ => null, ReportSettings.Default);
        output.WriteLine($"{sessions.Count} nights: {string.Join(", ", tasks.GroupBy(task => task.Outcome).Select(group => $"{group.Count()} {group.Key}"))}; lost: {lost.Count}");
        output.WriteLine(MarkdownMorning.Write(report));
        Assert.Empty(lost);
        Assert.Equal(Nights, sessions.Count);
        // Each landed once, and is on the person's branch.
        Assert.Equal(solved.Count, tasks.Count(task => task.Outcome == TaskOutcome.Landed));
        Assert.Equal(solved.Count, world.Repository.Git("log", "--format=%s", "--grep=^feat:").Split('\n').Length);
        Assert.True(codebase.Audit.Verify().IsIntact);
        // What failed in two attempts is not tried night after night.
        Assert.All(tasks.Where(task => task.Outcome == TaskOutcome.Failed).GroupBy(task => task.TaskId), alike => Assert.Single(alike));
    }

    private static string Good(NightWorld world, int number, bool learns = false)
    {
        var name = "fn" + string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)(digit - '0' + 'a')));
        var script = NightWorld.Good(name);
        world.Agent(name, learns ? $"if grep -q 'Attempt 1' \"$1\"; then {script}; else echo 'base() {{ echo wrong; }}' > src/base.sh; fi; [ -f src/{name}.sh ] && echo 'base() {{ echo base; }}' > src/base.sh; true" : script);
        var id = $"task_{number.ToString(CultureInfo.InvariantCulture)}";
        world.Task(id, $"{name} adds a function");
        return id;
    }

    private sealed class DayClock : TimeProvider
    {
        public int Days { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(Days);
    }
}
