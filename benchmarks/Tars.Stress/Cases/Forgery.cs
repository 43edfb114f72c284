using Tars.Stress.Running;
using TarsEngine.Audit;
using TarsEngine.Storage;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>Someone who can write to the state, and knows how it is made, but not the key, changes what was recorded: it is noticed.</summary>
internal sealed class Forgery : StressCase
{
    private static readonly string[] journal = ["commits", "manifests", "transactions"];

    public override string Name => "forge";

    public override string What => "entries of the audit trail and rows of the journal are changed, removed, cut and signed anew by another hand";

    public override Task RunAsync(StressRun run)
    {
        var template = Path.Combine(run.Folder, "template");
        using (var world = new CommitWorld(template))
        {
            Shape.Named("mixed").Before(world.Code);
            world.Commit(world.Change(("a.txt", "A2"), ("b.txt", null)));
            world.Commit(world.Change(("a.txt", "A3")));
        }
        foreach (var name in (string[])["sequence", "time", "action", "actor", "subject", "details", "key", "hash", "signature"])
            Trail(run, template, $"'{name}' of an entry is another", tx => tx.Execute($"UPDATE audit SET {name} = {Another(name)} WHERE sequence = 2"));
        Trail(run, template, "an entry is removed", tx => tx.Execute("DELETE FROM audit WHERE sequence = 1"));
        Trail(run, template, "the last entry is removed", tx => tx.Execute("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)"));
        Trail(run, template, "all entries are removed", tx => tx.Execute("DELETE FROM audit"));
        Trail(run, template, "an entry is another, and chained anew without the key", Rechain);
        Fork(run, template);
        Lost(run, template);
        foreach (var table in journal) Journal(run, template, table);
        return Task.CompletedTask;
    }

    private static string Another(string column) => column switch
    {
        "sequence" => "7",
        "hash" or "signature" => $"randomblob(length({column}))",
        "details" => """replace(details, 'applied', 'undone')""",
        // Still one that can be read.
        "time" => "(SELECT time FROM audit WHERE sequence = 1)",
        _ => $"{column} || 'x'",
    };

    // Who knows the program knows the chain, but can't sign.
    private static void Rechain(StateConnection tx)
    {
        var rows = tx.Query($"SELECT {AuditRow.Columns} FROM audit ORDER BY sequence", AuditRow.Read);
        var last = rows[^1] with { Actor = "somebody else" };
        tx.Execute("UPDATE audit SET actor = $actor, hash = $hash WHERE sequence = $sequence",
            ("$actor", last.Actor), ("$hash", last.ChainHash(rows[^2].Hash)), ("$sequence", last.Sequence));
    }

    private static void Trail(StressRun run, string template, string what, Action<StateConnection> forge)
    {
        if (run.IsOver) return;
        using var world = new CommitWorld(Deed.Copy(template, Path.Combine(run.Folder, "try")));
        world.Database.Write("forge", forge);
        run.Tried(what, world.Audit.Verify().IsIntact ? "the trail is said to be intact" : null);
        // The head outside must not follow what was forged, however far the trail then comes: later entries would hide it.
        foreach (var later in (string[])["C2", "C3", "C4"]) world.Commit(world.Change(("sub/c.txt", later)));
        run.Tried($"{what}, then three landings", world.Audit.Verify().IsIntact ? "the trail is said to be intact" : null);
    }

    // Signed by the very key, for another trail that began as this one did.
    private static void Fork(StressRun run, string template)
    {
        AuditRow theirs;
        using (var other = new CommitWorld(Deed.Copy(template, Path.Combine(run.Folder, "other"))))
        {
            other.Commit(other.Change(("a.txt", "A of the other")));
            theirs = other.Database.Read("read", AuditTrailService.Last)!;
        }
        using (var world = new CommitWorld(template))
        {
            world.Commit(world.Change(("a.txt", "A4")));
            world.Commit(world.Change(("a.txt", "A5")));
        }
        Trail(run, template, "an entry is one of another trail with the same key", tx => tx.Execute(
            "UPDATE audit SET time = $time, subject = $subject, details = $details, hash = $hash, signature = $signature WHERE sequence = $sequence",
            ("$time", theirs.Time), ("$subject", theirs.Subject), ("$details", theirs.Details), ("$hash", theirs.Hash), ("$signature", theirs.Signature), ("$sequence", theirs.Sequence)));
    }

    private static void Lost(StressRun run, string template)
    {
        var folder = Path.Combine(run.Folder, "gone");
        Deed.Copy(template, folder);
        // The trail knows its place: one that was copied learns it with its first entry.
        Directory.Delete(Path.Combine(folder, "user"), recursive: true);
        using (var world = new CommitWorld(folder)) world.Commit(world.Change(("sub/c.txt", "C2")));
        Directory.Delete(Path.Combine(folder, "code", ".tars"), recursive: true);
        using var anew = new CommitWorld(folder);
        run.Tried("the whole state is removed", anew.Audit.Verify().IsIntact ? "the trail is said to be intact" : null);
    }

    private static void Journal(StressRun run, string template, string table)
    {
        IReadOnlyList<string> columns;
        using (var world = new CommitWorld(template))
            columns = world.Database.Read("columns", tx => tx.Query($"SELECT name, type FROM pragma_table_info('{table}') WHERE name <> 'id' AND name <> 'commit_id'", row => $"{row.Text(0)} {row.Text(1)}"));
        foreach (var (name, type) in columns.Select(column => (column.Split(' ')[0], column.Split(' ')[1])))
        {
            if (run.IsOver) return;
            using var world = new CommitWorld(Deed.Copy(template, Path.Combine(run.Folder, "try")));
            var before = world.Scan();
            var id = table == "manifests" ? "commit_id" : "id";
            var value = (name, type) switch
            {
                ("state", _) => "'Aborted'",
                ("kind", _) => "'Rollback'",
                ("created" or "updated", _) => $"(SELECT {name} FROM {table} WHERE {id} = 1)",
                ("changes" or "body", _) => $"(SELECT {name} FROM {table} WHERE {id} = 1)",
                ("undoes", _) => "'[{\"Transaction\":1,\"Paths\":[\"a.txt\"]}]'",
                (_, "INTEGER") => $"1 - {name}",
                (_, "BLOB") => $"randomblob(length({name}))",
                _ => $"{name} || 'x'",
            };
            world.Database.Write("forge", tx => tx.Execute($"UPDATE {table} SET {name} = {value} WHERE {id} = 2"));
            string? problem = "it was believed";
            try
            {
                world.Transactions.List();
                world.Transactions.ManifestOf(2);
            }
            catch (StateException damaged) when (damaged.Problem == StateProblem.Corrupt)
            {
                problem = world.Scan().SequenceEqual(before, StringComparer.Ordinal) ? null : "the codebase was changed";
            }
            run.Tried($"'{name}' in '{table}' is another", problem);
        }
    }
}
