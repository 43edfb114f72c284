using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>Reads one file's section of a patch: header, names, hunks.</summary>
internal static class PatchSections
{
    /// <summary>Reads a section in git's form from the current 'diff --git' line on; null when it changes nothing.</summary>
    public static PatchFile? ReadGit(PatchLines lines, PatchLimits limits)
    {
        var header = PatchHeader.Read(lines);
        var end = header.End;
        var (hasHunks, isBinary) = (false, false);
        if (lines.Next())
        {
            if (lines.StartsWith("@@ -"u8))
            {
                if (header.Minus is null || header.Plus is null) throw lines.Error("a hunk without the '---' and '+++' lines before it.");
                var total = PatchHunks.Read(lines, plain: false);
                if (header.IsCreate && total.Old > 0) throw new PatchFormatException(header.Line, "a new file can't have old lines; the patch says that it has.");
                if (header.IsDelete && total.New > 0) throw new PatchFormatException(header.Line, "a deleted file can't have new lines; the patch says that it has.");
                (end, hasHunks) = (total.End, true);
            }
            else if (lines.Current.SequenceEqual("GIT binary patch"u8))
            {
                if (!header.HasFullIndex) throw lines.Error("a binary hunk needs an 'index' line with whole object names; make the patch with 'git diff --binary'.");
                end = PatchBinary.Read(lines, limits);
                (hasHunks, isBinary) = (true, true);
            }
            else
            {
                if (lines.StartsWith("Binary files "u8) || (lines.StartsWith("Files "u8) && lines.Current.EndsWith(" differ"u8)))
                    throw lines.Error("the patch says that a binary file differs, but not how; make it with 'git diff --binary'.");
                lines.Unread();
            }
        }
        if (!hasHunks && (header.Minus is not null || header.Plus is not null))
            throw new PatchFormatException(header.Line, "'---' or '+++' without a hunk after it: the patch is cut.");
        return Describe(header, end, hasHunks, isBinary);
    }

    /// <summary>Reads a section without git's header, from its '+++' line on.</summary>
    public static PatchFile ReadPlain(PatchLines lines, byte[] minusLine, int line, long start)
    {
        var minus = PatchNames.Marked(minusLine.AsSpan(4), line, out var oldDate);
        var plus = PatchNames.Marked(lines.Current[4..], lines.Number, out var newDate);
        if (!lines.Next() || !lines.StartsWith("@@ -"u8)) throw lines.Error("'---' and '+++' without a hunk after them: the patch is cut.");
        var hunks = lines.Offset;
        var name = PlainNames.Common(minus, plus, line);
        var total = PatchHunks.Read(lines, plain: true);
        var isNew = total.Old == 0 && (minus.AsSpan().SequenceEqual(PatchNames.NullDevice) || PlainNames.IsEpoch(oldDate));
        var isGone = total.New == 0 && (plus.AsSpan().SequenceEqual(PatchNames.NullDevice) || PlainNames.IsEpoch(newDate));
        if (minus.AsSpan().SequenceEqual(PatchNames.NullDevice) && !isNew) throw new PatchFormatException(line, "a new file can't have old lines; the patch says that it has.");
        if (plus.AsSpan().SequenceEqual(PatchNames.NullDevice) && !isGone) throw new PatchFormatException(line, "a deleted file can't have new lines; the patch says that it has.");
        var path = Path(name, line);
        var kind = isNew ? PatchFileKind.Create : isGone ? PatchFileKind.Delete : PatchFileKind.Modify;
        return new(kind, isNew ? null : path, isGone ? null : path, null, isNew ? PatchModes.File : null, false, line, start, total.End, hunks, true);
    }

    private static PatchFile? Describe(PatchHeader header, long end, bool hasHunks, bool isBinary)
    {
        var line = header.Line;
        if (header.IsCreate && header.IsDelete) throw new PatchFormatException(line, "one section makes and deletes the same file.");
        if ((header.From is null) != (header.To is null)) throw new PatchFormatException(line, "a rename or copy needs both 'from' and 'to'.");
        if (header.From is not null && (header.IsCreate || header.IsDelete)) throw new PatchFormatException(line, "one section renames a file and makes or deletes it.");
        if (header is { OldMode: { } old, NewMode: { } @new } && (old == PatchModes.Symlink) != (@new == PatchModes.Symlink))
            throw new PatchFormatException(line, "a file becomes a symlink, or a symlink a file, in one section; git writes that as a deletion and a creation.");
        if (header.HasIndex && !header.SameContent && !hasHunks && !IsEmptyEnd(header))
            throw new PatchFormatException(line, "the 'index' line says that the content changes, but no hunk follows: the patch is cut.");
        var (oldName, newName) = GitNames.Of(header);
        var kind = header.IsCreate ? PatchFileKind.Create
            : header.IsDelete ? PatchFileKind.Delete
            : header.From is null ? PatchFileKind.Modify
            : header.IsCopy ? PatchFileKind.Copy : PatchFileKind.Rename;
        if (kind == PatchFileKind.Modify && !hasHunks && header.OldMode == header.NewMode) return null;
        return new(kind, oldName is null ? null : Path(oldName, line), newName is null ? null : Path(newName, line),
            header.IsCreate ? null : header.OldMode, header.IsDelete ? null : header.NewMode, isBinary, line, header.Start, end, header.BodyStart, false);
    }

    /// <summary>An empty file is made or deleted without a hunk.</summary>
    private static bool IsEmptyEnd(PatchHeader header) => header.IsCreate || header.IsDelete;

    private static RepositoryPath Path(byte[] name, int line)
    {
        if (!RepositoryPath.TryParse(ByteText.Decode(name), out var path, out var problem)) throw new PatchFormatException(line, problem, isDenied: true);
        return path;
    }
}
