using System.CommandLine;
using System.Globalization;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>'tasks list': every task of the plan, and whether it is safe.</summary>
internal static class TasksListCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var format = Options.Format();
        var command = new TarsCommand("list", "List the tasks of the plan, and what speaks against each",
            ("tarscli tasks list", "'safe', or the rule that speaks against it"),
            ("tarscli tasks list --format json", "for programs"))
        {
            format,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var plans = await TaskPlans.ReadAsync(run, cancellation);
            if (run.Parsed.GetValue(format) == OutputFormat.Json)
            {
                run.Screen.AnswerRaw(TasksDocument.Of(plans).ToJson());
                return Ending.Done;
            }
            if (plans.Plan.Tasks.Count == 0)
            {
                run.Screen.Talk($"The plan has no tasks yet. Write one into '{plans.Path}', such as it shows.");
                return Ending.Done;
            }
            var table = new TextTable("Id", "Section", "Score", "Lines", "Tests", "Status", "Verdict", "Description");
            foreach (var task in plans.Plan.Tasks)
            {
                var (verdict, style) = plans.VerdictOf(task);
                table.Add((task.Id, Style.Strong), (Words.Text(task.Section), Style.Plain), (Number(task.AlignmentScore), Style.Plain), (Number(task.EstimatedLines), Style.Plain),
                    (task.Tests == TarsAutonomy.Tasks.TestsDefined.NotSaid ? "-" : Words.Text(task.Tests), Style.Plain), (task.Status ?? "-", Style.Plain), (verdict, style), (task.Description, Style.Plain));
            }
            table.Write(run.Screen);
            return Ending.Done;
        });
        return command;
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
