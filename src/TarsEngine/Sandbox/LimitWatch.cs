using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>
/// Looks ten times a second at what no limit of the kernel holds: what a command writes into its folders, whether its /tmp is
/// full, and, where this user may make no control group, how much memory it has.
/// </summary>
internal sealed class LimitWatch : IAsyncDisposable
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(100);
    private const long AsGoodAsNothing = 64 * 1024;

    private readonly SandboxLimits limits;
    private readonly int firstProcess;
    private readonly ControlGroup controls;
    private readonly Action<SandboxLimit> end;
    private readonly DiskWatch? disk;
    private readonly Timer timer;
    private volatile bool done;

    /// <param name="firstProcess">Of the sandbox's PID namespace.</param>
    /// <param name="folders">Those that the command may write.</param>
    /// <param name="end">Ends the command; called once.</param>
    public LimitWatch(int firstProcess, IReadOnlyList<string> folders, SandboxLimits limits, long startedNs, ControlGroup controls, Action<SandboxLimit> end)
    {
        (this.limits, this.firstProcess, this.controls, this.end) = (limits, firstProcess, controls, end);
        disk = folders.Count == 0 ? null : new(new FileSystem(), folders, limits, startedNs, () => ProcessTree.Of(firstProcess));
        timer = new Timer(_ => Look(), null, interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its /tmp had no room left.</summary>
    public bool IsTemporaryFull { get; private set; }

    public async ValueTask DisposeAsync()
    {
        done = true;
        await timer.DisposeAsync();
    }

    /// <summary>Half a build that goes on without its killed half confuses everyone: all of it ends.</summary>
    private bool IsOutOfMemory() => controls.HoldsMemory
        ? controls.Reached() == SandboxLimit.Memory
        : ProcessTree.OwnMemory(ProcessTree.Of(firstProcess)) > limits.MemoryBytes;

    private void Look()
    {
        if (done) return;
        IsTemporaryFull |= FileSystemRoom.Of($"/proc/{firstProcess}/root/tmp") is { } room && room.TotalBytes <= limits.TemporaryBytes && room.FreeBytes < AsGoodAsNothing;
        var reached = disk is not null && disk.IsOver() ? SandboxLimit.Disk
            : IsOutOfMemory() ? SandboxLimit.Memory
            : SandboxLimit.None;
        if (done) return;
        if (reached != SandboxLimit.None)
        {
            end(reached);
            return;
        }
        try
        {
            timer.Change(interval, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The command ended in this very moment.
        }
    }
}
