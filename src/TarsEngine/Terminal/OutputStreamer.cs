using System.Globalization;

namespace TarsEngine.Terminal;

/// <summary>Takes both streams of one command: lines to the listener within limits, everything to the log, the end to the result.</summary>
internal sealed class OutputStreamer
{
    private readonly CommandLog log;
    private readonly OutputLimits limits;
    private readonly Action<OutputLine>? listener;
    private readonly Action<string>? everyLine;
    private readonly OutputTail tail;
    private readonly LineReader output, error;
    private long handedOn;
    private bool silenced;

    public OutputStreamer(CommandLog log, OutputLimits limits, Action<OutputLine>? listener, Action<string>? everyLine = null)
    {
        (this.log, this.limits, this.listener, this.everyLine) = (log, limits, listener, everyLine);
        tail = new(limits.TailLines);
        output = Reader(OutputSource.Output);
        error = Reader(OutputSource.Error);
    }

    public bool Truncated { get; private set; }

    public IReadOnlyList<OutputLine> Tail => tail.Lines;

    public void AddOutput(ReadOnlySpan<byte> bytes) => Add(output, bytes);

    public void AddError(ReadOnlySpan<byte> bytes) => Add(error, bytes);

    /// <summary>Both streams are at their end.</summary>
    public void End()
    {
        output.End();
        error.End();
    }

    private void Add(LineReader reader, ReadOnlySpan<byte> bytes)
    {
        reader.Add(bytes);
        // What came is in the log for whoever looks, and stays there whatever happens to us.
        log.Flush();
    }

    private LineReader Reader(OutputSource source)
    {
        var continues = false;
        return new LineReader((piece, ends) =>
        {
            log.Write(piece, ends);
            Truncated |= log.Truncated;
            if (!continues && ends) everyLine?.Invoke(new string(piece));
            // Of a line in pieces the first one is handed on, cut.
            if (!continues) HandOn(source, piece, whole: ends);
            continues = !ends;
        });
    }

    private void HandOn(OutputSource source, ReadOnlySpan<char> text, bool whole)
    {
        if (text.Length > limits.LineCharacters || !whole)
        {
            Truncated = true;
            var cut = Math.Min(text.Length, limits.LineCharacters);
            if (cut > 0 && char.IsHighSurrogate(text[cut - 1])) cut--;
            text = string.Create(CultureInfo.InvariantCulture, $"{text[..cut]}… [line cut after {cut} characters]");
        }
        tail.Add(source, text);
        if (silenced) return;
        handedOn += text.Length + 1;
        if (handedOn > limits.TotalCharacters)
        {
            (silenced, Truncated) = (true, true);
            text = string.Create(CultureInfo.InvariantCulture, $"… [more than {limits.TotalCharacters} characters of output: the rest is in the log]");
        }
        listener?.Invoke(new(source, new string(text)));
    }
}
