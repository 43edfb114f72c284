using System.Diagnostics;
using System.Globalization;
using TarsAutonomy.Sessions;
using TarsEngine.Planning;

namespace TarsAutonomy.Tests.NightShift;

/// <summary>
/// 'kill -9' of the real program at random moments of a night of five tasks. TARS_STRESS=1 kills a hundred nights.
/// </summary>
public sealed class KilledNightTests(ITestOutputHelper output)
{
    private static readonly int nights = Environment.GetEnvironmentVariable("TARS_STRESS") == "1" ? 100 : 4;

    [Fact]
    public async Task A_killed_night_goes_on_and_every_task_has_one_outcome()
    {
        var random = new Random(1);
        var whole = TimeSpan.Zero;
        var (killed, atWork, interrupted) = (0, 0, 0);
        for (var night = 0; night < nights; night++)
        {
            using var world = World();
            var before = world.Picture();
            if (night == 0) whole = Time(() => Run(world, null));
            else
            {
                // Some more than once.
                for (var kills = random.Next(1, 3); kills > 0; kills--)
                {
                    if (!Run(world, whole * random.NextDouble())) continue;
                    killed++;
                    using var looked = await world.OpenAsync();
                    if (world.NightOf(looked).Store.List() is [{ State: NightState.Running }]) atWork++;
                }
                Assert.False(Run(world, null));
            }
            Assert.Equal(before, world.Picture());
            interrupted += await CheckAsync(world, night);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nights} nights of {whole.TotalSeconds:0.0} s, {killed} kills, {atWork} of them in a session, {interrupted} attempts broken off by one"));
    }

    private static NightWorld World()
    {
        var world = new NightWorld("  max-attempts: 3\n  max-consecutive-failures: 5");
        foreach (var name in (string[])["one", "two", "three", "four"]) world.Agent(name, "sleep 0.1; " + NightWorld.Good(name));
        world.Agent("bad", "echo 'base() { echo wrong; }' >> src/base.sh");
        return world.Task("task_1", "one adds a function").Task("task_2", "two adds a function").Task("task_3", "bad work").Task("task_4", "three adds a function").Task("task_5", "four adds a function").Commit();
    }

    private static async Task<int> CheckAsync(NightWorld world, int night)
    {
        using var codebase = await world.OpenAsync();
        var sessions = world.NightOf(codebase).Store.List();
        var session = sessions[0];
        // One that was killed while it wrote its report had ended: the next found nothing left to do.
        Assert.All(sessions.Skip(1), later => Assert.All(later.Tasks, task => Assert.Equal(TaskOutcome.Skipped, task.Outcome)));
        Assert.Equal(NightState.Finished, session.State);
        Assert.Equal(["task_1", "task_2", "task_3", "task_4", "task_5"], session.Tasks.Select(task => task.TaskId));
        Assert.Equal(
            [TaskOutcome.Landed, TaskOutcome.Landed, TaskOutcome.Failed, TaskOutcome.Landed, TaskOutcome.Landed], session.Tasks.Select(task => task.Outcome));
        Assert.Equal(["feat: one adds a function", "feat: two adds a function", "feat: three adds a function", "feat: four adds a function"], world.Commits(session));
        Assert.Equal(5, codebase.Improvements.List().Count);
        var interrupted = 0;
        foreach (var task in session.Tasks)
        {
            var contexts = codebase.Contexts.List(task.Improvement!.Value);
            var runs = contexts.Select(context => codebase.Contexts.Events(context.Id).Select(one => one.Event).ToList()).Where(events => events.OfType<StepStarted>().Any(step => step.Step == "agent")).ToList();
            var (began, ended) = (runs.Count, runs.Count(events => events.OfType<StepFinished>().Any(step => step is { Step: "agent", State: StepState.Done })));
            // An agent that came to its end is never run again for the same attempt: what it made is taken over.
            Assert.True(task.Outcome == TaskOutcome.Failed ? began <= 5 : ended == 1, $"night {night}, {task.TaskId}: the agent was begun {began} times and came to its end {ended} times: {string.Join("; ", contexts.Select(context => $"{context.Id} {context.State} {context.Error}"))}");
            Assert.Equal(began, task.Attempts.Count);
            interrupted += task.Attempts.Count(attempt => attempt.Outcome == "interrupted");
        }
        Assert.True(codebase.Audit.Verify().IsIntact);
        Assert.Empty(codebase.Notices);
        return interrupted;
    }

    private static TimeSpan Time(Action what)
    {
        var watch = Stopwatch.StartNew();
        what();
        return watch.Elapsed;
    }

    /// <returns>True when it was killed.</returns>
    private static bool Run(NightWorld world, TimeSpan? killAfter)
    {
        var ended = NightProgram.Run(world, ["autonomous", "run"], killAfter);
        Assert.True(ended.IsKilled || ended.Code == 0, ended.ToString());
        return ended.IsKilled;
    }
}
