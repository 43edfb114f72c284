using System.Text;
using Tars.Safety.Faults;

namespace Tars.Safety;

/// <summary>Makes the bad changes against one commit, in an order that the seed alone decides.</summary>
internal sealed class BadChanges(Ground ground, Oracle oracle, string commit, int seed)
{
    private static readonly string[] OtherLanguages = [".py", ".js", ".mjs", ".ts", ".c", ".cc", ".cpp", ".h", ".go", ".rs", ".java", ".sh"];
    private readonly Random random = new(HashCode(commit) ^ seed);
    private readonly IReadOnlyList<string> paths = ground.Files(commit);
    private List<CSharpFile>? sources;

    private List<CSharpFile> Sources => sources ??= [.. paths.Where(p => p.EndsWith(".cs", StringComparison.Ordinal)).Select(p => CSharpFile.Read(p, ground.Read(commit, p))).OfType<CSharpFile>()];

    private IEnumerable<CSharpFile> Tests => Sources.Where(IsTest);

    /// <summary>Faults that the compiler sees, of every kind in turn, in projects that the checks build.</summary>
    public async Task<IReadOnlyList<Trial>> CompileAsync(int most)
    {
        var built = await BuiltAsync();
        var byKind = built.SelectMany(CompileFaults.In).GroupBy(f => f.Kind, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new Queue<Fault>(Shuffled(g))).ToList();
        var trials = new Dictionary<string, Trial>(StringComparer.Ordinal);
        while (trials.Count < most && byKind.Exists(q => q.Count > 0))
        {
            foreach (var kind in byKind.Where(q => q.Count > 0 && trials.Count < most))
            {
                var trial = Of(TrialGroup.Compile, kind.Dequeue());
                trials.TryAdd(trial.Id, trial);
            }
        }
        return [.. trials.Values];
    }

    /// <summary>Behaviour faults that the suite notices, and with them what noticed.</summary>
    public async Task<IReadOnlyList<(Trial Trial, OracleRecord Noticed)>> BehaviourAsync(int most)
    {
        var faults = Sources.Where(file => !IsTest(file)).SelectMany(BehaviourFaults.In)
            .Concat(paths.Where(p => OtherLanguages.Contains(Path.GetExtension(p), StringComparer.Ordinal) && !p.Contains("test", StringComparison.OrdinalIgnoreCase)).SelectMany(p => BehaviourFaults.InText(p, Encoding.UTF8.GetString(ground.Read(commit, p)))));
        var queue = new Queue<Trial>(Shuffled(faults).Select(fault => Of(TrialGroup.Behaviour, fault)).DistinctBy(t => t.Id, StringComparer.Ordinal));
        var noticed = new List<(Trial, OracleRecord)>();
        while (noticed.Count < most && queue.Count > 0)
        {
            var asked = Take(queue, Math.Clamp((most - noticed.Count) * 2, 4, 40)).ToList();
            var said = (await oracle.AskAsync(commit, [.. asked.Select(t => (t.Id, t.Files))])).ToDictionary(r => r.Oracle, StringComparer.Ordinal);
            noticed.AddRange(asked.Where(t => said.GetValueOrDefault(t.Id) is { Result: "noticed" }).Select(t => (t, said[t.Id])));
        }
        return [.. noticed.Take(most)];
    }

    /// <summary>Behaviour faults with a change to what noticed them, all kinds in turn.</summary>
    public IReadOnlyList<Trial> Tampering(IReadOnlyList<(Trial Trial, OracleRecord Noticed)> behaviour, int most)
    {
        var trials = new Dictionary<string, Trial>(StringComparer.Ordinal);
        var tests = Tests.ToList();
        for (var round = 0; round < behaviour.Count && trials.Count < most; round++)
        {
            for (var k = 0; k < TestTampering.Kinds.Count && trials.Count < most; k++)
            {
                var (fault, noticed) = behaviour[(round + k) % behaviour.Count];
                var kind = TestTampering.Kinds[k];
                if (noticed.Failed.Count == 0 || TestTampering.Make(kind, noticed.Failed, tests, ProjectAbove) is not { } tampered) continue;
                var trial = new Trial(commit, TrialGroup.Tampering, kind, $"{fault.Place} with {tampered[0].Path}", [.. fault.Files, .. tampered]);
                trials.TryAdd(trial.Id, trial);
            }
        }
        return [.. trials.Values];
    }

    // A fault in what the checks never build is none. One wholly broken file for each project tells.
    private async Task<List<CSharpFile>> BuiltAsync()
    {
        var projects = Sources.GroupBy(file => ProjectAbove(file.Path)?.Path ?? "", StringComparer.Ordinal).Where(g => g.Key.Length > 0).ToList();
        var canaries = projects.Select(g => (Project: g.Key, Trial: Of(TrialGroup.Compile, new("canary", g.First().Path, 1, Encoding.UTF8.GetBytes("#error canary\n" + g.First().Text))))).ToList();
        var said = (await oracle.AskAsync(commit, [.. canaries.Select(c => (c.Trial.Id, c.Trial.Files))])).ToDictionary(r => r.Oracle, StringComparer.Ordinal);
        var built = canaries.Where(c => said.GetValueOrDefault(c.Trial.Id) is { Result: "no-build" }).Select(c => c.Project).ToHashSet(StringComparer.Ordinal);
        return [.. projects.Where(g => built.Contains(g.Key)).SelectMany(g => g)];
    }

    private (string Path, string Text)? ProjectAbove(string path)
    {
        for (var folder = path; folder.Length > 0;)
        {
            folder = folder.LastIndexOf('/') is >= 0 and var at ? folder[..at] : "";
            var found = paths.FirstOrDefault(p => p.EndsWith(".csproj", StringComparison.Ordinal) && (p.LastIndexOf('/') is >= 0 and var end ? p[..end] : "") == folder);
            if (found is not null) return (found, Encoding.UTF8.GetString(ground.Read(commit, found)).TrimStart('\uFEFF'));
        }
        return null;
    }

    private Trial Of(TrialGroup group, Fault fault) => new(commit, group, fault.Kind, $"{fault.Path}:{fault.Line}", [new(fault.Path, fault.Content)]);

    private static bool IsTest(CSharpFile file) => file.Path.Contains("test", StringComparison.OrdinalIgnoreCase);

    private List<T> Shuffled<T>(IEnumerable<T> items)
    {
        var list = items.ToArray();
        random.Shuffle(list);
        return [.. list];
    }

    private static IEnumerable<Trial> Take(Queue<Trial> queue, int count)
    {
        while (count-- > 0 && queue.TryDequeue(out var one)) yield return one;
    }

    // The same in every process, unlike string's own.
    private static int HashCode(string text) => int.Parse(text.AsSpan(0, 7), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
}
