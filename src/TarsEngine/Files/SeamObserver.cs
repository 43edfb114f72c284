namespace TarsEngine.Files;

/// <summary>One call through a seam (file system or state database), as an observer sees it.</summary>
/// <param name="Operation">Its name: 'rename-exchange', 'fsync', 'commit', …</param>
/// <param name="Target">What it acts on, for people.</param>
/// <param name="Mutates">False for calls that only read.</param>
public readonly record struct SeamCall(string Operation, string Target, bool Mutates);

/// <summary>
/// Stands at both seams. Production has none; tests count calls, and throw to act as a failing disk
/// (<see cref="IOException"/> with an errno) or as a killed process (any other exception, at every call from then on).
/// </summary>
public interface ISeamObserver
{
    void Before(SeamCall call);

    void After(SeamCall call);

    /// <summary>How many bytes of a write the disk takes at once; what is left is asked for again. Fewer than all: an almost full disk.</summary>
    int Takes(SeamCall call, int count) => count;
}
