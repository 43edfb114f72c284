namespace TarsAutonomy.Tasks;

/// <summary>A plan's lines as bytes, to be changed one by one and put together again.</summary>
internal sealed class PlanLines
{
    private readonly PlanText text;
    private readonly PlanOutline outline;

    // Per line of the file: what stands there now. Several lines where some were added behind it, none where it was moved away.
    private readonly List<byte[]>[] lines;

    public PlanLines(PlanText text, PlanOutline outline)
    {
        (this.text, this.outline) = (text, outline);
        lines = [.. text.Lines.Select(line => new List<byte[]> { text.BytesOf(line).ToArray() })];
    }

    public string? StatusOf(PlanBlock block) => block.Field(FieldNames.Status) is { } field ? FieldValues.Status(field.Value) : null;

    /// <summary>Gives a field another value, or adds it.</summary>
    /// <param name="key">For a field that isn't there.</param>
    /// <param name="behind">The line behind which a new one is put; null: the task's last line.</param>
    /// <param name="whole">True takes away the lines with which the old value went on; else they stay.</param>
    /// <returns>The index of its line.</returns>
    public int SetField(PlanBlock block, string name, string key, string value, int? behind, bool whole)
    {
        if (block.Field(name) is { } field)
        {
            Replace(field.Line, value);
            // The line itself; what was added behind it stays.
            foreach (var more in whole ? field.More : []) lines[more].RemoveAt(0);
            return field.Line;
        }
        var at = behind ?? block.Last;
        Add(at, Bullet(block) + $"{key}: {value}");
        return at;
    }

    /// <summary>False where there is no ready section.</summary>
    public bool MoveToReady(PlanBlock block)
    {
        if (outline.Sections.FirstOrDefault(s => s.Section == TaskSection.Ready) is not { } ready) return false;
        var moved = Enumerable.Range(block.First, block.Last - block.First + 1).SelectMany(i => lines[i]).ToList();
        for (var i = block.First; i <= block.Last; i++) lines[i].Clear();
        var lastTask = outline.Blocks.LastOrDefault(b => b.First > ready.Heading && b.First < ready.End);
        var target = lastTask?.Last ?? LastSpoken(ready);
        // The blank line behind the task goes with it; without tasks to stand beside, it needs one to stand apart from the words above.
        if (TakeBlank(block) is { } blank) moved.Insert(0, blank);
        else if (lastTask is null) moved.Insert(0, text.LineEnd(target));
        End(lines[target], target);
        End(moved, block.Last);
        lines[target].AddRange(moved);
        return true;
    }

    public byte[] ToBytes() =>
        [.. text.Bytes.AsSpan(0, text.Lines is [var first, ..] ? first.Start : text.Bytes.Length), .. lines.SelectMany(line => line).SelectMany(bytes => bytes)];

    private void Replace(int index, string value)
    {
        var line = text.Lines[index];
        var start = PlanMarkup.ValueStart(line.Text) ?? line.Text.Length;
        // A comment behind the value, and spaces at the end, stay.
        var comment = line.Text.IndexOf("<!--", start, StringComparison.Ordinal);
        var behind = comment < 0 ? line.Text.Length : comment;
        while (behind > start && char.IsWhiteSpace(line.Text[behind - 1])) behind--;
        var gap = start > 0 && !char.IsWhiteSpace(line.Text[start - 1]) ? " " : "";
        lines[index][0] =
        [
            .. text.Bytes.AsSpan(line.Start, ByteLength(line, 0, start)), .. text.Encode(gap + value),
            .. text.Bytes.AsSpan(line.Start + ByteLength(line, 0, behind), line.Next - line.Start - ByteLength(line, 0, behind)),
        ];
    }

    // Measured in the line's own bytes: a line that is no UTF-8 was read as one letter for each byte.
    private int ByteLength(PlanLine line, int from, int to)
    {
        if (line.Text.Length == line.End - line.Start) return to - from;
        return text.Measure(line.Text[from..to]);
    }

    private void Add(int index, string line)
    {
        var hadEnd = lines[index] is not [.., var last] || last.AsSpan().EndsWith(text.LineEnd(index));
        End(lines[index], index);
        lines[index].Add([.. text.Encode(line), .. hadEnd ? text.LineEnd(index) : []]);
    }

    // A file's last line may have no end; what now stands behind it needs one.
    private void End(List<byte[]> several, int index)
    {
        var end = text.LineEnd(index);
        if (several is [.., var last] && !last.AsSpan().EndsWith(end)) several[^1] = [.. last, .. end];
    }

    // As the fields beside it are written; else two columns further in than the task.
    private string Bullet(PlanBlock block)
    {
        if (block.Fields is [.., var field])
        {
            var line = text.Lines[field.Line].Text;
            var start = line.Length - line.AsSpan().TrimStart().Length;
            if (line[start] is '-' or '*' or '+') return line[..(start + 1)] + " ";
        }
        var head = text.Lines[block.First].Text;
        return head[..(head.Length - head.AsSpan().TrimStart().Length)] + "  - ";
    }

    private int LastSpoken(PlanSection section)
    {
        var at = section.End - 1;
        while (at > section.Heading && (string.IsNullOrWhiteSpace(text.Lines[at].Text) || PlanMarkup.IsRule(text.Lines[at].Text))) at--;
        return at;
    }

    private byte[]? TakeBlank(PlanBlock block)
    {
        bool IsBlank(int index) => index >= 0 && index < lines.Length && string.IsNullOrWhiteSpace(text.Lines[index].Text) && lines[index].Count == 1;
        if (!IsBlank(block.Last + 1) || !IsBlank(block.First - 1)) return null;
        var blank = lines[block.Last + 1][0];
        lines[block.Last + 1].Clear();
        return blank;
    }
}
