using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Review;

/// <summary>Writes the review of one file: heading, what a diff can't show, then the diff.</summary>
internal static class FileReviewer
{
    /// <param name="origin">The deletion that this creation takes the place of, when it is a rename.</param>
    /// <param name="read">Null when the review is full: the file is then named only.</param>
    public static FileReview Review(FileChange change, FileChange? origin, Func<RepositoryPath, FileState, byte[]>? read)
    {
        var before = origin?.Before ?? change.Before;
        var beforePath = origin?.Path ?? change.Path;
        var lines = new List<DiffLine>();
        Heading(change, origin?.Path, before, lines);
        if (read is null)
        {
            lines.Add(Note("not shown: the review is at its limit; read this file by itself"));
            return Done(0, 0, binary: false);
        }
        if (SameContent(before, change.After)) return Done(0, 0, binary: false);
        try
        {
            return before?.Kind == EntryKind.Symlink || change.After?.Kind == EntryKind.Symlink ? Link() : Text();
        }
        catch (ContentMovedException)
        {
            // Before it lands, the earlier content is in the user's own file only, and that may move on.
            lines.Add(Note("not shown: the file in the codebase has changed since; an approval would meet a conflict or test again"));
            return Done(0, 0, binary: false);
        }

        FileReview Link()
        {
            if (before is not null) lines.Add(Content(DiffLineKind.Removed, '-', before, beforePath, read));
            if (change.After is not null) lines.Add(Content(DiffLineKind.Added, '+', change.After, change.Path, read));
            return Done(0, 0, binary: false);
        }

        FileReview Text()
        {
            if (Math.Max(before?.Size ?? 0, change.After?.Size ?? 0) > ChangeReview.MaxFileBytes)
            {
                lines.Add(Note($"too large to show: {Size(before)} → {Size(change.After)}"));
                return Done(0, 0, binary: false);
            }
            var old = before is null ? new ContentText("", "", "") : ContentText.Of(read(beforePath, before));
            var @new = change.After is null ? new ContentText("", "", "") : ContentText.Of(read(change.Path, change.After));
            if (old is null || @new is null)
            {
                lines.Add(Note($"binary: {Size(before)} → {Size(change.After)}"));
                return Done(0, 0, binary: true);
            }
            if (before is not null && change.After is not null)
                lines.AddRange(ContentText.Notes(old, @new).Select(Note));
            else if ((before is null ? @new : old) is { Encoding: not "UTF-8" } odd)
                lines.Add(Note($"encoding: {odd.Encoding}"));
            var (oldText, newText) = ContentText.Comparable(old, @new);
            var (diff, added, removed) = LineDiff.Between(oldText, newText);
            if (diff.Count > 0)
            {
                lines.Add(new(DiffLineKind.Header, before is null ? "--- /dev/null" : $"--- a/{beforePath}"));
                lines.Add(new(DiffLineKind.Header, change.After is null ? "+++ /dev/null" : $"+++ b/{change.Path}"));
                lines.AddRange(diff);
            }
            return Done(added, removed, binary: false);
        }

        FileReview Done(int added, int removed, bool binary) =>
            new(change.Path, origin?.Path, before, change.After, added, removed, binary, lines);
    }

    private static void Heading(FileChange change, RepositoryPath? from, FileState? before, List<DiffLine> lines)
    {
        void Header(string text) => lines.Add(new(DiffLineKind.Header, text));
        Header($"diff --git a/{from ?? change.Path} b/{change.Path}");
        if (before is null) Header($"new {Kind(change.After!)} mode {Mode(change.After!)}");
        else if (change.After is null) Header($"deleted {Kind(before)} mode {Mode(before)}");
        else if (before.Kind != change.After.Kind) Header($"{Kind(before)} becomes {Kind(change.After)}");
        else if (before.Mode != change.After.Mode)
        {
            Header($"old mode {Mode(before)}");
            Header($"new mode {Mode(change.After)}");
        }
        if (from is null) return;
        Header($"rename from {from}");
        Header($"rename to {change.Path}");
    }

    private static DiffLine Content(DiffLineKind kind, char prefix, FileState state, RepositoryPath path, Func<RepositoryPath, FileState, byte[]> read) =>
        state.Kind == EntryKind.Symlink
            ? new(kind, $"{prefix}symlink to {SafeText.Line(ByteText.Display(ByteText.Decode(read(path, state))))}")
            : new(kind, $"{prefix}file of {Size(state)}");

    private static bool SameContent(FileState? a, FileState? b) => a is not null && b is not null && a.Kind == b.Kind && a.Hash == b.Hash;

    private static DiffLine Note(string text) => new(DiffLineKind.Note, text);

    private static string Kind(FileState state) => state.Kind == EntryKind.Symlink ? "symlink" : "file";

    // As git writes modes: the kind's digits, then the permission bits.
    private static string Mode(FileState state) =>
        state.Kind == EntryKind.Symlink ? "120000" : "10" + Convert.ToString(state.Mode, 8).PadLeft(4, '0');

    private static string Size(FileState? state) => state is null
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture, $"{state.Size} bytes (sha256 {state.Hash.Hex[..12]})");
}
