// The engine as a library: start a run, observe it, pause it, let it go on, and cancel it or bring it to review.
//
//     ControlARun <codebase> <patch or improvement file> [cancel]
//
// Control and observation go through the codebase's state, so the second half works from any other process as well:
// it needs the context's id and nothing else.

using System.Collections;
using TarsEngine;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Storage;

if (args is not [var folder, var file, .. var rest])
{
    Console.Error.WriteLine("usage: ControlARun <codebase> <patch or improvement file> [cancel]");
    return 2;
}
var cancel = rest is ["cancel"];

// The engine looks up nothing by itself: environment, folders and names come in here.
var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
var began = new TaskCompletionSource<ContextId>(TaskCreationOptions.RunContinuationsAsynchronously);
var options = new CodebaseOptions(
    Path.GetFullPath(folder),
    UserStateFolder: Path.Combine(environment.GetValueOrDefault("XDG_STATE_HOME") ?? Path.Combine(home, ".local", "state"), "tars"),
    UserConfigurationFile: null,
    Actor: "the example",
    environment)
{
    // Observe, in the process that runs: every event as it happens. The first one tells the context's id.
    Happened = (context, _) => began.TrySetResult(context),
};

using var codebase = await Codebase.OpenAsync(options);
foreach (var notice in codebase.Notices) Console.WriteLine($"notice     {notice}");

using var source = File.OpenRead(file);
if (ImprovementSource.Read(source, file, new SiblingFiles(new FileSystem(), Path.GetDirectoryName(Path.GetFullPath(file))!)) is not Proposed { Improvements: [var proposal, ..] })
{
    Console.Error.WriteLine($"'{file}' holds no improvement that can be added; 'tarscli improve add' says why.");
    return 2;
}
var improvement = codebase.Improvements.Add(proposal, "the example").Improvement;
Console.WriteLine($"added      {improvement.Id} {improvement.Title}");

// Start: the task ends when the run is at rest.
var run = codebase.Execution.ExecuteAsync(improvement.Id, new ExecutionOptions());
if (await Task.WhenAny(run, began.Task) == run && !began.Task.IsCompleted)
{
    Console.WriteLine($"not begun  {await run}");
    return 1;
}
var id = await began.Task;

// Pause, and go on: honoured between steps and stages.
Console.WriteLine($"pause      {codebase.Contexts.RequestControl(id, ControlRequest.Pause, "the example").GetType().Name}");
Console.WriteLine($"resume     {codebase.Contexts.RequestControl(id, ControlRequest.Resume, "the example").GetType().Name}");
if (cancel) Console.WriteLine($"cancel     {codebase.Contexts.RequestControl(id, ControlRequest.Cancel, "the example").GetType().Name}");

// Observe, from whatever process: events behind the last one seen, until the context is at rest.
var seen = 0L;
while (true)
{
    var context = codebase.Contexts.Get(id)!;
    foreach (var (sequence, happened) in codebase.Contexts.Events(id, seen))
    {
        seen = sequence;
        Console.WriteLine($"event      {happened}");
    }
    if (context.State.IsAtRest()) break;
    await Task.Delay(TimeSpan.FromMilliseconds(100));
}

Console.WriteLine($"outcome    {(await run).GetType().Name}");
Console.WriteLine($"at rest    {id} {codebase.Contexts.Get(id)!.State.Word()}");
return 0;
