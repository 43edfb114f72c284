namespace TarsEngine.Improvements;

/// <summary>Finds the names of a section in git's form, and refuses one whose lines don't agree: git would believe either.</summary>
internal static class GitNames
{
    public static (byte[]? Old, byte[]? New) Of(PatchHeader header)
    {
        var old = header.From ?? FromMark(header.Minus, header.IsCreate, header.Line, "---");
        var @new = header.To ?? FromMark(header.Plus, header.IsDelete, header.Line, "+++");
        if (header.From is not null) CheckMarks(header);
        if (old is null && @new is null) old = @new = FromFirstLine(header);
        else if (header.From is null) (old, @new) = (old ?? @new, @new ?? old);
        if (header.From is null && !old!.AsSpan().SequenceEqual(@new))
            throw new PatchFormatException(header.Line, $"'{PatchNames.Show(old)}' and '{PatchNames.Show(@new)}' name different files, and no 'rename' line says why.");
        CheckFirstLine(header, old!, @new!);
        return (header.IsCreate ? null : old, header.IsDelete ? null : @new);
    }

    private static byte[]? FromMark(byte[]? marked, bool mayBeNull, int line, string mark)
    {
        if (marked is null) return null;
        var isNull = marked.AsSpan().SequenceEqual(PatchNames.NullDevice);
        if (isNull != mayBeNull)
        {
            throw new PatchFormatException(line, isNull
                ? $"the '{mark}' line says /dev/null, but the header doesn't say that the file is new or deleted."
                : $"the header says that the file is new or deleted, but its '{mark}' line doesn't say /dev/null.");
        }
        return isNull ? null : PatchNames.Strip(marked, line);
    }

    private static void CheckMarks(PatchHeader header)
    {
        if ((header.Minus is { } minus && !PatchNames.Strip(minus, header.Line).AsSpan().SequenceEqual(header.From))
            || (header.Plus is { } plus && !PatchNames.Strip(plus, header.Line).AsSpan().SequenceEqual(header.To)))
            throw new PatchFormatException(header.Line, "the 'rename' or 'copy' lines and the '---' and '+++' lines name different files.");
    }

    /// <summary>Without other lines the two names must be the same, so the first line parts in its middle.</summary>
    private static byte[] FromFirstLine(PatchHeader header)
    {
        ReadOnlySpan<byte> text = header.Names;
        if (text is [(byte)'"', ..]) return PatchNames.Strip(PatchNames.Unquote(ref text, header.Line), header.Line);
        var half = (text.Length - 1) / 2;
        if (text.Length % 2 == 1 && text[half] == ' ' && text[..half].Length > 2 && text[2..half].SequenceEqual(text[(half + 3)..]))
            return PatchNames.Strip(text[..half].ToArray(), header.Line);
        var space = text.IndexOf((byte)' ');
        if (space > 0) PatchNames.Strip(text[..space].ToArray(), header.Line);
        throw new PatchFormatException(header.Line, $"the names in 'diff --git {PatchNames.Show(text)}' are not one name twice; no other line says what is meant.");
    }

    private static void CheckFirstLine(PatchHeader header, byte[] old, byte[] @new)
    {
        ReadOnlySpan<byte> text = header.Names;
        if (PatchNames.TrySkip(ref text, old, header.Line, out var oldPrefix) && text is [(byte)' ', ..])
        {
            text = text[1..];
            if (PatchNames.TrySkip(ref text, @new, header.Line, out var newPrefix) && text.IsEmpty)
            {
                if (oldPrefix != newPrefix) return;
                throw new PatchFormatException(header.Line,
                    $"both names in 'diff --git {PatchNames.Show(header.Names)}' begin with {(char)oldPrefix}/: the patch was made without prefixes. Make it with 'git diff --binary --src-prefix=a/ --dst-prefix=b/'.");
            }
        }
        throw new PatchFormatException(header.Line, $"'diff --git {PatchNames.Show(header.Names)}' and the lines below it name different files.");
    }
}
