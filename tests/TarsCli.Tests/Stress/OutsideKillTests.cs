using TarsEngine.Worlds;

namespace TarsCli.Tests.Stress;

/// <summary>The real program, killed by the kernel at its n-th write, rename, fsync, …; SQLite's are among them.</summary>
public sealed class OutsideKillTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("approve")]
    [InlineData("rollback")]
    public void A_command_killed_at_a_system_call_is_all_or_nothing(string name)
    {
        using var temp = new TempFolder(inMemory: true);
        var (program, died) = (new KilledProgram(temp.Path, name), 0);
        var random = new Random(StressSettings.Seed);
        // One call of each kind; './run stress kills' takes all.
        foreach (var (call, number) in program.Points.GroupBy(point => point.Call, StringComparer.Ordinal).Select(kind => kind.ElementAt(random.Next(kind.Count()))))
        {
            var (isDead, problem) = program.Kill(call, number);
            output.WriteLine($"{name}, {call} {number}: {(isDead ? "died" : "came to its end")}");
            Assert.Null(problem is null ? null : $"{name}, {call} {number}: {problem}");
            if (isDead) died++;
        }
        Assert.True(died >= 3);
    }
}
