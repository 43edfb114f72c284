using System.Runtime.CompilerServices;
using TarsCli.Output;
using TarsEngine.Planning;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsCli;

/// <summary>Looks at a context at intervals until it is at rest or the time is over. The last look is always the newest state.</summary>
internal sealed class Watch(CommandRun run, ContextId id, TimeSpan interval, TimeSpan timeout)
{
    // The end of a run is noticed sooner than the interval: a look at one row costs next to nothing.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    private long seen;

    public async IAsyncEnumerable<(ExecutionContext Context, IReadOnlyList<ReportLogLine> Lines)> LooksAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var started = run.Clock.GetTimestamp();
        while (true)
        {
            // The state first: events that come after it are read by the next look, and none is lost at the end.
            var context = Context();
            yield return (context, NewLines());
            if (context.State.IsAtRest()) yield break;
            var next = run.Clock.GetElapsedTime(started) + interval;
            while (!Context().State.IsAtRest() && run.Clock.GetElapsedTime(started) < next)
            {
                if (run.Clock.GetElapsedTime(started) >= timeout)
                {
                    yield return (Context(), NewLines());
                    yield break;
                }
                await Task.Delay(Glance, run.Clock, cancellation);
            }
        }
    }

    private ExecutionContext Context() => run.Codebase.Contexts.Get(id) ?? throw new InvalidOperationException($"{id} is gone.");

    private List<ReportLogLine> NewLines()
    {
        var lines = new List<ReportLogLine>();
        foreach (var (sequence, happened) in run.Codebase.Contexts.Events(id, seen))
        {
            seen = sequence;
            lines.Add(EventText.Of(happened));
        }
        return lines;
    }
}
