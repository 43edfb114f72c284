using System.Diagnostics;
using System.Globalization;

namespace Tars.Safety;

/// <summary>The whole run: each group in turn, each change once, whatever was done before left alone.</summary>
internal sealed class SafetyRun(SafetyOptions options, Ground ground, Ledger ledger, Oracle oracle)
{
    private const int History = 200;
    private readonly HashSet<string> planned = new(StringComparer.Ordinal);
    private readonly Dictionary<TrialGroup, (int Tried, TimeSpan Time)> pace = [];

    /// <summary>What this run's own changes came to.</summary>
    public IReadOnlyList<Record> Results => [.. ledger.Records.Where(record => planned.Contains(record.Id))];

    public IReadOnlyDictionary<TrialGroup, (int Tried, TimeSpan Time)> Pace => pace;

    public async Task RunAsync()
    {
        var commits = ground.Commits(History).ToList();
        var childTests = await ChildTestsAsync(commits, options.ByTests / 6);
        var rest = options.ByTests - childTests.Count;
        var bases = await GreenAsync(commits);
        for (var i = 0; i < bases.Count; i++)
        {
            var bad = new BadChanges(ground, oracle, bases[i], options.Seed);
            var share = Share(rest, i, bases.Count);
            var behaviour = await bad.BehaviourAsync(share - (share / 3));
            var tampering = bad.Tampering(behaviour, share - behaviour.Count);
            var compile = await bad.CompileAsync(Share(options.Bad - options.ByTests, i, bases.Count));
            foreach (var trial in (IEnumerable<Trial>)[.. compile, .. behaviour.Select(b => b.Trial), .. tampering]) await TryAsync(trial);
        }
        foreach (var trial in childTests) await TryAsync(trial);
        foreach (var trial in await GoodAsync(commits)) await TryAsync(trial);
    }

    // On a red base our own run would see a fault in everything.
    private async Task<IReadOnlyList<string>> GreenAsync(List<string> commits)
    {
        var found = new List<string>();
        for (var i = 0; i < options.Bases; i++)
        {
            foreach (var commit in commits.Skip(i * commits.Count / options.Bases).Take(commits.Count / options.Bases).Except(found, StringComparer.Ordinal))
            {
                if (!await IsGreenAsync(commit)) continue;
                found.Add(commit);
                break;
            }
        }
        return found.Count > 0 ? found : throw new InvalidOperationException("No commit builds here with a green suite. The logs of the last tries lie in the work folder, under 'answers'.");
    }

    private async Task<bool> IsGreenAsync(string commit)
    {
        var nothing = Nothing(commit);
        return await oracle.AskAsync(commit, [(nothing.Id, nothing.Files)]) is [{ Result: "green" }];
    }

    private static Trial Nothing(string commit) => new(commit, TrialGroup.Good, "base", "", []);

    // A commit's tests need its sources where they fail, or don't compile, without them.
    private async Task<IReadOnlyList<Trial>> ChildTestsAsync(List<string> commits, int most)
    {
        var found = new List<Trial>();
        foreach (var commit in commits)
        {
            if (found.Count >= most) break;
            if (ground.ParentOf(commit) is not { } parent) continue;
            var files = ground.ChangesOf(parent, commit);
            var tests = files.Where(f => f.Path.Contains("test", StringComparison.OrdinalIgnoreCase)).ToList();
            if (tests.Count == 0 || tests.Count == files.Count) continue;
            var (trial, nothing) = (new Trial(parent, TrialGroup.ChildTests, commit[..12], $"{tests.Count} of {files.Count} files", tests), Nothing(parent));
            // What fails on a red parent may have nothing to do with the commit's tests.
            if (await oracle.AskAsync(parent, [(nothing.Id, nothing.Files), (trial.Id, trial.Files)]) is [{ Result: "green" }, { Result: "noticed" or "no-build" }]) found.Add(trial);
        }
        return found;
    }

    // Oldest first: what landed is the next one's base, and its run the next one's baseline.
    private async Task<IReadOnlyList<Trial>> GoodAsync(List<string> commits)
    {
        var found = new List<Trial>();
        foreach (var commit in commits)
        {
            if (found.Count >= options.Good) break;
            if (ground.ParentOf(commit) is not { } parent || ground.ChangesOf(parent, commit) is not { Count: > 0 } files) continue;
            var trial = new Trial(parent, TrialGroup.Good, commit, $"{files.Count} files", files);
            var nothing = Nothing(parent);
            if (await oracle.AskAsync(parent, [(nothing.Id, nothing.Files), (trial.Id, trial.Files)]) is [{ Result: "green" }, { Result: "green" }]) found.Add(trial);
        }
        found.Reverse();
        return found;
    }

    private async Task TryAsync(Trial trial)
    {
        if (!planned.Add(trial.Id) || ledger.Find(trial) is not null) return;
        var started = Stopwatch.GetTimestamp();
        var record = await ground.TryAsync(trial);
        if (record is { Outcome: "landed", Group: TrialGroup.Compile } && await oracle.AskAsync(trial.Base, [(trial.Id, trial.Files)]) is [{ Result: "green" }])
            record = record with { Outcome = "no-fault", Message = "Our own run builds it and its suite is green: the fault is none here." };
        ledger.Add(record);
        var so = pace.GetValueOrDefault(trial.Group);
        pace[trial.Group] = (so.Tried + 1, so.Time + Stopwatch.GetElapsedTime(started));
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{record.Outcome,-8} {record.Milliseconds,6} ms  {trial.Group} {trial.Kind} {trial.Place}  {string.Join(' ', record.Rules.Take(3))}"));
    }

    private static int Share(int all, int index, int count) => (all / count) + (index < all % count ? 1 : 0);
}
