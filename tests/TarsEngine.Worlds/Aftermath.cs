using TarsEngine.Rollback;

namespace TarsEngine.Worlds;

/// <summary>What the next process finds after one that died in the middle of a <see cref="Deed"/>.</summary>
internal static class Aftermath
{
    /// <summary>Recovers, and looks whether all is as was promised: all-before or all-after, an intact audit trail, nothing left over.</summary>
    /// <param name="mustBeDone">The process had been told that it is done.</param>
    /// <param name="mayBeUndone">A call to the disk failed: then the engine may have begun it and taken it back.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Problem(string folder, Deed deed, bool mustBeDone = false, bool mayBeUndone = false) =>
        Problem(folder, deed.Before, deed.After, mustBeDone, mayBeUndone);

    /// <inheritdoc cref="Problem(string, Deed, bool, bool)"/>
    public static string? Problem(string folder, IReadOnlyList<string> before, IReadOnlyList<string> after, bool mustBeDone = false, bool mayBeUndone = false)
    {
        try
        {
            return Look(folder, before, after, mustBeDone, mayBeUndone);
        }
        catch (Exception failed)
        {
            return $"the next process fails: {failed}";
        }
    }

    private static string? Look(string folder, IReadOnlyList<string> before, IReadOnlyList<string> after, bool mustBeDone, bool mayBeUndone)
    {
        using var world = new CommitWorld(folder);
        var report = world.Transactions.Recover();
        var found = world.Scan();
        if (!found.SequenceEqual(after) && (mustBeDone || !found.SequenceEqual(before)))
            return $"{(mustBeDone ? "not after, although it was done" : "neither before nor after")}:\n  {string.Join("\n  ", found)}\nbefore\n  {string.Join("\n  ", before)}\nafter\n  {string.Join("\n  ", after)}";
        if (report.Commits.SelectMany(commit => commit.Conflicts).FirstOrDefault() is { } conflict) return $"a conflict with nobody: {conflict}";
        var newest = world.Transactions.List() is [.., var last] ? last.State : CommitState.Applied;
        if (newest != CommitState.Applied && !(mayBeUndone && newest == CommitState.Aborted && found.SequenceEqual(before))) return $"the last transaction is {newest}";
        if (world.Audit.Verify() is { IsIntact: false } trail) return $"the audit trail: {string.Join("; ", trail.Problems)}";
        var settled = world.Transactions.List().Where(one => one.State is CommitState.Applied or CommitState.Aborted).ToList();
        if (settled.Find(one => world.Audit.List(one.Id.ToString()).Count == 0) is { } unrecorded) return $"{unrecorded.Id} is {unrecorded.State}, and the audit trail knows nothing of it";
        if (new FileBackupService(world.Files, world.Objects).Verify(settled.Where(one => one.HasBackup).SelectMany(one => one.Standing)) is [var backup, ..]) return $"the backup of '{backup.Path}': {backup.Message}";
        if (!world.Transactions.Recover().IsEmpty) return "recovery is not done after once";
        return LeftInStage(world, TimeSpan.Zero);
    }

    /// <summary>Collects what was displaced, and looks whether that was all.</summary>
    /// <remarks>A child that another thread starts holds what is open here, until it is a program of its own: for that long a file counts as in use.</remarks>
    public static string? LeftInStage(CommitWorld world, TimeSpan olderThan)
    {
        const int tries = 100;
        for (var tried = 1; ; tried++)
        {
            var kept = world.Transactions.CollectStage(olderThan).Kept;
            if (kept.Count == 0 && !Directory.EnumerateFileSystemEntries(world.State.Stage).Any()) return null;
            if (tried == tries) return kept is [var first, ..] ? $"the stage keeps {first}" : "the stage is not empty";
            Thread.Sleep(10);
        }
    }
}
