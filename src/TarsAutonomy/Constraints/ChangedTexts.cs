using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Review;

namespace TarsAutonomy.Constraints;

/// <summary>What a change did to one text file.</summary>
/// <param name="Lines">Added and removed.</param>
/// <param name="AddedWords">The added lines as <see cref="ChangedTexts.Words"/>; what stood there before is none of them.</param>
internal sealed record ChangedLines(int Lines, string AddedWords);

/// <summary>The texts of a change, files that moved put beside what they were. Whether a file moved is told by its content, never by what a step claims.</summary>
internal sealed class ChangedTexts
{
    private const long MaxBytes = 1 << 20;

    // Less in common, and it is a deletion beside a new file.
    private const double MovedAtLeast = 0.6;

    // A change of thousands of files is refused anyway; it must not take hours to say so.
    private const int MostCompared = 200;

    private readonly Func<RepositoryPath, FileState, byte[]> read;
    private readonly Dictionary<RepositoryPath, FileChange> origins = [];
    private readonly HashSet<RepositoryPath> moved = [];
    private readonly HashSet<RepositoryPath> unreadable = [];
    private readonly List<(RepositoryPath Path, ChangedLines Text)> all = [];
    private int compared;

    public ChangedTexts(ChangeSet change, Func<RepositoryPath, FileState, byte[]> read, Func<RepositoryPath, bool> isAllowed)
    {
        this.read = read;
        FindMoves(change, isAllowed);
        foreach (var file in change.Where(c => c.Kind != ChangeKind.Delete || !moved.Contains(c.Path))) Compare(file);
    }

    public IReadOnlyList<(RepositoryPath Path, ChangedLines Text)> All => all;

    public bool IsMoved(RepositoryPath deleted) => moved.Contains(deleted);

    public FileState? OriginOf(RepositoryPath created) => origins.GetValueOrDefault(created)?.Before;

    public bool IsUnreadable(RepositoryPath path) => unreadable.Contains(path);

    /// <summary>Words in capitals, one space between and around them; what is no letter parts words, so that 'x("drop table")' holds two of them.</summary>
    public static string Words(string text)
    {
        var words = new StringBuilder(" ", text.Length + 2);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c) || c == '_') words.Append(char.ToUpperInvariant(c));
            else if (words[^1] != ' ') words.Append(' ');
        }
        if (words[^1] != ' ') words.Append(' ');
        return words.ToString();
    }

    private void FindMoves(ChangeSet change, Func<RepositoryPath, bool> isAllowed)
    {
        var created = change.Where(c => c is { Kind: ChangeKind.Create, After.Kind: EntryKind.File } && isAllowed(c.Path)).ToList();
        foreach (var gone in change.Where(c => c is { Kind: ChangeKind.Delete, Before.Kind: EntryKind.File } && isAllowed(c.Path)))
        {
            var same = created.Find(c => c.After!.Hash == gone.Before!.Hash)
                ?? created.Select(c => (Change: c, Common: InCommon(gone, c))).Where(c => c.Common >= MovedAtLeast).OrderByDescending(c => c.Common).FirstOrDefault().Change;
            if (same is null) continue;
            created.Remove(same);
            origins[same.Path] = gone;
            moved.Add(gone.Path);
        }
    }

    private double InCommon(FileChange gone, FileChange made)
    {
        if (++compared > MostCompared) return 0;
        if (TextOf(gone.Path, gone.Before) is not { } old || TextOf(made.Path, made.After) is not { } now) return 0;
        var (before, after) = (LineDiff.Split(old), LineDiff.Split(now));
        if (before.Length == 0 || after.Length == 0) return 0;
        var counts = before.GroupBy(l => l, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var common = after.Count(line => counts.TryGetValue(line, out var left) && (counts[line] = left - 1) >= 0);
        return common / (double)Math.Max(before.Length, after.Length);
    }

    private void Compare(FileChange file)
    {
        // A link's target is judged by itself; that a file stood there is its own finding.
        if (file.After is { Kind: EntryKind.Symlink }) return;
        var origin = origins.GetValueOrDefault(file.Path) ?? file;
        if (origin != file && origin.Before!.Hash == file.After!.Hash) return;
        var before = origin.Before is { Kind: EntryKind.File } ? TextOf(origin.Path, origin.Before) : "";
        var after = file.After is null ? "" : TextOf(file.Path, file.After);
        if (before is null || after is null)
        {
            unreadable.Add(file.Path);
            return;
        }
        var (_, added, removed) = LineDiff.Between(before, after);
        all.Add((file.Path, new(added + removed, AddedWords(before, after))));
    }

    private string? TextOf(RepositoryPath path, FileState? state) => state is null || state.Size > MaxBytes ? null : ContentText.Of(read(path, state))?.Text;

    // Lines that only moved are not added. All together, so that a line end between two words hides nothing.
    private static string AddedWords(string before, string after)
    {
        var stood = LineDiff.Split(before).GroupBy(l => l.TrimEnd(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var added = new StringBuilder();
        foreach (var line in LineDiff.Split(after).Select(l => l.TrimEnd()))
        {
            if (stood.TryGetValue(line, out var left) && left > 0) stood[line] = left - 1;
            else added.Append(line).Append('\n');
        }
        return Words(added.ToString());
    }
}
