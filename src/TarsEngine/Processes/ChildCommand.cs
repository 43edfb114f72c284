namespace TarsEngine.Processes;

/// <summary>Takes bytes of a child's output as they come; must not keep the span.</summary>
public delegate void ChildOutput(ReadOnlySpan<byte> bytes);

/// <summary>What to start, and within which bounds. Nothing is inherited: no variable, no descriptor, no terminal.</summary>
/// <param name="Program">An absolute path; nothing is searched for.</param>
/// <param name="Arguments">Without the program's own name; lone surrogates U+DC80..U+DCFF stand for bytes that are not UTF-8.</param>
public sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Where it starts, absolute.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>Its whole environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What it reads from its standard input; null is the end of file at once. Read from the child's own thread.</summary>
    public Stream? Input { get; init; }

    /// <summary>
    /// Instead of <see cref="Input"/>: a descriptor of ours whose bytes are handed on through a pipe as they come. The child never gets it,
    /// for a descriptor is more than its bytes: a file can be opened again for writing by it, a terminal be typed into.
    /// </summary>
    internal System.Runtime.InteropServices.SafeHandle? LiveInput { get; init; }

    /// <summary>After this long it is asked to end, and <see cref="Grace"/> later it is killed.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many bytes of each stream the result keeps; what comes after is read and dropped, and marked.</summary>
    public int KeepBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Takes standard output instead of the result.</summary>
    public ChildOutput? OnOutput { get; init; }

    /// <summary>Takes standard error instead of the result.</summary>
    public ChildOutput? OnError { get; init; }

    /// <summary>Descriptors the child finds as 3, 4, …</summary>
    internal IReadOnlyList<System.Runtime.InteropServices.SafeHandle> Descriptors { get; init; } = [];

    /// <summary>Called one after another on the child's own thread, in a <see cref="MountNamespace"/> of its own: what they mount, the child and its children see alone.</summary>
    internal IReadOnlyList<Action> PrivateMounts { get; init; } = [];

    /// <summary>
    /// Called before the child starts, after <see cref="PrivateMounts"/>, on a thread that starts it and ends: what that thread is confined
    /// to for good, the child is born into.
    /// </summary>
    internal Action? Confine { get; init; }

    /// <summary>Called with the child's id as soon as it runs.</summary>
    internal Action<int>? OnStarted { get; init; }

    /// <summary>Asks the child to end; by default SIGTERM to its process group.</summary>
    internal Action<int>? AskToEnd { get; init; }

    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(Files.ByteText.Display));
}
