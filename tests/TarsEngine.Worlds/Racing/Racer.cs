using System.Diagnostics;
using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Worlds.Racing;

/// <summary>One of several processes on one codebase: lands, rolls back and recovers, and writes down what it was told.</summary>
/// <param name="deaths">It may kill itself in the middle.</param>
internal sealed class Racer(string folder, int seed, int number, int operations, bool deaths)
{
    private readonly Random random = new(seed * 1_000 + number);
    private readonly RaceLog log = new(folder, number);

    /// <summary>What they fight for: files that are in each other's way among them.</summary>
    public static IReadOnlyList<RepositoryPath> Paths { get; } = [.. ((string[])["a", "b", "d/a", "d/b", "d/e/x", "a/in"]).Select(RepositoryPath.Parse)];

    /// <summary>As <see cref="Arguments"/> tells it.</summary>
    public static Racer Parse(IReadOnlyList<string> arguments) =>
        new(arguments[0], Number(arguments[1]), Number(arguments[2]), Number(arguments[3]), Number(arguments[4]) != 0);

    /// <summary>For the command line of the process that is to be the racer.</summary>
    public static string[] Arguments(string folder, int seed, int number, int operations, bool deaths) =>
        [folder, .. ((int[])[seed, number, operations, deaths ? 1 : 0]).Select(one => one.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The whole life of the process.</summary>
    public void Run()
    {
        for (var i = 1; i <= operations; i++)
        {
            // A kill is no exception here: the process is gone, in the middle of whatever it held.
            var killer = deaths && random.Next(8) == 0 ? new Killer(random.Next(250), onlyMutating: true, atDeath: () => Process.GetCurrentProcess().Kill()) : null;
            using var world = new CommitWorld(folder, killer);
            var context = new ContextId(number * 1_000 + i);
            log.Begin(context);
            try
            {
                Act(world, context);
            }
            catch (RecoveryNeededException)
            {
                log.Unknown(context);
            }
        }
    }

    private void Act(CommitWorld world, ContextId context)
    {
        switch (random.Next(10))
        {
            case < 5:
                Land(world, context);
                break;
            case < 8:
                RollBack(world, context);
                break;
            case 8:
                foreach (var commit in world.Transactions.Recover().Commits) log.Conflicts(commit.Conflicts);
                break;
            default:
                world.Transactions.CollectStage(TimeSpan.Zero);
                break;
        }
    }

    private void Land(CommitWorld world, ContextId context)
    {
        var changes = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Paths[random.Next(Paths.Count)]).Distinct()
            .Select(path => Change(world, path, context)).OfType<FileChange>().ToList();
        var cut = random.Next(changes.Count + 1);
        NamedChange[] parts = [new("one", new(changes[..cut])), new("two", new(changes[cut..]))];
        var outcome = world.Transactions.Commit(new(context, parts, null, $"racer {number}"), null, CancellationToken.None);
        switch (outcome)
        {
            case CommitOutcome.Committed done:
                log.Landed(context, done.Transactions);
                break;
            case CommitOutcome.Conflicted { Conflicts: var conflicts }:
                log.Refused(context);
                log.Conflicts(conflicts);
                break;
            default:
                log.Refused(context);
                break;
        }
    }

    private void RollBack(CommitWorld world, ContextId context)
    {
        var standing = world.Transactions.List().Where(one => one.Kind == TransactionKind.Landing && one.Standing.Any()).ToList();
        if (standing.Count == 0) return;
        var one = standing[random.Next(standing.Count)];
        RollbackScope scope = random.Next(3) switch
        {
            0 => new RollbackScope.All(),
            1 => new RollbackScope.Transaction(one.Id),
            _ => new RollbackScope.File(one.Changes[0].Path),
        };
        // A rollback belongs to the context that it takes back: who asked for it is told by the name.
        switch (world.Rollbacks.Rollback(new(one.Context, scope, Force: false, context.ToString())))
        {
            case RollbackOutcome.RolledBack done:
                log.Landed(context, [done.Transaction]);
                break;
            case RollbackOutcome.Conflicted { Conflicts: var conflicts }:
                log.Refused(context);
                log.Conflicts(conflicts);
                break;
            default:
                log.Refused(context);
                break;
        }
    }

    // Other processes move things while it is looked at, as between any two looks.
    private FileChange? Change(CommitWorld world, RepositoryPath path, ContextId context)
    {
        using var root = world.Files.OpenRoot(world.Code);
        using var folders = new HeldFolders(world.Files, root);
        var seen = world.Files.Look(folders.Get(path.Parent), path.Name);
        if (seen is { Exists: true, State: null }) return null;
        if (seen.State is { } now && random.Next(4) == 0) return new(path, now, null);
        var bytes = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{path} by {context}\n"));
        return new(path, seen.State, new(EntryKind.File, 0b110_100_100, world.Objects.Put(bytes), bytes.Length));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
