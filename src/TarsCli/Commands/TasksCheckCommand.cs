using System.CommandLine;
using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsCli.Output;
using TarsEngine.Files;

namespace TarsCli.Commands;

/// <summary>'tasks check': may an agent do it without a person?</summary>
internal static class TasksCheckCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var id = new Argument<string?>("id") { Description = "The task, such as task_3; without it, every task that stands under 'Ready'", Arity = ArgumentArity.ZeroOrOne };
        var files = new Option<string[]>("--files") { Description = "Files that the task is going to change, by their paths in the codebase", HelpName = "path", AllowMultipleArgumentsPerToken = true };
        var format = Options.Format();
        var command = new TarsCommand("check", "Check a task, or all ready ones, against the constraints",
            ("tarscli tasks check task_3", "0: safe, 8: a person must approve it, 5: refused"),
            ("tarscli tasks check task_3 --files src/models.py tests/test_models.py", "with what it is going to change"),
            ("tarscli tasks check --format json", "'safe_for_autonomous', 'violations', 'can_proceed', for programs"))
        {
            id, files, format,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var paths = (run.Parsed.GetValue(files) ?? []).Select(ParsePath).ToList();
            var plans = await TaskPlans.ReadAsync(run, cancellation);
            var wanted = run.Parsed.GetValue(id);
            IReadOnlyList<PlannedTask> tasks;
            if (wanted is null) tasks = [.. plans.Plan.Tasks.Where(t => t.Section == TaskSection.Ready)];
            else if (plans.Plan.Find(wanted) is { } one) tasks = [one];
            else return plans.NotFound(wanted);
            return Say(run, run.Parsed.GetValue(format), [.. tasks.Select(t => new CheckedTask(t, [.. plans.Check(t), .. ConstraintCheck.OfPaths(paths, plans.Constraints, t)]))]);
        });
        return command;
    }

    private static RepositoryPath ParsePath(string text) =>
        RepositoryPath.TryParse(text, out var path, out var problem) ? path : throw new UsageException(problem, "Give paths relative to the codebase's root, such as src/models.py.");

    private static Ending Say(CommandRun run, OutputFormat format, IReadOnlyList<CheckedTask> tasks)
    {
        if (format == OutputFormat.Json)
        {
            run.Screen.AnswerRaw(TaskCheckDocument.Of(tasks).ToJson());
        }
        else
        {
            if (tasks.Count == 0) run.Screen.Talk("No tasks ready for autonomous execution");
            foreach (var one in tasks)
            {
                run.Screen.Answer((one.Task.Id, Style.Strong), ($"  {one.Task.Description}", Style.Plain));
                TasksShowCommand.WriteViolations(run.Screen, one.Violations);
            }
        }
        var violations = tasks.SelectMany(t => t.Violations).ToList();
        return new(violations.Count == 0 ? ExitCode.Done : violations.Any(v => v.Blocked) ? ExitCode.Denied : ExitCode.Held);
    }
}
