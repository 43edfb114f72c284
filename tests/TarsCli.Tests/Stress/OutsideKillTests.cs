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
        var (program, tried, died) = (new KilledProgram(temp.Path, name), 0, 0);
        var random = new Random(StressSettings.Seed);
        // One call of some kinds; './run stress kills' takes all.
        var kinds = program.Points.Where(point => point.Call is "pwrite64" or "fsync" or "fdatasync" or "renameat2" or "unlinkat").GroupBy(point => point.Call, StringComparer.Ordinal);
        foreach (var (call, number) in kinds.Select(kind => kind.ElementAt(random.Next(kind.Count()))))
        {
            var (isDead, problem) = program.Kill(call, number);
            output.WriteLine($"{name}, {call} {number}: {(isDead ? "died" : "came to its end")}");
            Assert.Null(problem is null ? null : $"{name}, {call} {number}: {problem}");
            tried++;
            if (isDead) died++;
        }
        // The threads share the calls out anew each time: not every one has as many.
        Assert.True(died * 2 > tried);
    }
}
