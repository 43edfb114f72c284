using TarsAutonomy.Sessions;
using TarsEngine.Files;
using TarsEngine.Planning;

namespace TarsAutonomy.Tests.NightShift;

/// <summary>A night that dies at the very places where something was just finished: the next one takes it over.</summary>
public sealed class DyingNightTests
{
    [Theory]
    [InlineData("note step 'agent'", 2)]
    [InlineData("save the change of", 1)]
    [InlineData("save the change of", 2)]
    [InlineData("save the verdict of", 1)]
    [InlineData("journal the landing of", 1)]
    [InlineData("journal the branch of", 1)]
    [InlineData("settle", 1)]
    [InlineData("save task task_1", 3)]
    public async Task What_an_agent_made_before_its_night_died_lands_without_it(string operation, int time)
    {
        using var world = new NightWorld("  max-attempts: 1").Agent("one", NightWorld.Good("one")).Task("task_1", "one adds a function").Commit();
        var dying = new DyingAt(operation, time);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var dead = await world.OpenAsync(dying);
            await world.NightOf(dead).RunAsync(new(), CancellationToken.None);
        });
        Assert.True(dying.IsDead);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        var session = await world.RunAsync();

        Assert.True(session.Tasks is [{ Outcome: TaskOutcome.Landed }] || session.Id.Number == 2, session.Tasks[0].ToString());
        using var codebase = await world.OpenAsync();
        var first = world.NightOf(codebase).Store.List()[0];
        Assert.Equal(TaskOutcome.Landed, first.Tasks[0].Outcome);
        Assert.Equal(["feat: one adds a function"], world.Commits(first));
        var ran = codebase.Contexts.List(first.Tasks[0].Improvement!.Value).Count(context => codebase.Contexts.Events(context.Id).Any(one => one.Event is StepStarted { Step: "agent" }));
        // Before its change was kept, nobody can know that it had ended.
        Assert.True(ran == 1 || operation == "save the change of", $"the agent ran {ran} times");
        Assert.True(codebase.Audit.Verify().IsIntact);
    }

    /// <summary>Dies when an operation on the state begins for the n-th time: from then on no call comes through.</summary>
    private sealed class DyingAt(string operation, int time) : ISeamObserver
    {
        private int met;

        public bool IsDead { get; private set; }

        public void Before(SeamCall call)
        {
            if (!IsDead && call.Operation == "begin" && call.Target.StartsWith(operation, StringComparison.Ordinal) && Interlocked.Increment(ref met) == time) IsDead = true;
            if (IsDead) throw new KilledException();
        }

        public void After(SeamCall call)
        {
            if (IsDead) throw new KilledException();
        }
    }
}
