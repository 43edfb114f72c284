namespace TarsEngine.Worlds;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
/// <param name="inMemory">For tests of order, that run thousands of commits: the disk's own flushes only take time there.</param>
public sealed class TempFolder(bool inMemory = false) : IDisposable
{
    private const string Memory = "/dev/shm";

    public string Path { get; } = inMemory && Directory.Exists(Memory)
        ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, "tars-test-" + Guid.NewGuid().ToString("n"))).FullName
        : Directory.CreateTempSubdirectory("tars-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        // 'rm' and not Directory.Delete, which can't name files whose names are not UTF-8.
        using var remove = System.Diagnostics.Process.Start("rm", ["-rf", "--", Path]);
        remove.WaitForExit();
    }
}
