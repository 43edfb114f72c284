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
            if (file.IsPlain) WriteHeader(text, file);
            text.Write(patch[(int)(file.IsPlain ? file.HunksStart : file.Start)..(int)file.End]);
            if (patch[(int)file.End - 1] != '\n') text.WriteByte((byte)'\n');
        }
        return text.ToArray();
    }

    private static void WriteHeader(MemoryStream text, PatchFile file)
    {
        var name = file.Path.ToBytes();
        text.Write("diff --git "u8);
        Name(text, "a/"u8, name);
        text.WriteByte((byte)' ');
        Name(text, "b/"u8, name);
        if (file.Kind == PatchFileKind.Create) text.Write("\nnew file mode 100644"u8);
        if (file.Kind == PatchFileKind.Delete) text.Write("\ndeleted file mode 100644"u8);
        Mark(text, "\n--- "u8, "a/"u8, file.Kind == PatchFileKind.Create ? null : name);
        Mark(text, "\n+++ "u8, "b/"u8, file.Kind == PatchFileKind.Delete ? null : name);
        text.WriteByte((byte)'\n');
    }

    private static void Mark(MemoryStream text, ReadOnlySpan<byte> mark, ReadOnlySpan<byte> prefix, byte[]? name)
    {
        text.Write(mark);
        if (name is null) text.Write(PatchNames.NullDevice);
        else Name(text, prefix, name);
        if (name is not null && name.Contains((byte)' ')) text.WriteByte((byte)'\t'); // as git does: ends the name
    }

    private static void Name(MemoryStream text, ReadOnlySpan<byte> prefix, byte[] name)
    {
        byte[] whole = [.. prefix, .. name];
        text.Write(PatchNames.Quote(whole));
    }
}
