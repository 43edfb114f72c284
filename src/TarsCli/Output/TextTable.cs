using TarsEngine.Review;

namespace TarsCli.Output;

/// <summary>Rows under headings. On a terminal Spectre.Console draws it; elsewhere columns are aligned with spaces, easy to cut.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<(string Text, Style Style)[]> rows = [];

    public bool IsEmpty => rows.Count == 0;

    public void Add(params (string Text, Style Style)[] cells) => rows.Add(cells);

    public void Write(Screen screen)
    {
        if (screen.AnswerIsTerminal) SpectreTable.Write(screen, headings, rows);
        else WriteAligned(screen);
    }

    private void WriteAligned(Screen screen)
    {
        var widths = headings.Select((h, i) => Math.Max(h.Length, rows.Count == 0 ? 0 : rows.Max(r => SafeText.Line(r[i].Text).Length))).ToArray();
        screen.Answer([.. Line([.. headings.Select(h => (h, Style.Strong))])]);
        foreach (var row in rows) screen.Answer([.. Line(row)]);

        IEnumerable<(string, Style)> Line((string Text, Style Style)[] cells) =>
            cells.Select((c, i) => (i == cells.Length - 1 ? c.Text : SafeText.Line(c.Text).PadRight(widths[i] + 2), c.Style));
    }
}
