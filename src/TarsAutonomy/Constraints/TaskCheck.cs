using TarsAutonomy.Tasks;

namespace TarsAutonomy.Constraints;

/// <summary>A task against the constraints.</summary>
internal static class TaskCheck
{
    public static IEnumerable<Violation> Check(PlannedTask task, AutonomousConstraints constraints) =>
        [.. ConstraintCheck.Unreadable(constraints), .. Standing(task), .. Figures(task, constraints), .. Words(task, constraints)];

    private static IEnumerable<Violation> Standing(PlannedTask task)
    {
        if (task.Problem is { } problem) yield return High("constraints/task-unclear", problem, "Mend the plan.");
        if (task.Section == TaskSection.Pending) yield return High("constraints/section", $"The task waits for approval: it stands under '{PlanOutline.Name(task.Section)}'.", $"'tarscli tasks approve {task.Id}' approves it.");
        if (task.Section == TaskSection.NotReady) yield return High("constraints/section", $"The task is not ready for autonomous execution{(task.Reason is null ? "." : $": {task.Reason}")}");
        if (task.Status is not (null or PlannedTask.Ready) && task.Section == TaskSection.Ready)
            yield return High("constraints/status", $"The task is not ready: its status is {task.Status}.", task.Status == PlannedTask.Done ? null : $"'tarscli tasks approve {task.Id}' makes it ready again.");
        if (task is { SafetyNeedsReview: true, IsApprovedByPerson: false })
            yield return new("constraints/safety-check", Violation.High, $"The safety check asks for a person: {task.SafetyNote}", null, Blocked: false) { Remedy = $"'tarscli tasks approve {task.Id}' is that person's word." };
    }

    private static IEnumerable<Violation> Figures(PlannedTask task, AutonomousConstraints constraints)
    {
        if (task.AlignmentScore is not { } score) yield return High("constraints/alignment", "Alignment score missing, or not a number out of 100", "Write 'Alignment score: 95/100'.");
        else if (score < constraints.MinAlignment) yield return High("constraints/alignment", $"Alignment score too low: {score}", $"At least {constraints.MinAlignment} is asked for.");
        if (task.EstimatedLines is not { } lines) yield return High("constraints/lines", "Estimated lines missing, or not a number", "Write 'Estimated lines: 10'.");
        else if (lines > constraints.MaxLines && !task.IsApprovedByPerson)
            yield return High("constraints/lines", $"Task too large: {lines} lines", $"The limit is {constraints.MaxLines}. Split the task, or approve it: 'tarscli tasks approve {task.Id}'.");
        if (constraints.RequireTests && task.Tests != TestsDefined.Yes && !WritesTests(task))
            yield return High("constraints/tests", task.Tests == TestsDefined.No ? $"Tests not defined: {task.TestsNote}" : "Tests not defined", "Write 'Tests defined: Yes (tests/unit/test_x.py)'; a task that writes tests needs none.");
    }

    private static IEnumerable<Violation> Words(PlannedTask task, AutonomousConstraints constraints)
    {
        var description = new WordSearch(task.Description);
        foreach (var word in constraints.ForbiddenWords.Where(description.Has))
            yield return High("constraints/words", $"Task mentions forbidden operation: {word}", "If it means something harmless, say it in other words.");
        if (task.IsApprovedByPerson) yield break;
        foreach (var need in constraints.Approvals.Where(need => need.Words.Any(description.Has)))
            yield return new(need.Rule, Violation.High, $"{need.Message}: a person must approve the task", null, Blocked: false) { Remedy = $"'tarscli tasks approve {task.Id}' approves it." };
    }

    // 'Add unit tests for the parser', not 'Make the tests pass'.
    private static bool WritesTests(PlannedTask task)
    {
        var words = WordSearch.Split(task.Description);
        var verb = words.Take(2).Any(w => w is "add" or "write" or "create" or "extend" or "cover" or "improve" or "expand");
        return verb && words.Take(6).Any(w => w is "test" or "tests" or "testcase" or "testcases" or "coverage" or "spec" or "specs");
    }

    private static Violation High(string rule, string message, string? remedy = null) => new(rule, Violation.High, message, null, Blocked: true) { Remedy = remedy };
}
