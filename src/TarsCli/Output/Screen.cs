using System.Text;
using TarsEngine.Review;

namespace TarsCli.Output;

/// <summary>
/// The two streams: the answer goes to standard output, the talk to standard error. Everything written passes
/// <see cref="SafeText"/>, so that no title, path or program output can act on the terminal.
/// </summary>
internal sealed class Screen : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly StreamWriter answer;
    private readonly StreamWriter talk;
    private readonly bool answerColors;
    private readonly bool talkColors;
    private readonly Lock gate = new();

    public Screen(Terminal terminal, ColorChoice choice)
    {
        answer = new(terminal.Output, Utf8, 16 * 1024) { AutoFlush = false, NewLine = "\n" };
        talk = new(terminal.Error, Utf8, 1024) { AutoFlush = true, NewLine = "\n" };
        (Width, AnswerIsTerminal, TalkIsTerminal) = (terminal.Width, terminal.OutputIsTerminal, terminal.ErrorIsTerminal);
        answerColors = Colors(terminal.OutputIsTerminal);
        talkColors = Colors(terminal.ErrorIsTerminal);

        bool Colors(bool isTerminal) => choice switch
        {
            ColorChoice.Always => true,
            ColorChoice.Never => false,
            _ => isTerminal && terminal.AllowsColors,
        };
    }

    public bool AnswerIsTerminal { get; }
    public bool TalkIsTerminal { get; }
    public bool AnswerHasColors => answerColors;
    public int Width { get; }

    /// <summary>One line, or several parted by line feeds, of the answer.</summary>
    public void Answer(string text, Style style = Style.Plain) => Write(answer, answerColors, text, style);

    /// <summary>A line of the answer made of differently styled parts.</summary>
    public void Answer(params ReadOnlySpan<(string Text, Style Style)> parts)
    {
        var line = new StringBuilder();
        foreach (var (text, style) in parts)
        {
            var safe = SafeText.Line(text);
            line.Append(answerColors ? Ansi.Apply(style, safe) : safe);
        }
        lock (gate) answer.WriteLine(line);
    }

    /// <summary>JSON or JSON lines, exactly as they are: the writer has escaped them already.</summary>
    public void AnswerRaw(string text)
    {
        lock (gate) answer.WriteLine(text);
    }

    public void Talk(string text, Style style = Style.Plain)
    {
        Flush();
        Write(talk, talkColors, text, style);
    }

    /// <summary>What is left to say at the end, and nothing where the answer has said it.</summary>
    public void End(Ending ending)
    {
        if (ending.Message is not null) Talk(ending.Message, ending.Code == ExitCode.Done ? Style.Good : Style.Bad);
        foreach (var detail in ending.Details) Talk("  " + detail.Replace("\n", "\n  ", StringComparison.Ordinal));
        foreach (var hint in ending.Hints) Talk("→ " + hint, Style.Accent);
        Flush();
    }

    /// <summary>For Spectre.Console, which writes tables and live displays on terminals.</summary>
    public TextWriter AnswerWriter => answer;

    public void Flush()
    {
        lock (gate) answer.Flush();
    }

    public void Dispose()
    {
        Flush();
        talk.Flush();
    }

    private void Write(StreamWriter to, bool colors, string text, Style style)
    {
        lock (gate)
        {
            foreach (var line in text.Split('\n'))
            {
                var safe = SafeText.Line(line, maxLength: 20_000);
                to.WriteLine(colors ? Ansi.Apply(style, safe) : safe);
            }
        }
    }
}

/// <summary>What stands behind the two streams; the composition root finds it out.</summary>
internal sealed record Terminal(Stream Output, Stream Error, bool OutputIsTerminal, bool ErrorIsTerminal, bool AllowsColors, int Width);
