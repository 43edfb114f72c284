using Spectre.Console;
using TarsEngine.Review;

namespace TarsCli.Output;

/// <summary>A run on a terminal: its lines scroll above, its state and steps stand below.</summary>
internal static class LiveDisplay
{
    private const int LinesShown = 12;

    public static async Task<ExecutionContext> FollowAsync(Screen screen, Watch watch, CancellationToken cancellation)
    {
        ExecutionContext? last = null;
        var shown = new Queue<ReportLogLine>();
        await SpectreTable.Console(screen).Live(new Text("")).AutoClear(false).StartAsync(async live =>
        {
            await foreach (var (context, lines) in watch.LooksAsync(cancellation))
            {
                foreach (var line in lines) shown.Enqueue(line);
                while (shown.Count > LinesShown) shown.Dequeue();
                live.UpdateTarget(Picture(context, shown));
                live.Refresh();
                screen.Flush();
                last = context;
            }
        });
        screen.Flush();
        return last!;
    }

    private static Rows Picture(ExecutionContext context, IEnumerable<ReportLogLine> lines)
    {
        var head = new BreakdownChart { Width = 40 }.HideTags();
        head.AddItem("done", context.StepsDone, Color.Green);
        head.AddItem("to do", Math.Max(context.StepsTotal - context.StepsDone, context.StepsTotal == 0 ? 1 : 0), Color.Grey);
        return new Rows(
        [
            .. lines.Select(line => SpectreTable.Cell(($"{Words.Clock(line.At)} {line.Text}", Words.StyleOf(line.Level)))),
            SpectreTable.Cell(($"{context.Id}  {Words.Text(context.State)}  {context.StepsDone} of {context.StepsTotal} steps", Words.StyleOf(context.State))),
            head,
        ]);
    }
}
