using System.Text;
using Tars.Stress.Running;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>What a landing and a rollback refuse, keep and give back, each looked at once.</summary>
internal sealed class PromisesCase : StressCase
{
    private const string Theirs = "the user's own";

    public override string Name => "promises";

    public override string What => "what must be refused is refused, what must be kept is kept, and each shape that landed is rolled back byte-exact";

    public override Task RunAsync(StressRun run)
    {
        foreach (var shape in Shape.All.Where(shape => shape.Name != "empty")) Look(run, $"'{shape.Name}' landed and rolled back", world => ThereAndBack(world, shape));
        Look(run, "a rollback of what was edited since", EditedSince);
        Look(run, "a rollback by force keeps a copy", ByForce);
        Look(run, "a rollback where an empty folder was", EmptyFolder);
        Look(run, "a rollback under a later landing", UnderALater);
        Look(run, "a rollback with a damaged backup", DamagedBackup);
        Look(run, "a content that is damaged before it lands", DamagedContent);
        Look(run, "a damaged content that is stored anew", StoredAnew);
        Look(run, "a displaced file that a program has open", OpenForWriting);
        Look(run, "a displaced file that was written to", WrittenTo);
        Look(run, "a stage that was begun, without its journal", WithoutJournal);
        Look(run, "a hard link", HardLink);
        Look(run, "git's own files", world => Refused(world.Commit(world.Change((".git/config", "x"))), "path/metadata"));
        Look(run, "a symlinked folder inside of the codebase", SymlinkedFolder);
        Look(run, "a write that takes a part only", _ => PartialWrite());
        return Task.CompletedTask;
    }

    private static void Look(StressRun run, string what, Func<CommitWorld, string?> look)
    {
        if (run.IsOver) return;
        var folder = Path.Combine(run.Folder, "try");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        using var world = new CommitWorld(folder);
        try
        {
            if (!what.StartsWith('\'')) Shape.Named("deep").Before(world.Code);
            run.Tried(what, look(world));
        }
        catch (Exception failed)
        {
            run.Tried(what, failed.ToString());
        }
    }

    private static string? ThereAndBack(CommitWorld world, Shape shape)
    {
        var wanted = Directory.CreateDirectory(Path.Combine(world.Folder, "wanted")).FullName;
        shape.Before(wanted);
        shape.Change(wanted);
        shape.Before(world.Code);
        var before = world.Scan();
        if (world.Commit(world.ChangeTo(wanted)) is not CommitOutcome.Committed) return "it did not land";
        if (!world.Scan().SequenceEqual(CommitWorld.Scan(wanted), StringComparer.Ordinal)) return "what landed is not what was wanted";
        if (world.RollBack(new RollbackScope.All()) is not RollbackOutcome.RolledBack) return "it was not rolled back";
        return world.Scan().SequenceEqual(before, StringComparer.Ordinal) ? null : $"what came back is\n  {string.Join("\n  ", world.Scan().Except(before, StringComparer.Ordinal))}\ninstead of\n  {string.Join("\n  ", before.Except(world.Scan(), StringComparer.Ordinal))}";
    }

    private static string? EditedSince(CommitWorld world)
    {
        world.Commit(world.Change(("a.txt", "A2"), ("b.txt", "B2")));
        File.WriteAllText(world.At("a.txt"), Theirs);
        var outcome = world.RollBack(new RollbackScope.All());
        if (File.ReadAllText(world.At("a.txt")) != Theirs) return "the edit is lost";
        return outcome is RollbackOutcome.Conflicted && File.ReadAllText(world.At("b.txt")) == "B2" ? null : $"it ended as {outcome}";
    }

    private static string? ByForce(CommitWorld world)
    {
        world.Commit(world.Change(("a.txt", "A2")));
        File.WriteAllText(world.At("a.txt"), Theirs);
        var outcome = world.RollBack(new RollbackScope.All(), force: true);
        if (outcome is not RollbackOutcome.RolledBack { Overridden: [{ Was.Hash: var hash }] }) return $"it ended as {outcome}";
        world.Transactions.CollectStage(TimeSpan.Zero);
        return Encoding.UTF8.GetString(world.Objects.Read(hash)) == Theirs && File.ReadAllText(world.At("a.txt")) == "A" ? null : "the copy is not what was overridden";
    }

    private static string? EmptyFolder(CommitWorld world)
    {
        Directory.CreateDirectory(world.At("empty"));
        var before = world.Scan();
        world.Commit(world.Change(("empty/x.txt", "x"), ("new/y.txt", "y")));
        world.RollBack(new RollbackScope.All());
        return world.Scan().SequenceEqual(before, StringComparer.Ordinal) ? null : "a folder is gone, or one too many";
    }

    private static string? UnderALater(CommitWorld world)
    {
        world.Commit(world.Change(("a.txt", "A2")));
        // Back to the same bytes: by them alone nothing could be told.
        world.Transactions.Commit(Request(world, ("a.txt", "A3")), null, CancellationToken.None);
        world.Transactions.Commit(Request(world, ("a.txt", "A2")), null, CancellationToken.None);
        var outcome = world.RollBack(new RollbackScope.All());
        return outcome is RollbackOutcome.Conflicted { Dependents.Count: > 0 } && File.ReadAllText(world.At("a.txt")) == "A2" ? null : $"it ended as {outcome}";
    }

