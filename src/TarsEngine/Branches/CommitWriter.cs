using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Storage;

namespace TarsEngine.Branches;

/// <summary>Makes commits by git's plumbing, in an index of its own: no filter, no hook, nothing of the person's is read or written.</summary>
/// <param name="scratchFolder">Private; for that index.</param>
internal sealed class CommitWriter(GitProgram git, GitPlace place, FileSystem files, string scratchFolder, ObjectStore objects, CommitIdentity identity, TimeProvider clock)
{
    // What a ref is going to name must be on the disk before the ref is.
    private static readonly string[] Durable = ["-c", "core.fsync=objects,reference", "-c", "core.fsyncMethod=fsync"];

    /// <summary>A place in which what git writes is on the disk when it returns.</summary>
    public static GitPlace Lasting(GitPlace place) => place with { Settings = [.. place.Settings, .. Durable] };

    /// <summary>A commit on top of another; nothing names it yet.</summary>
    /// <returns>Its full id.</returns>
    public async Task<string> WriteAsync(string parent, ChangeSet changes, string message, CancellationToken cancellation)
    {
        using var scratch = ScratchRepository.Create(files, scratchFolder, "");
        var at = Lasting(place) with { IndexFile = scratch.Place.GitDirectory + "/index" };
        (await git.RunAsync(at, ["read-tree", parent], cancellation: cancellation)).Checked();
        var blobs = await WriteBlobsAsync(at, changes, cancellation);
        (await git.RunAsync(at, ["update-index", "-z", "--index-info"], IndexInfo(changes, blobs, parent.Length), cancellation)).Checked();
        var tree = (await git.RunAsync(at, ["write-tree"], cancellation: cancellation)).Checked().Text;
        var commit = Encoding.UTF8.GetBytes(Text(tree, parent, message, await identity.FindAsync(cancellation)));
        return (await git.RunAsync(at, ["hash-object", "-t", "commit", "-w", "--stdin"], commit, cancellation)).Checked().Text;
    }

    /// <summary>A change as it is, but for files among <paramref name="merged"/> that a tree has otherwise: there the change's lines go into what the tree has, where git can merge them.</summary>
    public async Task<ChangeSet> MergedAsync(ChangeSet change, TreeSnapshot tree, IReadOnlySet<RepositoryPath> merged, CancellationToken cancellation)
    {
        var fitting = new List<FileChange>();
        foreach (var one in change)
        {
            fitting.Add(tree[one.Path] == one.Before || !merged.Contains(one.Path) || one is not { Before: { Kind: EntryKind.File } before, After: { Kind: EntryKind.File } after }
                || tree[one.Path] is not { Kind: EntryKind.File } now
                || await git.RunAsync(place, ["merge-file", "-p", "-q", objects.PathOf(now.Hash), objects.PathOf(before.Hash), objects.PathOf(after.Hash)], cancellation: cancellation) is not { Succeeded: true, Output: var text }
                ? one
                : new(one.Path, now, now with { Hash = objects.Put(text), Size = text.Length }));
        }
        return new(fitting);
    }

    private async Task<Dictionary<ContentHash, string>> WriteBlobsAsync(GitPlace at, ChangeSet changes, CancellationToken cancellation)
    {
        var contents = changes.Select(change => change.After?.Hash).OfType<ContentHash>().Distinct().ToList();
        if (contents.Count == 0) return [];
        var paths = Encoding.UTF8.GetBytes(string.Concat(contents.Select(hash => objects.PathOf(hash) + "\n")));
        var ids = (await git.RunAsync(at, ["hash-object", "-w", "--no-filters", "--stdin-paths"], paths, cancellation)).Checked().Text.Split('\n');
        return contents.Zip(ids).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    // What goes comes first, so that a file makes room for a folder of its name.
    private static byte[] IndexInfo(ChangeSet changes, Dictionary<ContentHash, string> blobs, int idLength)
    {
        using var text = new MemoryStream();
        foreach (var change in changes.OrderBy(change => change.After is not null))
        {
            var mode = change.After switch { null => "0", { Kind: EntryKind.Symlink } => "120000", { IsExecutable: true } => "100755", _ => "100644" };
            var id = change.After is { } after ? blobs[after.Hash] : new string('0', idLength);
            text.Write(Encoding.ASCII.GetBytes($"{mode} {id}\t"));
            text.Write(change.Path.ToBytes());
            text.WriteByte(0);
        }
        return text.ToArray();
    }

    private string Text(string tree, string parent, string message, (string Name, string Email) who)
    {
        var by = string.Create(CultureInfo.InvariantCulture, $"{Safe(who.Name)} <{Safe(who.Email)}> {clock.GetUtcNow().ToUnixTimeSeconds()} +0000");
        return $"tree {tree}\nparent {parent}\nauthor {by}\ncommitter {by}\nencoding UTF-8\n\n{message.ReplaceLineEndings("\n").Replace('\0', ' ').TrimEnd()}\n";
    }

    private static string Safe(string name)
    {
        var kept = string.Concat(name.Where(c => c is not ('<' or '>') && !char.IsControl(c))).Trim();
        return kept.Length > 0 ? kept : "unknown";
    }
}
