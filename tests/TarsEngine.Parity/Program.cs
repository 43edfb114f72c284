using System.Diagnostics;
using System.Globalization;
using TarsEngine.CSharp.Answering;
using TarsEngine.Parity;

// Compares, edit by edit, what the compiler's worker says with what a real build in the sandbox says. See tests/parity.
var options = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
var folders = options["--folders"].Split(',');
await using var room = await ParityRoom.OpenAsync(options["--codebase"], options.GetValueOrDefault("--config", ""));
var sources = room.Base.Entries.Keys.Where(path => path.Value.EndsWith(".cs", StringComparison.Ordinal) && Array.Exists(folders, folder => path.Value.StartsWith(folder + "/", StringComparison.Ordinal)))
    .ToDictionary(path => path.Value, room.Text, StringComparer.Ordinal);
int equal = 0, unsure = 0, wrong = 0, broken = 0, number = 0;
List<double> builds = [], verdicts = [];

// An empty line at the end of one file of each folder has everything compiled as it is.
await TryAsync(new("the base", folders.Select(folder => sources.Keys.First(path => path.StartsWith(folder + "/", StringComparison.Ordinal))).ToDictionary(path => path, string? (path) => sources[path] + "\n", StringComparer.Ordinal)), room.OfBase);
foreach (var edit in new EditMaker(sources, int.Parse(options.GetValueOrDefault("--seed", "1"), CultureInfo.InvariantCulture)).Make(int.Parse(options.GetValueOrDefault("--edits", "66"), CultureInfo.InvariantCulture)).Where(edit => edit.Kind.Contains(options.GetValueOrDefault("--only", ""), StringComparison.Ordinal))) await TryAsync(edit, null);

Console.WriteLine($"{equal} of {equal + wrong + unsure} equal ({broken} of them broken), {unsure} left to the build, {wrong} different");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median: build in the sandbox {Median(builds):0} ms, verdict of the worker {Median(verdicts):0.0} ms"));
return wrong == 0 ? 0 : 1;

async Task TryAsync(Edit edit, IReadOnlySet<Shown>? known)
{
    var changes = room.Changes(edit);
    var verdict = await room.AskAsync(changes, all: false);
    var answer = await room.AskAsync(changes, all: true);
    var started = Stopwatch.GetTimestamp();
    var built = known ?? await room.BuildAsync(changes);
    if (known is null) builds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    var result = "equal";
    var shown = answer.Messages.Select(Shown.Of).ToHashSet();
    if (answer.Status == AnswerStatus.Unsure) (result, unsure) = ("left to the build: " + answer.Reason, unsure + 1);
    else if (!shown.SetEquals(built) || (known is null && !verdict.Messages.Select(Shown.Of).ToHashSet().SetEquals(built.Where(one => one.IsError)))) (result, wrong) = ("DIFFERENT", wrong + 1);
    else equal++;
    if (result == "equal" && built.Any(one => one.IsError)) broken++;
    if (answer.Status != AnswerStatus.Unsure) verdicts.Add(verdict.Milliseconds);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number++,3}  {edit.Kind,-40} {built.Count(one => one.IsError),4} errors {built.Count(one => !one.IsError),4} warnings  verdict {verdict.Milliseconds,7:0} ms  {result}  ({string.Join(", ", edit.Files.Keys)})"));
    if (result != "DIFFERENT") return;
    foreach (var one in built.Except(shown)) Console.WriteLine("       only the build:  " + one);
    foreach (var one in shown.Except(built)) Console.WriteLine("       only the worker: " + one);
    foreach (var one in verdict.Messages.Select(Shown.Of).Except(built)) Console.WriteLine("       only the verdict: " + one);
}

static double Median(List<double> samples) => samples.Count == 0 ? 0 : samples.Order().ElementAt(samples.Count / 2);