    private static string? DamagedBackup(CommitWorld world)
    {
        world.Commit(world.Change(("a.txt", "A2"), ("b.txt", "B2")));
        Damage(world, ContentHash.Of("B"u8));
        var before = world.Scan();
        using var next = new CommitWorld(world.Folder);
        var outcome = next.RollBack(new RollbackScope.All());
        return outcome is RollbackOutcome.BackupCorrupt && next.Scan().SequenceEqual(before, StringComparer.Ordinal) ? null : $"it ended as {outcome}";
    }

    private static string? DamagedContent(CommitWorld world)
    {
        var (change, before) = (world.Change(("a.txt", "A2")), world.Scan());
        Damage(world, ContentHash.Of("A2"u8));
        using var next = new CommitWorld(world.Folder);
        try
        {
            return $"it ended as {next.Commit(change)}";
        }
        catch (TarsEngine.Storage.ObjectCorruptException)
        {
            return next.Scan().SequenceEqual(before, StringComparer.Ordinal) ? null : "the codebase was changed";
        }
    }

    private static string? StoredAnew(CommitWorld world)
    {
        world.Objects.Put("A2"u8);
        Damage(world, ContentHash.Of("A2"u8));
        var log = new Durability.SyncLog(failing: -1);
        using var next = new CommitWorld(world.Folder, log);
        next.Objects.Put("A2"u8);
        return log.Problems.Count > 0 ? log.Problems[0] : Encoding.UTF8.GetString(next.Objects.Read(ContentHash.Of("A2"u8))) == "A2" ? null : "it is still damaged";
    }

    private static string? OpenForWriting(CommitWorld world)
    {
        using var editor = new FileStream(world.At("a.txt"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        world.Commit(world.Change(("a.txt", "A2")));
        return world.Transactions.CollectStage(TimeSpan.Zero).Kept.Count == 1 ? null : "it was deleted under its program's hands";
    }

    private static string? WrittenTo(CommitWorld world)
    {
        using (var editor = new FileStream(world.At("a.txt"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            world.Commit(world.Change(("a.txt", "A2")));
            editor.Write("late"u8);
        }
        return world.Transactions.CollectStage(TimeSpan.Zero).Kept is [{ KeptAt: var kept }] && File.ReadAllText(kept) == "late" ? null : "a late save is lost";
    }

    private static string? WithoutJournal(CommitWorld world)
    {
        var copy = Path.Combine(world.Folder, "older");
        world.Database.Write("settle", tx => world.Audit.Append(tx, new("older", "tester", "state")));
        Deed.CopyAlive(world.State.Root, copy);
        world.Commit(world.Change(("a.txt", "A2")));
        // The state is put back to an older copy, and the stage is not.
        world.Database.Dispose();
        foreach (var file in Directory.GetFiles(world.State.Root, "state.db*")) File.Delete(file);
        foreach (var file in Directory.GetFiles(copy, "state.db*")) File.Copy(file, Path.Combine(world.State.Root, Path.GetFileName(file)));
        using var next = new CommitWorld(world.Folder);
        try
        {
            next.Transactions.Recover();
            return "nobody is told that the journal is lost";
        }
        catch (RecoveryNeededException)
        {
            // It names the stage.
        }
        return Directory.EnumerateFiles(next.State.Stage, "*", SearchOption.AllDirectories).Any(file => File.ReadAllText(file) == "A") ? null : "what was displaced is deleted";
    }

    private static string? HardLink(CommitWorld world)
    {
        using (var link = System.Diagnostics.Process.Start("ln", [world.At("a.txt"), Path.Combine(world.Folder, "other name")])) link.WaitForExit();
        return Refused(world.Commit(world.Change(("a.txt", "A2"))), "file/hard-link");
    }

    private static string? SymlinkedFolder(CommitWorld world)
    {
        Directory.CreateSymbolicLink(world.At("way"), "sub");
        var before = world.Scan();
        var outcome = world.Commit(world.Change(("way/x.txt", "x")));
        return outcome is CommitOutcome.Conflicted && world.Scan().SequenceEqual(before, StringComparer.Ordinal) ? null : $"it ended as {outcome}";
    }

    // A pipe that is full takes what it has room for, as a disk does that is nearly full.
    private static string? PartialWrite()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        const int setFlags = 4, notBlocking = 0x800, standard = 1;
        var descriptor = (int)pipe.SafePipeHandle.DangerousGetHandle();
        Native.Control(descriptor, setFlags, notBlocking | standard);
        using var file = new FileHandle(descriptor, "/pipe");
        try
        {
            new FileSystem().Write(file, new byte[1 << 20]);
            return "a part was taken for the whole";
        }
        catch (FileSystemException error) when (error.Error == Errno.Again)
        {
            return null;
        }
        finally
        {
            // It is the pipe's to close.
            file.SetHandleAsInvalid();
        }
    }

    private static string? Refused(CommitOutcome outcome, string rule) =>
        outcome is CommitOutcome.Refused { Findings: [{ Rule: var found }, ..] } && found == rule ? null : $"it ended as {outcome}";

    private static CommitRequest Request(CommitWorld world, (string Path, string Content) edit) => new(new(8), [new("later", world.Change((edit.Path, edit.Content)))], null, "tester");

    private static void Damage(CommitWorld world, ContentHash hash)
    {
        var stored = Path.Combine(world.State.Objects, hash.Hex[..2], hash.Hex[2..]);
        File.Delete(stored);
        File.WriteAllText(stored, "damaged");
    }
}
