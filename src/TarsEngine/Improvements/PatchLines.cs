namespace TarsEngine.Improvements;

/// <summary>A patch is malformed at a line. Never leaves <see cref="PatchReader"/>, which answers it as a value.</summary>
internal sealed class PatchFormatException(int line, string message, bool isDenied = false) : FormatException(message)
{
    public int Line { get; } = line;

    /// <summary>It can be read well, and asks for what may not be.</summary>
    public bool IsDenied { get; } = isDenied;
}

/// <summary>Reads a stream line by line in bounded memory, and can step back by one line.</summary>
internal sealed class PatchLines(Stream source, PatchLimits limits)
{
    private byte[] buffer = new byte[64 << 10];
    private int start, length, filled;
    private bool ended, unread;

    /// <summary>The line without its newline; valid until the next call.</summary>
    public ReadOnlySpan<byte> Current => buffer.AsSpan(start, length);

    /// <summary>The current line's number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The current line's first byte.</summary>
    public long Offset { get; private set; }

    /// <summary>The byte after the current line and its newline.</summary>
    public long EndOffset { get; private set; }

    /// <summary>False for a last line without newline.</summary>
    public bool HasNewline { get; private set; }

    public bool StartsWith(ReadOnlySpan<byte> prefix) => Current.StartsWith(prefix);

    public PatchFormatException Error(string message) => new(Number, message);

    /// <summary>The current line will be the next one again.</summary>
    public void Unread() => unread = true;

    public bool Next()
    {
        if (unread)
        {
            unread = false;
            return true;
        }
        start += length + (HasNewline ? 1 : 0);
        (length, HasNewline, Offset) = (0, false, EndOffset);
        var searched = 0;
        while (true)
        {
            var at = buffer.AsSpan(start + searched, filled - start - searched).IndexOf((byte)'\n');
            if (at >= 0) return Take(searched + at, newline: true);
            searched = filled - start;
            if (searched > limits.MaxLineBytes) break;
            if (!Fill()) return searched > 0 && Take(searched, newline: false);
        }
        Number++;
        throw Error($"the line has more than {limits.MaxLineBytes:N0} bytes, which is the limit for one line of a patch; give a file like this as 'git diff --binary' or as a whole-file edit.");
    }

    private bool Take(int bytes, bool newline)
    {
        (length, HasNewline) = (bytes, newline);
        Number++;
        EndOffset = Offset + bytes + (newline ? 1 : 0);
        if (bytes > limits.MaxLineBytes)
            throw Error($"the line has more than {limits.MaxLineBytes:N0} bytes, which is the limit for one line of a patch; give a file like this as 'git diff --binary' or as a whole-file edit.");
        return true;
    }

    private bool Fill()
    {
        if (ended) return false;
        if (start > 0)
        {
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            (filled, start) = (filled - start, 0);
        }
        if (filled == buffer.Length) Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, limits.MaxLineBytes + (64L << 10)));
        var read = source.Read(buffer, filled, buffer.Length - filled);
        ended = read == 0;
        filled += read;
        if (EndOffset + filled > limits.MaxBytes)
            throw new PatchFormatException(Number + 1, $"the patch has more than {limits.MaxBytes:N0} bytes, which is the limit for one patch; split it into several improvements.");
        return !ended;
    }
}
