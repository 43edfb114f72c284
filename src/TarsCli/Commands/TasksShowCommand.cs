using System.CommandLine;
using System.Globalization;
using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>'tasks show': one task with everything that is known of it.</summary>
internal static class TasksShowCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var id = new Argument<string>("id") { Description = "The task, such as task_3" };
        var command = new TarsCommand("show", "Show one task of the plan, and what speaks against it",
            ("tarscli tasks show task_3", "what it is, where it stands, and whether it is safe"))
        {
            id,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var plans = await TaskPlans.ReadAsync(run, cancellation);
            var wanted = run.Parsed.GetRequiredValue(id);
            if (plans.Plan.Find(wanted) is not { } task) return plans.NotFound(wanted);
            Write(run.Screen, task);
            WriteViolations(run.Screen, plans.Check(task));
            return Ending.Done;
        });
        return command;
    }

    /// <summary>One line each, with how to go on; 'safe' where there are none. Shared with 'tasks check'.</summary>
    public static void WriteViolations(Screen screen, IReadOnlyList<Violation> violations)
    {
        if (violations.Count == 0) screen.Answer("safe: an agent may do it without a person", Style.Good);
        foreach (var one in violations)
        {
            screen.Answer((one.Blocked ? "blocked" : "needs a person", one.Blocked ? Style.Bad : Style.Warn), ($"  {one.Message}", Style.Plain), ($"  [{one.Rule}, {one.Severity}]", Style.Dim));
            if (one.Remedy is not null) screen.Answer("  → " + one.Remedy, Style.Accent);
        }
    }

    private static void Write(Screen screen, PlannedTask task)
    {
        screen.Answer((task.Id, Style.Strong), ($"  {task.Description}", Style.Plain));
        Line("section", Words.Text(task.Section));
        Line("line", Text(task.Line));
        Line("alignment score", task.AlignmentScore is { } score ? $"{Text(score)}/100" : null);
        Line("estimated lines", task.EstimatedLines is { } lines ? Text(lines) : null);
        Line("tests defined", task.TestsNote);
        Line("safety check", task.SafetyNote);
        Line("status", task.Status);
        Line(task.IsApprovedByPerson ? "approved" : "auto-approved", task.Approved);
        Line("agent", task.Agent);
        Line("reason", task.Reason);
        Line("use", task.Use);

        void Line(string name, string? value)
        {
            if (value is not null) screen.Answer(($"  {name,-17}", Style.Dim), (value, Style.Plain));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
