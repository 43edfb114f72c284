using System.Text;

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
