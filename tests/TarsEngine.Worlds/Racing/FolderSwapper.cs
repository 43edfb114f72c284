using TarsEngine.Files;

namespace TarsEngine.Worlds.Racing;

/// <summary>Swaps a folder of the codebase with a symlink that leads out of it, again and again.</summary>
internal sealed class FolderSwapper
{
    private readonly ManualResetEventSlim pause = new(false);
    private readonly Random random;
    private readonly string folder, aside, outside, untouched;

    public FolderSwapper(string world, string code, int seed)
    {
        random = new(seed);
        (folder, aside, outside) = (Path.Combine(code, "d"), Path.Combine(code, "aside"), Path.Combine(world, "outside"));
        // The same names as inside, so that a change that went astray would find what it looks for.
        foreach (var path in Racer.Paths.Where(path => path.Value.StartsWith("d/", StringComparison.Ordinal))) Shape.Write(outside, path.Value[2..], "outside");
        untouched = Picture();
    }

    /// <summary>What lies outside is as it was: not even its times have moved.</summary>
    public bool IsUntouched => Picture() == untouched;

    public void Run(CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            // A racer may just have removed the folder, or made it anew.
            if (!Try(() => Directory.Move(folder, aside))) continue;
            Try(() => File.CreateSymbolicLink(folder, outside));
            pause.Wait(random.Next(4), CancellationToken.None);
            if (new FileInfo(folder).LinkTarget is not null) File.Delete(folder);
            // Nothing may make the folder meanwhile: then the other one stays where it is, and is nobody's any more.
            if (!Try(() => Directory.Move(aside, folder))) return;
            pause.Wait(random.Next(4), CancellationToken.None);
        }
    }

    private static bool Try(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string Picture()
    {
        var plain = new FileSystem();
        return string.Join('\n', Directory.EnumerateFileSystemEntries(outside, "*", SearchOption.AllDirectories).Append(outside).Order(StringComparer.Ordinal).Select(path =>
        {
            using var parent = plain.OpenRoot(Path.GetDirectoryName(path)!);
            return $"{path} {plain.Stat(parent, Path.GetFileName(path))}";
        }));
    }
}
