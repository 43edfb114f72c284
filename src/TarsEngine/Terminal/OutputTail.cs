namespace TarsEngine.Terminal;

/// <summary>The last lines of a command's output. Its room is used again and again: a flood of lines makes no garbage.</summary>
internal sealed class OutputTail(int most)
{
    private readonly List<Slot> slots = [];
    private long count;

    public IReadOnlyList<OutputLine> Lines =>
        [.. Enumerable.Range(0, slots.Count).Select(i => slots[(int)((count + i) % slots.Count)]).Select(slot => new OutputLine(slot.Source, new string(slot.Text, 0, slot.Length)))];

    public void Add(OutputSource source, ReadOnlySpan<char> text)
    {
        if (most == 0) return;
        if (slots.Count < most) slots.Add(new());
        // While it fills up, the oldest one is the first: count and places agree in both phases.
        var slot = slots[(int)(count++ % most)];
        if (slot.Text.Length < text.Length) slot.Text = new char[Math.Max(text.Length, slot.Text.Length * 2)];
        text.CopyTo(slot.Text);
        (slot.Source, slot.Length) = (source, text.Length);
    }

    private sealed class Slot
    {
        public OutputSource Source;
        public char[] Text = [];
        public int Length;
    }
}
