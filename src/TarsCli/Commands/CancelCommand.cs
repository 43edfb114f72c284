using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Planning;

namespace TarsCli.Commands;

/// <summary>'execute cancel': asks a run, in whatever process it is, to stop and settle.</summary>
internal static class CancelCommand
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Create(CompositionRoot composition)
    {
        var context = Options.Context("The execution context to cancel");
        context.Required = true;
        var command = new TarsCommand("cancel", "Cancel a running execution, from any terminal",
            ("tarscli execute cancel --context-id CTX-456", "stops it; the codebase stays untouched"))
        {
            context,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var id = run.Parsed.GetValue(context);
            if (run.Codebase.Contexts.Get(id) is not { } found) return Endings.ContextNotFound(id);
            if (found.State.IsAtRest())
                return new Ending(ExitCode.Conflict, $"{id} is not running: it is {Words.Text(found.State)}.") { Hints = Endings.NextSteps(found) };
            run.Codebase.Contexts.RequestControl(id, ControlRequest.Cancel, run.Reviewer);
            run.Screen.Talk($"Asked {id} to stop …");
            var started = run.Clock.GetTimestamp();
            while (run.Codebase.Contexts.Get(id) is { } now)
            {
                if (now.State.IsAtRest())
                {
                    run.Screen.Answer((id.ToString(), Style.Strong), ("  ", Style.Plain), (Words.Text(now.State), Words.StyleOf(now.State)));
                    // It may have come to its end before it heard: then it ended so, and that is said.
                    return now.State == ContextState.Cancelled ? Ending.Done : Endings.AtRest(now);
                }
                if (run.Clock.GetElapsedTime(started) > Patience) break;
                await Task.Delay(Glance, run.Clock, cancellation);
            }
            return new Ending(ExitCode.TimedOut, $"{id} was asked to stop and has not yet; it will at its next step.")
            {
                Hints = [$"'tarscli execute monitor --context-id {id}' shows when."],
            };
        });
        return command;
    }
}
