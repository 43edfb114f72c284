using System.Diagnostics;
using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>
/// A real file system loses its power at every call that changes something: the kernel drops what it had not written (FS_IOC_SHUTDOWN),
/// the file system is mounted again, and the next process finds what a disk would have kept.
/// </summary>
/// <param name="type">'ext4' or 'xfs'.</param>
internal sealed class PowerLoss(string type) : StressCase
{
    // linux/fs.h names the flags: the journal's last words reach the disk, or they don't.
    private static readonly (string Name, uint Flag)[] ways = [("with the log flushed", 1), ("without", 2)];

    public const string DieCommand = "--die";
    private const int Died = 9;

    public override string Name => "power-" + type;

    public override string What => $"{type} loses its power at every call, and is mounted again (needs root and mkfs.{type})";

    /// <summary>In a process of its own: does a deed until the power goes, and says by its exit code whether it came to its end.</summary>
    public static int Die(string name, string place, int point, uint flag)
    {
        var killer = new Killer(point, onlyMutating: true, atDeath: () => LoopDisk.CutPower(place, flag));
        var died = Killer.Die(Path.Combine(place, "template"), killer, Deed.ActOf(name, place));
        if (!died) LoopDisk.CutPower(place, flag);
        Console.Write(killer.Where);
        return died ? Died : 0;
    }

    public override Task RunAsync(StressRun run)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            run.Note("not tried: only root can mount a disk");
            return Task.CompletedTask;
        }
        using var disk = new LoopDisk(type, run.Folder);
        // The one of many files last: it takes as long as all others.
        foreach (var name in run.Deeds.OrderBy(name => name == "many").TakeWhile(_ => !run.IsOver))
        {
            disk.Format();
            disk.Mount();
            var deed = Deed.Make(name, disk.Place);
            // What was there before the power went is on the disk, as a codebase is that lay there since yesterday.
            disk.Unmount();
            disk.Remember();
            foreach (var (way, flag) in ways)
            {
                var points = Cut(run, disk, deed, way, flag);
                run.Note(string.Create(CultureInfo.InvariantCulture, $"{name}, {way}: {points} points"));
            }
        }
        return Task.CompletedTask;
    }

    private static int Cut(StressRun run, LoopDisk disk, Deed deed, string way, uint flag)
    {
        for (var point = 0; !run.IsOver; point++)
        {
            disk.Restore();
            disk.Mount();
            var (died, where) = DieElsewhere(deed, point, flag);
            disk.Unmount();
            disk.Mount();
            var problem = Aftermath.Problem(deed.Template, deed, mustBeDone: !died);
            disk.Unmount();
            run.Tried($"{deed.Name}, {way}, point {point} ({where})", problem);
            if (!died) return point + 1;
        }
        return 0;
    }

    private static (bool Died, string Where) DieElsewhere(Deed deed, int point, uint flag)
    {
        string[] arguments = ["exec", typeof(PowerLoss).Assembly.Location, DieCommand, deed.Name, deed.Place, point.ToString(CultureInfo.InvariantCulture), flag.ToString(CultureInfo.InvariantCulture)];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var where = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode is 0 or Died ? (process.ExitCode == Died, where) : throw new InvalidOperationException($"'{deed.Name}' at point {point} ended with {process.ExitCode}.");
    }
}
