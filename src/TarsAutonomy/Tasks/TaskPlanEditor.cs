using System.Globalization;
using TarsEngine.Documents;

namespace TarsAutonomy.Tasks;

/// <summary>What editing a plan gave.</summary>
public abstract record PlanEdit;

/// <summary>The plan with the task's own lines changed, and every other byte as it was.</summary>
public sealed record PlanEdited(byte[] Bytes) : PlanEdit;

/// <summary>Nothing was changed.</summary>
/// <param name="Why">What stands against it, and how to go on.</param>
/// <param name="IsMissing">True where the plan has no such task.</param>
public sealed record PlanNotEdited(string Why, bool IsMissing = false) : PlanEdit;

/// <summary>
/// Changes one task in a plan: its status, and where it stands. Every other line stays byte for byte, with its encoding, line end and trailing
/// spaces. What came out is read again: where another task would mean something else then, nothing is changed.
/// </summary>
public static class TaskPlanEditor
{
    private const int MaxWords = 200;

    /// <summary>'Status: DONE (2025-10-30 02:15 by NAME)'.</summary>
    public static PlanEdit MarkDone(byte[] plan, string taskId, DateTimeOffset when, string? by) =>
        Mark(plan, taskId, PlannedTask.Done, by is null ? Time(when) : $"{Time(when)} by {OneLine(by)}");

    /// <summary>'Status: FAILED (2025-10-30 02:15: REASON)'.</summary>
    public static PlanEdit MarkFailed(byte[] plan, string taskId, DateTimeOffset when, string reason) =>
        Mark(plan, taskId, PlannedTask.Failed, $"{Time(when)}: {OneLine(reason)}");

    /// <summary>Puts a pending task at the end of the ready ones, 'Status: READY', 'Approved: 2025-10-30 09:12 by NAME'. One that is ready and failed is approved again where it stands.</summary>
    public static PlanEdit Approve(byte[] plan, string taskId, DateTimeOffset when, string by)
    {
        if (Open(plan, taskId, out var block, out var whyNot) is not { } lines) return whyNot!;
        if (block!.Section == TaskSection.NotReady)
            return new PlanNotEdited($"'{taskId}' stands under '{PlanOutline.Name(TaskSection.NotReady)}'. Put it under '{PlanOutline.Name(TaskSection.Pending)}' yourself when nothing speaks against it any more.");
        if (block.Section == TaskSection.Ready && block.Field(FieldNames.Approved) is { } given && FieldValues.HasDay(given.Value) && lines.StatusOf(block) is null or PlannedTask.Ready)
            return new PlanNotEdited($"'{taskId}' is ready already, and approved {given.Value}.");
        var status = lines.SetField(block, FieldNames.Status, "Status", PlannedTask.Ready, behind: null, whole: true);
        lines.SetField(block, FieldNames.Approved, "Approved", $"{Time(when)} by {OneLine(by)}", behind: status, whole: true);
        if (block.Section == TaskSection.Pending && !lines.MoveToReady(block))
            return new PlanNotEdited($"The plan has no section '{PlanOutline.Name(TaskSection.Ready)}' to put '{taskId}' into. Add its heading.");
        return Checked(plan, lines, taskId, PlannedTask.Ready);
    }

    private static PlanEdit Mark(byte[] plan, string taskId, string status, string note)
    {
        if (Open(plan, taskId, out var block, out var whyNot) is not { } lines) return whyNot!;
        lines.SetField(block!, FieldNames.Status, "Status", $"{status} ({note})", behind: null, whole: false);
        return Checked(plan, lines, taskId, status);
    }

    private static PlanLines? Open(byte[] plan, string taskId, out PlanBlock? block, out PlanNotEdited? whyNot)
    {
        (block, whyNot) = (null, null);
        var problems = new DocumentProblems(TaskPlan.DefaultPath);
        if (PlanText.Read(plan, problems) is not { } text)
        {
            whyNot = new(problems.List[0].Message);
            return null;
        }
        var outline = PlanOutline.Of(text, problems);
        var found = outline.Blocks.Where(b => b.Head.Id == taskId).ToList();
        if (found is [var only]) block = only;
        else whyNot = found.Count == 0
            ? new($"The plan has no task '{taskId}'.{NearestName.Hint(taskId, outline.Blocks.Select(b => b.Head.Id))}", IsMissing: true)
            : new($"The id '{taskId}' stands in the plan {found.Count} times; give each task its own.");
        return block is null ? null : new(text, outline);
    }

    private static PlanEdit Checked(byte[] plan, PlanLines lines, string taskId, string status)
    {
        var bytes = lines.ToBytes();
        var (before, after) = (TaskPlan.Read(plan).Tasks, TaskPlan.Read(bytes).Tasks);
        // An open comment or code block at the wrong place could swallow a neighbour.
        return Meaning(before, taskId).SequenceEqual(Meaning(after, taskId))
            && after.SingleOrDefault(t => t.Id == taskId) is { } changed && changed.Status == status && changed.Fingerprint == before.Single(t => t.Id == taskId).Fingerprint
            ? new PlanEdited(bytes)
            : new PlanNotEdited($"'{taskId}' can't be changed without touching what stands beside it. Mend the lines around it by hand: a comment or code block may be open.");
    }

    // All others, wherever they stand now. The order of the file counts, line numbers don't; nor do they in the text of a problem.
    private static IEnumerable<PlannedTask> Meaning(IEnumerable<PlannedTask> tasks, string but) =>
        tasks.Where(t => t.Id != but).Select(t => t with { Line = 0, Problem = t.Problem is null ? null : "" });

    private static string Time(DateTimeOffset when) => when.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    // What others wrote must not begin a comment, or end the line.
    private static string OneLine(string text)
    {
        var safe = string.Concat(text.Select(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? ' ' : c));
        safe = string.Join(' ', safe.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Replace("<!--", "<! --", StringComparison.Ordinal).Replace("-->", "-- >", StringComparison.Ordinal);
        return safe.Length > MaxWords ? safe[..MaxWords] + "…" : safe;
    }
}
