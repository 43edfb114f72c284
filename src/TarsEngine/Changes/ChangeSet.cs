using System.Collections;
using System.Globalization;
using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Changes;

/// <summary>
/// A frozen change: which paths become what, by hash. The single truth for diff, permission, validation, commit and undo.
/// Sorted by path, each path once, no path that stays as it was.
/// </summary>
public sealed class ChangeSet : IReadOnlyList<FileChange>
{
    private readonly FileChange[] changes;
    private readonly Lazy<ContentHash> hash;

    public ChangeSet(IEnumerable<FileChange> changes)
    {
        this.changes = [.. changes.Where(c => c.Before != c.After).OrderBy(c => c.Path)];
        for (var i = 1; i < this.changes.Length; i++)
        {
            if (this.changes[i].Path == this.changes[i - 1].Path)
                throw new ArgumentException($"'{this.changes[i].Path}' is changed twice in one change set.", nameof(changes));
        }
        hash = new(ComputeHash);
    }

    public static ChangeSet Empty { get; } = new([]);

    /// <summary>Identifies the change: equal exactly when every path, before and after are equal.</summary>
    public ContentHash Hash => hash.Value;

    public bool IsEmpty => changes.Length == 0;
    public int Count => changes.Length;
    public FileChange this[int index] => changes[index];

    /// <summary>What turns <paramref name="before"/> into <paramref name="after"/>.</summary>
    public static ChangeSet Between(TreeSnapshot before, TreeSnapshot after) =>
        new(before.Entries.Keys.Union(after.Entries.Keys)
            .Where(path => before[path] != after[path])
            .Select(path => new FileChange(path, before[path], after[path])));

    /// <summary>The paths at which <paramref name="tree"/> is not what this change expects to find.</summary>
    public IReadOnlyList<FileChange> ConflictsWith(TreeSnapshot tree) =>
        [.. changes.Where(c => tree[c.Path] != c.Before)];

    /// <summary>The tree after the change.</summary>
    /// <exception cref="InvalidOperationException">The change does not fit: see <see cref="ConflictsWith"/>.</exception>
    public TreeSnapshot ApplyTo(TreeSnapshot tree)
    {
        if (ConflictsWith(tree) is [var first, ..])
            throw new InvalidOperationException($"'{first.Path}' is not what the change expects to find.");
        var entries = tree.Entries.ToBuilder();
        foreach (var change in changes)
        {
            if (change.After is null) entries.Remove(change.Path);
            else entries[change.Path] = change.After;
        }
        return new TreeSnapshot(entries);
    }

    /// <summary>The change that undoes this one.</summary>
    public ChangeSet Inverse() => new(changes.Select(c => c.Inverse()));

    /// <summary>This change, then <paramref name="next"/>, as one: paths that end as they began drop out.</summary>
    public ChangeSet Then(ChangeSet next)
    {
        var merged = changes.ToDictionary(c => c.Path);
        foreach (var change in next)
        {
            if (!merged.Remove(change.Path, out var earlier)) merged[change.Path] = change;
            else if (earlier.Before != change.After)
                merged[change.Path] = new(change.Path, earlier.Before, change.After, change.RenamedFrom ?? earlier.RenamedFrom);
        }
        return new ChangeSet(merged.Values);
    }

    public IEnumerator<FileChange> GetEnumerator() => ((IEnumerable<FileChange>)changes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ContentHash ComputeHash()
    {
        var text = new StringBuilder();
        foreach (var change in changes)
        {
            text.Append(Convert.ToHexStringLower(change.Path.ToBytes())).Append(Part(change.Before)).Append(Part(change.After)).Append('\n');
        }
        return ContentHash.Of(Encoding.ASCII.GetBytes(text.ToString()));

        static string Part(FileState? state) => state is null
            ? " -"
            : string.Create(CultureInfo.InvariantCulture, $" {state.Kind}:{state.Mode:x}:{state.Hash}");
    }
}
