using Spectre.Console;
using TarsEngine.Review;

namespace TarsCli.Output;

/// <summary>Kept apart so that commands without a terminal never load Spectre.Console.</summary>
internal static class SpectreTable
{
    public static IAnsiConsole Console(Screen screen)
    {
        screen.Flush();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = screen.AnswerIsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.AnswerHasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(screen.AnswerWriter),
        });
        console.Profile.Width = screen.Width;
        return console;
    }

    public static void Write(Screen screen, IEnumerable<string> headings, IEnumerable<(string Text, Style Style)[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in headings) table.AddColumn(new TableColumn(new Text(heading, new Spectre.Console.Style(decoration: Decoration.Bold))));
        foreach (var row in rows) table.AddRow(row.Select(Cell));
        Console(screen).Write(table);
        screen.Flush();
    }

    public static Text Cell((string Text, Style Style) cell) => new(SafeText.Line(cell.Text), cell.Style switch
    {
        Style.Strong => new(decoration: Decoration.Bold),
        Style.Dim => new(decoration: Decoration.Dim),
        Style.Good => new(Color.Green),
        Style.Bad => new(Color.Red),
        Style.Warn => new(Color.Yellow),
        Style.Accent => new(Color.Teal),
        _ => Spectre.Console.Style.Plain,
    });
}
