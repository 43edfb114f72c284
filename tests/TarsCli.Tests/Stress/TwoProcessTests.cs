using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TarsEngine.Improvements;
using TarsEngine.Planning;

namespace TarsCli.Tests.Stress;

/// <summary>Two real processes at once on one codebase: whatever happens must be what one after the other could have done.</summary>
public sealed partial class TwoProcessTests(ITestOutputHelper output)
{
    // A codebase serves for some rounds: then its files, contexts and audit entries are many enough to slow the next ones down.
    private const int RoundsPerWorld = 28;
    private static readonly int Worlds = StressSettings.IsFull ? 36 : 2, Rounds = StressSettings.IsFull ? RoundsPerWorld : 7;

    [Fact]
    public async Task Two_processes_on_one_codebase_do_what_one_after_the_other_could()
    {
        var (tally, bad) = (new ConcurrentDictionary<string, int>(StringComparer.Ordinal), new ConcurrentQueue<string>());
        var start = Stopwatch.GetTimestamp();
        output.WriteLine($"seed {StressSettings.Seed.ToString(CultureInfo.InvariantCulture)}");
        await Parallel.ForEachAsync(Enumerable.Range(0, Worlds), StressSettings.SideBySide(TestContext.Current.CancellationToken), async (number, _) =>
        {
            try
            {
                await FightAsync(number, tally);
            }
            catch (Exception error)
            {
                // Told with the others: one bad world must not hide what the rest shows.
                bad.Enqueue($"world {number}: {error}");
                output.WriteLine($"world {number}: {error}");
            }
            output.WriteLine($"so far: {tally.Values.Sum()} rounds, {bad.Count} bad, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        });
        var (tried, seconds) = (tally.Values.Sum(), Stopwatch.GetElapsedTime(start).TotalSeconds);
        foreach (var (end, times) in tally.OrderBy(t => t.Key, StringComparer.Ordinal)) output.WriteLine($"{times} × {end}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tried} rounds, {bad.Count} bad, {seconds:0} s, {seconds / Math.Max(tried, 1):0.00} s per round"));
        Assert.True(bad.IsEmpty, string.Join("\n\n", bad));
        Assert.Equal(Worlds * Rounds, tried);
    }

    private static async Task FightAsync(int number, ConcurrentDictionary<string, int> tally)
    {
        var random = new Random(StressSettings.Seed + number);
        using var world = new StressWorld(_ => { });
        var (root, user) = (world.Cli.Codebase, world.User());
        for (var round = 0; round < Rounds; round++)
        {
            Duel duel;
            using (var codebase = await world.OpenAsync())
                duel = await DuelKinds.All[(number * Rounds + round) % DuelKinds.All.Count](new(codebase, round));
            var elsewhere = Elsewhere(world, round);
            var delay = TimeSpan.FromMilliseconds(random.Next(600) - 300);
            var first = RunAsync(world, delay < TimeSpan.Zero ? -delay : TimeSpan.Zero, duel.First);
            var second = RunAsync(world, delay, duel.Second);
            var (one, two) = (await first, await second);

            var end = duel.Allowed.FirstOrDefault(a => a.First == one.Code && a.Second == two.Code && a.Files.All(f => Content(root, f.Path) == f.Content));
            var what = $"{duel.Name}, round {round}\nfirst: {one}\nsecond: {two}\n{string.Join('\n', duel.Allowed[0].Files.Select(f => $"{f.Path}: {Content(root, f.Path) ?? "absent"}"))}";
            Assert.True(end is not null, what);
            Assert.False(Unseemly().IsMatch(one.Talk + two.Talk), what);
            // Nothing but those files, and no folder that nothing stands in.
            Assert.Equal(elsewhere, Elsewhere(world, round));
            Assert.True(end.Files.Any(f => f.Content is not null) == Directory.Exists(Path.Combine(root, $"r{round}")), what);
            Assert.Equal(end.Files.Count(f => f.Content is not null), Count(Path.Combine(root, $"r{round}")));
            using (var codebase = await world.OpenAsync())
            {
                Assert.True(codebase.Notices.Count == 0, $"{what}\n{string.Join('\n', codebase.Notices)}");
                Assert.True(codebase.Audit.Verify().IsIntact, what);
                Assert.All(codebase.Contexts.List(), c => Assert.True(c.State.IsAtRest(), $"{what}\n{c.Id} {c.State}"));
                Assert.All(codebase.Improvements.List(), i => Assert.True(i.State != ImprovementState.Executing, $"{what}\n{i.Id} {i.State}"));
            }
            tally.AddOrUpdate($"{duel.Name}: {one.Code} and {two.Code}", 1, (_, n) => n + 1);
        }
        world.Cli.Expect(0, "audit", "verify");
        var leftovers = await world.LeftoversAsync();
        Assert.True(leftovers.Count == 0, string.Join('\n', leftovers));
        Assert.Equal(user, world.User());
    }

    /// <param name="after">So that the two meet at other places each time.</param>
    private static async Task<CliResult> RunAsync(StressWorld world, TimeSpan after, string[] arguments)
    {
        if (after > TimeSpan.Zero) await Task.Delay(after);
        return await world.Cli.RunAsync(world.Cli.Codebase, null, arguments);
    }

    private static string Elsewhere(StressWorld world, int round) => Picture.OfTree(world.Cli.Codebase, $"r{round}");

    private static string? Content(string root, string path) => File.Exists(Path.Combine(root, path)) ? File.ReadAllText(Path.Combine(root, path)) : null;

    private static int Count(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder).Length : 0;

    // What a user must never read: the storage's own words, a wait that was too short, a fault of the program.
    [GeneratedRegex("sqlite|is locked|was not free|defect|unhandled|somebody else|someone else", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Unseemly();
}
