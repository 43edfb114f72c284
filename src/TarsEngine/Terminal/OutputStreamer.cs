using System.Globalization;

namespace TarsEngine.Terminal;

/// <summary>Takes both streams of one command: lines to the listener within limits, everything to the log, the end to the result.</summary>
internal sealed class OutputStreamer
{
    private readonly CommandLog log;
    private readonly OutputLimits limits;
    private readonly Action<OutputLine>? listener;
    private readonly Queue<OutputLine> tail = [];
    private long handedOn;
    private bool silenced;

    public OutputStreamer(CommandLog log, OutputLimits limits, Action<OutputLine>? listener)
    {
        (this.log, this.limits, this.listener) = (log, limits, listener);
        Output = Reader(OutputSource.Output);
        Error = Reader(OutputSource.Error);
    }

    public LineReader Output { get; }

    public LineReader Error { get; }

    public bool Truncated { get; private set; }

    public IReadOnlyList<OutputLine> Tail => [.. tail];

    private LineReader Reader(OutputSource source)
    {
        var continues = false;
        return new LineReader((piece, ends) =>
        {
            log.Write(piece, ends);
            Truncated |= log.Truncated;
            // Of a line in pieces the first one is handed on, cut.
            if (!continues) HandOn(source, piece, whole: ends);
            continues = !ends;
        });
    }

    private void HandOn(OutputSource source, string text, bool whole)
    {
        if (text.Length > limits.LineCharacters || !whole)
        {
            Truncated = true;
            var cut = Math.Min(text.Length, limits.LineCharacters);
            if (cut > 0 && char.IsHighSurrogate(text[cut - 1])) cut--;
            text = string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, cut)}… [line cut after {cut} characters]");
        }
        var line = new OutputLine(source, text);
        tail.Enqueue(line);
        if (tail.Count > limits.TailLines) tail.Dequeue();
        if (silenced) return;
        handedOn += text.Length + 1;
        if (handedOn > limits.TotalCharacters)
        {
            (silenced, Truncated) = (true, true);
            line = new(source, string.Create(CultureInfo.InvariantCulture, $"… [more than {limits.TotalCharacters} characters of output: the rest is in the log]"));
        }
        listener?.Invoke(line);
    }
}
