using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>Every call that changes the disk fails, with every errno that a disk knows, before or after it was done, once or from then on.</summary>
internal sealed class FailingCalls : StressCase
{
    private static readonly (string Name, int Errno)[] errors =
    [
        ("EIO", Errno.InputOutput), ("ENOSPC", Errno.NoSpace), ("EDQUOT", 122), ("EACCES", Errno.AccessDenied), ("EROFS", Errno.ReadOnly), ("EMFILE", 24), ("EINTR", Errno.Interrupted),
    ];

    public override string Name => "errors";

    public override string What => "every call that changes the disk fails: EIO, ENOSPC, EDQUOT, EACCES, EROFS, EMFILE, EINTR";

    public override Task RunAsync(StressRun run)
    {
        foreach (var deed in run.Deeds.TakeWhile(_ => !run.IsOver).Select(name => Deed.Make(name, Path.Combine(run.Folder, name))))
        {
            var tried = 0;
            foreach (var (name, errno) in errors)
            {
                foreach (var forGood in (bool[])[false, true])
                {
                    for (var at = 0; !run.IsOver; at++, tried++)
                    {
                        var (isOver, problem, where) = Try(run, deed, new FailingDisk(errno, forGood, at));
                        run.Tried($"{deed.Name}, {name}{(forGood ? " for good" : "")} at {at} ({where})", problem);
                        if (isOver) break;
                    }
                }
            }
            run.Note(string.Create(CultureInfo.InvariantCulture, $"{deed.Name}: {tried} failing calls"));
        }
        return Task.CompletedTask;
    }

    private static (bool IsOver, string? Problem, string Where) Try(StressRun run, Deed deed, FailingDisk disk)
    {
        var folder = Deed.Copy(deed.Template, Path.Combine(run.Folder, "try"));
        string? problem = null;
        try
        {
            using var world = new CommitWorld(folder, disk);
            disk.IsArmed = true;
            deed.Act(world);
        }
        catch (Exception expected) when (expected is RecoveryNeededException or StateException or FileSystemException or InvalidOperationException)
        {
            // A refusal, or a word that recovery is needed: which of them, the engine's own tests say.
        }
        catch (Exception other)
        {
            problem = other.ToString();
        }
        return (disk.Where.Length == 0, problem ?? Aftermath.Problem(folder, deed, mustBeDone: disk.Where.Length == 0), disk.Where);
    }

    /// <summary>Fails the n-th call that changes the disk.</summary>
    private sealed class FailingDisk(int errno, bool forGood, int at) : ISeamObserver
    {
        private int left = at;

        public bool IsArmed { get; set; }

        public string Where { get; private set; } = "";

        public void Before(SeamCall call)
        {
            // The database's own failing disk is strace's to play: it is not this code that calls it.
            if (!IsArmed || !call.Mutates || !call.Target.StartsWith('/')) return;
            if (Where.Length > 0 ? !forGood : left-- > 0) return;
            if (Where.Length == 0) Where = $"{call.Operation} {call.Target}";
            throw new FileSystemException(call.Operation, call.Target, errno);
        }

        public void After(SeamCall call)
        {
        }
    }
}
