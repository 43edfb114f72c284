using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace TarsCli.Tests.Stress;

/// <summary>The real program, killed with SIGKILL at random moments; the next command must find all-before or all-after, and nothing left.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string Checks = "[{ name: x, run: [sh, -c, 'sleep 0.3'] }]";
    private static readonly KilledCommand[] Commands = Enum.GetValues<KilledCommand>();

    [Fact]
    public async Task A_killed_command_has_landed_whole_or_left_no_trace()
    {
        var tally = new KillTally();
        var clock = Stopwatch.GetTimestamp();
        output.WriteLine($"seed {StressSettings.Seed.ToString(CultureInfo.InvariantCulture)}");
        // All of them: every shape with every command, four times. A few: every shape but the slowest, the commands in turn.
        var worlds = StressSettings.IsFull
            ? ChangeShape.All.Select((shape, i) => (shape, i, Commands))
            : ChangeShape.All.Where(s => s.Name is not ("200-files" or "deep" or "patch")).Select((shape, i) => (shape, i, (KilledCommand[])[Commands[i % Commands.Length]]));
        await Parallel.ForEachAsync(worlds, StressSettings.SideBySide(TestContext.Current.CancellationToken), async (world, _) =>
        {
            var (shape, number, commands) = world;
            try
            {
                await TryAsync(shape, commands, StressSettings.IsFull ? 4 : 1, new(StressSettings.Seed + number), isChecked: number % 3 == 0, tally);
            }
            catch (Exception error)
            {
                // Told with the others: one bad world must not hide what the rest shows.
                tally.Report($"{shape.Name}: {error}");
            }
        });
        output.WriteLine($"{tally}; {Stopwatch.GetElapsedTime(clock).TotalSeconds:0} s");
        Assert.True(tally.Bad.Count == 0, string.Join("\n\n", tally.Bad));
        Assert.True(tally.Tried >= (StressSettings.IsFull ? 200 : 12));
    }

    private async Task TryAsync(ChangeShape shape, IEnumerable<KilledCommand> commands, int kills, Random random, bool isChecked, KillTally tally)
    {
        using var world = new StressWorld(shape.Before, isChecked ? Checks : "[]");
        TarsEngine.Storage.ImprovementId improvement;
        using (var codebase = await world.OpenAsync()) improvement = StressWorld.Add(codebase, shape.ToYaml());
        var begin = world.Tree();
        foreach (var command in commands)
        {
            var one = new KillCase(world, shape, command, improvement, isChecked);
            var (arguments, _) = await one.PrepareAsync();
            var before = world.Tree();
            // What it does and how long it takes when nobody kills it.
            var start = Stopwatch.GetTimestamp();
            var whole = world.Cli.Run(arguments);
            var duration = Stopwatch.GetElapsedTime(start);
            var after = world.Tree();
            Assert.True((whole.Code == 0) == (!shape.IsDisturbed && !(shape.IsEmpty && command == KilledCommand.Approve)), $"{command} of {shape.Name}: {whole}");
            Assert.Equal(shape.IsDisturbed || shape.IsEmpty, before == after);
            await one.ResetAsync();
            Assert.Equal(begin, world.Tree());
            for (var kill = 0; kill < kills; kill++)
            {
                (arguments, var context) = await one.PrepareAsync();
                Assert.Equal(before, world.Tree());
                // Even over the whole duration: each of the kills at random within its own part of it. The last is aimed at the commit,
                // which is short; and so is every other where there is only one.
                var isAimed = kill == kills - 1 && (kills > 1 || random.Next(2) == 0);
                var moment = isAimed ? duration * (0.2 * random.NextDouble()) : duration * ((kill + random.NextDouble()) / kills);
                var end = await KillAsync(world, arguments, context?.ToString(), moment, isAimed, before, after);
                output.WriteLine($"{shape.Name}, {command}{(isChecked ? " (checked)" : "")}{(isAimed ? " (aimed)" : "")}: {end}");
                tally.Count(end);
                await one.ResetAsync();
                Assert.Equal(begin, world.Tree());
            }
        }
    }

    private static async Task<string> KillAsync(StressWorld world, string[] arguments, string? context, TimeSpan moment, bool isAimed, string before, string after)
    {
        var user = world.User();
        var ended = await world.KillAsync(moment, isAimed, arguments);
        var status = world.Cli.Expect(0, "execute", "status", "--format", "json");
        var what = $"{string.Join(' ', arguments)}, killed after {moment.TotalMilliseconds:0} ms\n{status}";
        var tree = world.Tree();
        Assert.True(tree == before || tree == after, $"{what}\nneither before nor after:\n{Picture.Difference(before, tree)}");
        Assert.True(user == world.User(), $"{what}\nthe user's:\n{Picture.Difference(user, world.User())}");
        var leftovers = await world.LeftoversAsync();
        Assert.True(leftovers.Count == 0, $"{what}\nleft:\n{string.Join('\n', leftovers)}");
        world.Cli.Expect(0, "audit", "verify");
        using var document = JsonDocument.Parse(status.Answer);
        var contexts = document.RootElement.GetProperty("contexts").EnumerateArray().ToList();
        Assert.All(contexts, c => Assert.True(c.GetProperty("atRest").GetBoolean(), what));
        var state = contexts.Where(c => context is null || c.GetProperty("id").GetString() == context).Select(c => c.GetProperty("state").GetString()).LastOrDefault();
        return End(ended, status.Talk, tree == after && before != after, state);
    }

    private static string End(bool ended, string talk, bool landed, string? state) =>
        ended ? "ended before the kill"
        : talk.Contains("is now finished", StringComparison.Ordinal) ? "rolled forward"
        : talk.Contains("was discarded", StringComparison.Ordinal) ? "discarded"
        : talk.Contains("nothing of it is in the codebase", StringComparison.Ordinal) ? "interrupted"
        : talk.Contains("it is settled as", StringComparison.Ordinal) ? $"interrupted, settled as {state}"
        : landed ? "done, and killed behind that"
        : "not begun, or done with nothing to land";
}
