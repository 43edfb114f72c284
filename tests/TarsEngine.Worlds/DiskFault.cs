using TarsEngine.Files;

namespace TarsEngine.Worlds;

/// <summary>How a call that changes something fails.</summary>
/// <param name="Errno">What the disk answers; 0 when it only takes its time.</param>
/// <param name="IsDone">It is done all the same.</param>
/// <param name="IsForGood">So do all calls that follow.</param>
/// <param name="IsShort">A write first takes half of what it was given.</param>
internal sealed record DiskFault(string Name, int Errno, bool IsDone = false, bool IsForGood = false, bool IsShort = false)
{
    private static readonly (string Name, int Errno)[] errors =
    [
        ("EIO", Files.Errno.InputOutput), ("ENOSPC", Files.Errno.NoSpace), ("EDQUOT", Files.Errno.Quota), ("EACCES", Files.Errno.AccessDenied),
        ("EROFS", Files.Errno.ReadOnly), ("EMFILE", 24), ("EINTR", Files.Errno.Interrupted),
    ];

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<DiskFault> All { get; } =
    [
        .. errors.Select(error => new DiskFault(error.Name, error.Errno)),
        .. errors.Select(error => new DiskFault(error.Name + " for good", error.Errno, IsForGood: true)),
        .. errors.Select(error => new DiskFault(error.Name + " once it was done", error.Errno, IsDone: true)),
        new("a short write", 0, IsShort: true),
        new("a short write, then ENOSPC", Files.Errno.NoSpace, IsShort: true),
        new("a short write, then ENOSPC for good", Files.Errno.NoSpace, IsShort: true, IsForGood: true),
    ];

    public override string ToString() => Name;
}

/// <summary>Fails at the n-th call through either seam that a <see cref="DiskFault"/> can strike.</summary>
internal sealed class FailingDisk(DiskFault fault, int at) : ISeamObserver
{
    private int left = at;
    private bool isHalf;

    public bool IsArmed { get; set; }

    /// <summary>Where it struck first; empty when it never did.</summary>
    public string Where { get; private set; } = "";

    public void Before(SeamCall call)
    {
        if (!fault.IsDone && (!fault.IsShort || Where.Length > 0)) Check(call);
    }

    public void After(SeamCall call)
    {
        if (fault.IsDone) Check(call);
    }

    public int Takes(SeamCall call, int count)
    {
        if (!IsArmed || !fault.IsShort) return count;
        if (isHalf)
        {
            isHalf = false;
            if (fault.Errno != 0) throw Error(call);
        }
        else if (Where.Length == 0 && count > 1 && left-- == 0)
        {
            (isHalf, Where) = (true, $"{call.Operation} {call.Target}");
            return count / 2;
        }
        return count;
    }

    private void Check(SeamCall call)
    {
        if (!IsArmed || !call.Mutates) return;
        if (Where.Length > 0 ? !fault.IsForGood : left-- > 0) return;
        if (Where.Length == 0) Where = $"{call.Operation} {call.Target}";
        throw Error(call);
    }

    private FileSystemException Error(SeamCall call) => new(call.Operation, call.Target, fault.Errno);
}
