using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Rollback;

namespace TarsEngine.Worlds.Racing;

/// <summary>
/// A person, or their editor: writes files of a codebase in each of the ways that editors have, and deletes them, all the time and
/// without asking. Remembers the last thing that was done to each.
/// </summary>
internal sealed class EditingUser(string code, int seed)
{
    private readonly Random random = new(seed);
    private readonly ManualResetEventSlim pause = new(false);
    private int saves;

    /// <summary>What was written last to each path; null where it was deleted.</summary>
    public Dictionary<RepositoryPath, string?> Last { get; } = [];

    public void Run(CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            var path = Racer.Paths[random.Next(Racer.Paths.Count)];
            var text = string.Create(CultureInfo.InvariantCulture, $"the user's save {++saves:00000}\n");
            try
            {
                Last[path] = Do(path, text);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // There is no such folder just now, or a folder in the way, or nothing to delete: an editor would say so, and nothing was done.
            }
            pause.Wait(random.Next(3), CancellationToken.None);
        }
    }

    /// <summary>Where the last save is now, or what became of it; null when it is nowhere.</summary>
    /// <param name="kept">What the collection of displaced files has named.</param>
    public static string? Fate(CommitWorld world, RepositoryPath path, string? last, IReadOnlyList<KeptFile> kept)
    {
        var changes = world.Transactions.List().SelectMany(one => one.Changes.Select(change => (one.State, Change: change))).Where(one => one.Change.Path == path).ToList();
        var applied = changes.Where(one => one.State == CommitState.Applied).Select(one => one.Change).ToList();
        var stands = world.Snapshot()[path];
        if (last is null)
        {
            if (stands is null) return "deleted";
            if (MadeOfNothing(applied).Contains(stands)) return "created again since";
            // It was deleted while a change that deletes it stood, too, and that one was undone.
            return changes.Exists(one => one.State == CommitState.Aborted && one.Change.After is null && one.Change.Before == stands) ? "not deleted after all" : null;
        }
        var hash = ContentHash.Of(Encoding.UTF8.GetBytes(last));
        if (stands?.Hash == hash) return "in the file";
        if (applied.Exists(change => change.Before?.Hash == hash) && world.Objects.Contains(hash)) return "what a later change was made for";
        return kept.Any(file => file.Path == path && File.ReadAllText(file.KeptAt) == last) ? "kept and named" : null;
    }

    // What landings and rollbacks, one after the other, make where nothing was.
    private static HashSet<FileState?> MadeOfNothing(List<FileChange> applied)
    {
        var made = new HashSet<FileState?> { null };
        while (applied.Exists(change => made.Contains(change.Before) && made.Add(change.After)))
        {
            // Each round finds one more.
        }
        return made;
    }

    private string? Do(RepositoryPath path, string text)
    {
        var file = Path.Combine(code, path.Value);
        switch (random.Next(5))
        {
            case 0:
                File.WriteAllText(file, text);
                return text;
            case 1:
                var draft = file + "~";
                File.WriteAllText(draft, text);
                Rename(path, draft);
                return text;
            case 2:
                Write(file, text, FileMode.Create);
                return text;
            case 3:
                Write(file, text, FileMode.Open);
                return text;
            default:
                var plain = new FileSystem();
                using (var top = plain.OpenRoot(Path.GetDirectoryName(file)!)) plain.Unlink(top, path.Name);
                return null;
        }
    }

    private static void Rename(RepositoryPath path, string draft)
    {
        var plain = new FileSystem();
        using var top = plain.OpenRoot(Path.GetDirectoryName(draft)!);
        try
        {
            plain.RenameReplace(top, Path.GetFileName(draft), top, path.Name);
        }
        catch (IOException)
        {
            plain.Unlink(top, Path.GetFileName(draft));
            throw;
        }
    }

    // Not at once, as programs do that have much to write.
    private void Write(string file, string text, FileMode mode)
    {
        using var stream = new FileStream(file, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        pause.Wait(random.Next(4), CancellationToken.None);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.SetLength(stream.Position);
    }
}
