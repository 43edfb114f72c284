using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Review;

/// <summary>A frozen change as a person reads it: one unified diff, with what a diff can't show said in words.</summary>
public sealed class ChangeReview
{
    /// <summary>Files beyond this are named with sizes and hashes; nobody reads them line by line.</summary>
    public const long MaxFileBytes = 1 << 20;

    /// <summary>Lines of one review; what is beyond is counted, and the report files hold the rest of the names.</summary>
    public const int MaxLines = 20_000;

    private ChangeReview(IReadOnlyList<FileReview> files, bool truncated) => (Files, Truncated) = (files, truncated);

    /// <summary>In the order of their paths.</summary>
    public IReadOnlyList<FileReview> Files { get; }

    /// <summary>True when the review reached <see cref="MaxLines"/> and shows later files by name only.</summary>
    public bool Truncated { get; }

    public int Added => Files.Sum(f => f.Added);
    public int Removed => Files.Sum(f => f.Removed);

    /// <summary>Every line, ready to print.</summary>
    public IEnumerable<DiffLine> Lines => Files.SelectMany(f => f.Lines);

    public static ChangeReview Of(ChangeSet changes, TreeContent content) => Of(changes, content.Read);

    /// <param name="read">The bytes of a state at a path; <see cref="ContentMovedException"/> where they can't be had any more.</param>
    public static ChangeReview Of(ChangeSet changes, Func<RepositoryPath, FileState, byte[]> read)
    {
        var renames = Renames(changes);
        var moved = renames.Values.Select(r => r.Path).ToHashSet();
        var files = new List<FileReview>();
        var lines = 0;
        var truncated = false;
        foreach (var change in changes)
        {
            if (change.Kind == ChangeKind.Delete && moved.Contains(change.Path)) continue;
            var origin = renames.GetValueOrDefault(change.Path);
            truncated |= lines >= MaxLines;
            var file = FileReviewer.Review(change, origin, truncated ? null : read);
            files.Add(file);
            lines += file.Lines.Count;
        }
        return new(files, truncated);
    }

    /// <summary>'3 files, +12 −4'.</summary>
    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"{Files.Count} {(Files.Count == 1 ? "file" : "files")}, +{Added} −{Removed}");

    /// <summary>The whole as plain text.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var line in Lines) text.Append(line.Text).Append('\n');
        return text.ToString();
    }

    /// <summary>New path → the deleted file whose place it takes: as the change names it, else by equal content.</summary>
    private static Dictionary<RepositoryPath, FileChange> Renames(ChangeSet changes)
    {
        var deleted = changes.Where(c => c.Kind == ChangeKind.Delete).ToDictionary(c => c.Path);
        var found = new Dictionary<RepositoryPath, FileChange>();
        foreach (var created in changes.Where(c => c.Kind == ChangeKind.Create && c.RenamedFrom is not null))
        {
            if (deleted.Remove(created.RenamedFrom!.Value, out var origin)) found[created.Path] = origin;
        }
        var byContent = deleted.Values.Where(d => d.Before!.Size > 0).GroupBy(d => (d.Before!.Kind, d.Before.Hash))
            .Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.Single());
        foreach (var created in changes.Where(c => c.Kind == ChangeKind.Create && !found.ContainsKey(c.Path)))
        {
            if (byContent.Remove((created.After!.Kind, created.After.Hash), out var origin)) found[created.Path] = origin;
        }
        return found;
    }
}
