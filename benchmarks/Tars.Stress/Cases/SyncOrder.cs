using System.Globalization;
using Tars.Stress.Durability;
using Tars.Stress.Running;
using TarsEngine.Rollback;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>
/// What must be durable before the journal says so, by the calls alone and by POSIX's letter: file systems are kinder than it, and carry
/// along what nobody asked them to, so that a power cut does not show every sync that is missing.
/// </summary>
internal sealed class SyncOrder : StressCase
{
    public override string Name => "syncs";

    public override string What => "by the log of its calls: all is synced before the journal says so, and a failing sync is never taken for done";

    public override Task RunAsync(StressRun run)
    {
        foreach (var deed in run.Deeds.TakeWhile(_ => !run.IsOver).Select(name => Deed.Make(name, Path.Combine(run.Folder, name))))
        {
            var log = new SyncLog(failing: -1);
            Do(run, deed, log);
            run.Tried(deed.Name, log.Problems.Count == 0 ? null : string.Join("\n  ", log.Problems));
            for (var failing = 0; failing < log.Syncs && !run.IsOver; failing++) Fail(run, deed, failing);
            run.Note(string.Create(CultureInfo.InvariantCulture, $"{deed.Name}: {log.Syncs} syncs"));
        }
        return Task.CompletedTask;
    }

    private static void Fail(StressRun run, Deed deed, int failing)
    {
        var log = new SyncLog(failing);
        var folder = Do(run, deed, log);
        var what = string.Create(CultureInfo.InvariantCulture, $"{deed.Name}, sync {failing} fails ({log.Failed})");
        using (var world = new CommitWorld(folder))
        {
            // The head of the audit trail is moved on after the commit: that it could not be is told by other means.
            var done = world.Scan().SequenceEqual(deed.After, StringComparer.Ordinal) && world.Transactions.List() is [.., { State: CommitState.Applied }] && !deed.Before.SequenceEqual(deed.After, StringComparer.Ordinal);
            run.Tried(what, done && !log.Failed.Contains("/user/", StringComparison.Ordinal) ? "it was taken for done" : null);
        }
    }

    private static string Do(StressRun run, Deed deed, SyncLog log)
    {
        var folder = Deed.Copy(deed.Template, Path.Combine(run.Folder, "try"));
        using var world = new CommitWorld(folder, log);
        try
        {
            deed.Act(world);
        }
        catch (Exception) when (log.Failed.Length > 0)
        {
            // Which words a failing sync is refused with, the engine's own tests say.
        }
        return folder;
    }
}
