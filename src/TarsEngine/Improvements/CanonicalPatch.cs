namespace TarsEngine.Improvements;

/// <summary>
/// A patch reduced to the sections that were checked, each with git's header: what stands between sections is left out,
/// so that nothing reads there what <see cref="PatchReader"/> didn't.
/// </summary>
internal static class CanonicalPatch
{
    public static byte[] Of(ReadOnlySpan<byte> patch, PatchRead read)
    {
        using var text = new MemoryStream(patch.Length + 256);
        foreach (var file in read.Files)
        {
            WriteHeader(text, file);
            text.Write(patch[(int)file.BodyStart..(int)file.End]);
            if (patch[(int)file.End - 1] != '\n') text.WriteByte((byte)'\n');
        }
        return text.ToArray();
    }

    // git can't read every first line that it writes ('a/x /y b/x /y'), but it reads every one with quotes.
    private static void WriteHeader(MemoryStream text, PatchFile file)
    {
        byte[] old = (file.OldPath ?? file.Path).ToBytes(), @new = file.Path.ToBytes();
        text.Write("diff --git "u8);
        Name(text, "a/"u8, old);
        text.WriteByte((byte)' ');
        Name(text, "b/"u8, @new);
        text.WriteByte((byte)'\n');
        if (!file.IsPlain) return;
        if (file.Kind == PatchFileKind.Create) text.Write("new file mode 100644\n"u8);
        if (file.Kind == PatchFileKind.Delete) text.Write("deleted file mode 100644\n"u8);
        Mark(text, "--- "u8, "a/"u8, file.Kind == PatchFileKind.Create ? null : old);
        Mark(text, "+++ "u8, "b/"u8, file.Kind == PatchFileKind.Delete ? null : @new);
    }

    private static void Mark(MemoryStream text, ReadOnlySpan<byte> mark, ReadOnlySpan<byte> prefix, byte[]? name)
    {
        text.Write(mark);
        if (name is null) text.Write(PatchNames.NullDevice);
        else Name(text, prefix, name);
        text.WriteByte((byte)'\n');
    }

    private static void Name(MemoryStream text, ReadOnlySpan<byte> prefix, byte[] name)
    {
        byte[] whole = [.. prefix, .. name];
        text.Write(PatchNames.Quote(whole));
    }
}
