using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Planning;

namespace TarsCli.Commands;

/// <summary>'execute monitor': follows a run from any process until it is at rest.</summary>
internal static class MonitorCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var context = Options.Context("The execution context to monitor");
        context.Required = true;
        var interval = Options.Number("--interval", "seconds", "The monitoring interval in seconds", 5, 1, 3_600);
        var timeout = Options.Number("--timeout", "seconds", "The monitoring timeout in seconds; the run goes on after it", 300, 0, 604_800);
        var command = new TarsCommand("monitor", "Monitor an execution until it is at rest",
            ("tarscli execute monitor --context-id CTX-456", "until it is done, or waits for review"),
            ("tarscli execute monitor --context-id CTX-456 --interval 10 --timeout 600", "looks every 10 seconds, for up to 10 minutes"))
        {
            context, interval, timeout,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var id = run.Parsed.GetValue(context);
            if (run.Codebase.Contexts.Get(id) is null) return Endings.ContextNotFound(id);
            var watch = new Watch(run, id, TimeSpan.FromSeconds(run.Parsed.GetValue(interval)), TimeSpan.FromSeconds(run.Parsed.GetValue(timeout)));
            var last = run.Screen.AnswerIsTerminal
                ? await LiveDisplay.FollowAsync(run.Screen, watch, cancellation)
                : await FollowAsync(run.Screen, watch, cancellation);
            if (last.State.IsAtRest()) return Endings.AtRest(last);
            return new Ending(ExitCode.TimedOut, $"{id} is still {Words.Text(last.State)} after {run.Parsed.GetValue(timeout)} seconds; it goes on.")
            {
                Hints = [$"'tarscli execute monitor --context-id {id}' watches on; --timeout gives it longer."],
            };
        });
        return command;
    }

    // Without a terminal: a line for every event, and one for every look.
    private static async Task<ExecutionContext> FollowAsync(Screen screen, Watch watch, CancellationToken cancellation)
    {
        ExecutionContext? last = null;
        await foreach (var (context, lines) in watch.LooksAsync(cancellation))
        {
            foreach (var line in lines) screen.Answer(($"{Words.Clock(line.At)} ", Style.Dim), (line.Text, Words.StyleOf(line.Level)));
            screen.Answer((context.Id.ToString(), Style.Strong), ("  ", Style.Plain), (Words.Text(context.State), Words.StyleOf(context.State)),
                ($"  {context.StepsDone} of {context.StepsTotal} steps", Style.Plain));
            screen.Flush();
            last = context;
        }
        return last!;
    }
}
