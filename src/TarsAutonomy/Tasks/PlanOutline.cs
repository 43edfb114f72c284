using System.Text;
using TarsEngine.Documents;

namespace TarsAutonomy.Tasks;

/// <summary>A task with the lines that belong to it, by index.</summary>
internal sealed class PlanBlock(TaskSection section, TaskLine head, int first)
{
    private readonly StringBuilder description = new(head.Description);

    public TaskSection Section { get; } = section;

    public TaskLine Head { get; } = head;

    public int First { get; } = first;

    /// <summary>The last line that speaks of it; blank ones behind are nobody's.</summary>
    public int Last { get; set; } = first;

    public string Description => description.ToString();

    public List<PlanField> Fields { get; } = [];

    public int Line => First + 1;

    /// <summary>What goes on with its last field, or with its description.</summary>
    public void Continue(string more, int line)
    {
        var field = Fields is [.., var last] ? last : null;
        field?.More.Add(line);
        var text = field?.Text ?? description;
        text.Append(text.Length > 0 ? " " : "").Append(more);
        Last = line;
    }

    /// <summary>By its name in the way of <see cref="FieldNames"/>; the first where there are several.</summary>
    public PlanField? Field(string name) => Fields.Find(f => f.Name == name);
}

/// <summary>One line of a task that says 'key: value', and the lines that go on with it.</summary>
internal sealed class PlanField(string name, string key, string value, int line)
{
    /// <summary>As <see cref="FieldNames"/> calls it; its own words where that doesn't know it.</summary>
    public string Name { get; } = name;

    /// <summary>As it is written.</summary>
    public string Key { get; } = key;

    /// <summary>By index.</summary>
    public int Line { get; } = line;

    /// <summary>The lines that go on with it, by index.</summary>
    public List<int> More { get; } = [];

    public StringBuilder Text { get; } = new(value);

    public string Value => Text.ToString();
}

/// <summary>A heading of one of the three sections, and how far it reaches.</summary>
/// <param name="End">Behind its last line.</param>
internal sealed record PlanSection(TaskSection Section, int Heading, int End);

/// <summary>A plan taken apart: its sections, its tasks, and which line belongs to which. Reader and editor see the same.</summary>
internal sealed class PlanOutline
{
    private readonly PlanText text;
    private readonly string?[] visible;
    private readonly DocumentProblems problems;
    private readonly List<PlanBlock> blocks = [];
    private readonly List<PlanSection> sections = [];
    private TaskSection? section;
    private bool isUnclear;
    private PlanBlock? block;

    private PlanOutline(PlanText text, DocumentProblems problems) =>
        (this.text, this.problems, visible) = (text, problems, VisibleLines.Of(text.Lines, problems));

    public IReadOnlyList<PlanBlock> Blocks => blocks;

    public IReadOnlyList<PlanSection> Sections => sections;

    public static PlanOutline Of(PlanText text, DocumentProblems problems)
    {
        var outline = new PlanOutline(text, problems);
        outline.Walk();
        return outline;
    }

    private void Walk()
    {
        var wasSilent = false;
        for (var i = 0; i < visible.Length; i++)
        {
            if (visible[i] is not { } line)
            {
                // A silent stretch that begins within a task is the task's: an example, indented as its fields are.
                if (!wasSilent && (block is null || PlanMarkup.Indent(text.Lines[i].Text) <= block.Head.Indent)) block = null;
                if (block is not null) block.Last = i;
                wasSilent = true;
                continue;
            }
            wasSilent = false;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (HeadingAt(i) is { } heading) Enter(heading, i);
            else Take(line, i);
        }
        Close(visible.Length);
    }

    private string? HeadingAt(int index)
    {
        if (PlanMarkup.Heading(visible[index]!) is { } heading) return heading;
        var isUnderlined = index + 1 < visible.Length && visible[index + 1] is { } below && PlanMarkup.IsUnderline(below);
        return isUnderlined && PlanMarkup.Bullet(visible[index]!) is null && PlanMarkup.Task(visible[index]!) is null ? visible[index] : null;
    }

    // Every heading ends a section: what stands under a heading of its own is not simply ready.
    private void Enter(string heading, int index)
    {
        Close(index);
        section = PlanMarkup.SectionOf(heading, out isUnclear);
        if (isUnclear) problems.Add(index + 1, 1, $"The heading '{heading.Trim()}' says ready, and in the same breath that it isn't; its tasks count as not ready.");
        if (section is { } one && sections.Find(s => s.Section == one) is { } earlier)
            problems.Add(index + 1, 1, $"The section '{Name(one)}' stands here again; the first is on line {earlier.Heading + 1}. Put its tasks together.");
        if (section is { } begun) sections.Add(new(begun, index, index));
    }

    private void Close(int end)
    {
        if (section is not null) sections[^1] = sections[^1] with { End = end };
        (section, block) = (null, null);
    }

    private void Take(string line, int index)
    {
        if (PlanMarkup.IsRule(line)) block = null;
        else if (PlanMarkup.Task(line) is { } task) Begin(task, index);
        else if (PlanMarkup.Bullet(line) is { } bullet)
        {
            var name = bullet.Key is null ? null : FieldNames.Of(bullet.Key);
            if (block is not null && (bullet.Indent > block.Head.Indent || name is not null)) AddField(name, bullet.Key, bullet.Value, index);
            else if (section is not null) NoTask(index);
        }
        else if (block is not null && (PlanMarkup.Indent(line) > block.Head.Indent || !string.IsNullOrWhiteSpace(visible[index - 1])))
        {
            block.Continue(line.Trim(), index);
        }
        else
        {
            block = null;
            if (section is not null && PlanMarkup.IsDisguised(line)) NoTask(index);
        }
    }

    private void Begin(TaskLine task, int index)
    {
        block = null;
        if (section is { } within) blocks.Add(block = new(within, task, index));
        else if (task.IsMarked || task.Id.StartsWith("task", StringComparison.OrdinalIgnoreCase))
            problems.Add(index + 1, 1, $"The task '{task.Id}' stands outside of every section, so it is none. Put it under '{Name(TaskSection.Ready)}', '{Name(TaskSection.Pending)}' or '{Name(TaskSection.NotReady)}'.");
    }

    private void AddField(string? name, string? key, string value, int index)
    {
        block!.Fields.Add(new(name ?? PlanMarkup.Words(key ?? value), key ?? "", value, index));
        block.Last = index;
        if (name is not null) return;
        problems.Add(index + 1, 1, key is null
            ? $"This line of '{block.Head.Id}' is no 'key: value'; it has no effect."
            : $"'{key}' of '{block.Head.Id}' has no effect here.{NearestName.Hint(key, FieldNames.Spelled)}");
    }

    private void NoTask(int index)
    {
        block = null;
        problems.Add(index + 1, 1, "This is no task: a task has an id in brackets, such as '- **[task_3]** Add a test'.");
    }

    /// <summary>A section's heading as it is to be written.</summary>
    public static string Name(TaskSection section) => section switch
    {
        TaskSection.Ready => "Ready for Autonomous Execution",
        TaskSection.Pending => "Pending Approval",
        _ => "Not Ready",
    };
}
