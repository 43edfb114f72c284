using System.Diagnostics;
using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Worlds.Racing;

/// <summary>Real processes that land, roll back, recover, collect and die on one codebase at once, alone or with somebody who edits it meanwhile.</summary>
/// <param name="start">Starts a process that is the racer of these arguments, its errors redirected.</param>
internal sealed class Race(string folder, int seed, Func<string[], Process> start)
{
    // Far more than any of them takes, and than the engine waits for a lock.
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(4);

    /// <summary>Only racers, some of which die.</summary>
    /// <returns>What is wrong afterwards; null when nothing is.</returns>
    public string? Alone(int racers, int operations)
    {
        var before = Begin();
        return RunAll(racers, operations, deaths: true) ?? Judge((world, told) => new RaceVerdict(world, before, told).Problem(_ => false));
    }

    /// <summary>A user edits, creates and deletes all the time.</summary>
    public string? WithUser(int racers, int operations)
    {
        var before = Begin();
        var user = new EditingUser(Path.Combine(folder, "code"), seed);
        return Meanwhile(user.Run, () => RunAll(racers, operations, deaths: true)) ?? Judge((world, told) =>
        {
            var kept = world.Transactions.CollectStage(TimeSpan.Zero).Kept;
            foreach (var (path, last) in user.Last)
                if (EditingUser.Fate(world, path, last, kept) is null) return $"what the user did last to '{path}' is lost: {last?.Trim() ?? "deleted"}; there is {(world.Snapshot()[path] is null ? "nothing" : File.ReadAllText(world.At(path.Value)).Trim())}";
            return new RaceVerdict(world, before, told).Problem(_ => true);
        });
    }

    /// <summary>A folder is a symlink to the outside now and then.</summary>
    public string? WithSymlinks(int racers, int operations)
    {
        var before = Begin();
        var swapper = new FolderSwapper(folder, Path.Combine(folder, "code"), seed);
        return Meanwhile(swapper.Run, () => RunAll(racers, operations, deaths: false)) ?? Judge((world, told) =>
        {
            if (!swapper.IsUntouched) return "something outside the codebase was touched";
            // What was moved away in the middle of a change is told as a conflict, and stays as it was left.
            return new RaceVerdict(world, before, told).Problem(path => path.Value.StartsWith("d/", StringComparison.Ordinal) && told.Conflicts.Contains(path.ToString()));
        });
    }

    private static string? Meanwhile(Action<CancellationToken> other, Func<string?> race)
    {
        using var over = new CancellationTokenSource();
        var meanwhile = Task.Run(() => other(over.Token), CancellationToken.None);
        var problem = race();
        over.Cancel();
        meanwhile.GetAwaiter().GetResult();
        return problem;
    }

    private TreeSnapshot Begin()
    {
        using var world = new CommitWorld(folder);
        foreach (var path in Racer.Paths.Where(path => path.Value != "a/in")) Shape.Write(world.Code, path.Value, path.Value);
        return world.Snapshot();
    }

    private string? RunAll(int racers, int operations, bool deaths)
    {
        var running = Enumerable.Range(1, racers).Select(number => start(Racer.Arguments(folder, seed, number, operations, deaths))).ToList();
        string? problem = null;
        using var late = new CancellationTokenSource(longest);
        foreach (var racer in running)
        {
            try
            {
                var errors = racer.StandardError.ReadToEndAsync(late.Token).GetAwaiter().GetResult();
                racer.WaitForExitAsync(late.Token).GetAwaiter().GetResult();
                const int killed = 128 + 9;
                if (racer.ExitCode != 0 && !(deaths && racer.ExitCode == killed)) problem ??= string.Create(CultureInfo.InvariantCulture, $"a racer ended with {racer.ExitCode}: {errors}");
            }
            catch (OperationCanceledException)
            {
                racer.Kill();
                problem = "a racer hangs";
            }
            racer.Dispose();
        }
        return problem;
    }

    private string? Judge(Func<CommitWorld, RaceWords, string?> verdict)
    {
        using var world = new CommitWorld(folder);
        world.Transactions.Recover();
        return verdict(world, RaceLog.Read(folder));
    }
}
