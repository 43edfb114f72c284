using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Improvements;

namespace TarsCli.Commands;

/// <summary>'improve list': what can be executed.</summary>
internal static class ImproveListCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var all = Options.Switch("--all", "Show also what has landed, is superseded or was removed");
        var format = Options.Format();
        var command = new TarsCommand("list", "List the improvements that can be executed",
            ("tarscli improve list", "what can be executed, or is on its way"),
            ("tarscli improve list --all --format json", "everything, for programs"))
        {
            all, format,
        };
        command.SetWork(composition, run =>
        {
            var everything = run.Codebase.Improvements.List();
            var shown = run.Parsed.GetValue(all) ? everything : [.. everything.Where(i => IsOpen(i.State))];
            if (run.Parsed.GetValue(format) == OutputFormat.Json)
            {
                run.Screen.AnswerRaw(new ImprovementsDocument([.. shown.Select(ImprovementItem.Of)]).ToJson());
                return Ending.Done;
            }
            if (shown.Count == 0)
            {
                run.Screen.Talk(everything.Count == 0
                    ? "No improvements yet. Add one: 'tarscli improve add change.patch'."
                    : $"No improvements to execute; {everything.Count} done or removed: 'tarscli improve list --all' shows them.");
                return Ending.Done;
            }
            var table = new TextTable("Id", "State", "Priority", "Category", "Title");
            foreach (var one in shown)
            {
                table.Add((one.Id.ToString(), Style.Strong), (Words.Text(one.State), Words.StyleOf(one.State)),
                    (Words.Text(one.Priority), Style.Plain), (one.Category, Style.Plain), (one.Title, Style.Plain));
            }
            table.Write(run.Screen);
            return Ending.Done;
        });
        return command;
    }

    private static bool IsOpen(ImprovementState state) =>
        state is not (ImprovementState.Landed or ImprovementState.Superseded or ImprovementState.Removed);
}
