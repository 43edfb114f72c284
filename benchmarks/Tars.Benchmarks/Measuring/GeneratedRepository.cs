using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Git;

namespace Tars.Benchmarks.Measuring;

/// <summary>A git repository of many small source files, committed, in the bench's codebase.</summary>
internal static class GeneratedRepository
{
    private const int FilesPerFolder = 50, LinesPerFile = 40;

    public static Task WriteAsync(Bench bench, int files, CancellationToken cancellation) => WriteAsync(bench.Codebase, files, cancellation);

    public static async Task WriteAsync(string folder, int files, CancellationToken cancellation)
    {
        for (var i = 0; i < files; i++)
        {
            var file = Path.Combine(folder, PathOf(i));
            if (i % FilesPerFolder == 0) Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, TextOf(i, i), cancellation);
        }
        await File.WriteAllTextAsync(Path.Combine(folder, ".gitignore"), "/.tars\n", cancellation);
        await CommitAsync(folder, cancellation);
    }

    /// <summary>A repository of what lies in a folder, with one commit.</summary>
    public static async Task CommitAsync(string folder, CancellationToken cancellation)
    {
        foreach (var git in (string[][])[["init", "-q"], ["config", "gc.auto", "0"], ["config", "user.name", "b"], ["config", "user.email", "b@example.invalid"], ["add", "-A"], ["commit", "-qm", "all"]])
            await Bench.RunOnHostAsync(["git", .. git], folder, cancellation);
    }

    public static string PathOf(int file) => string.Create(CultureInfo.InvariantCulture, $"src/p{file / FilesPerFolder / 20}/d{file / FilesPerFolder}/C{file}.cs");

    /// <summary>A class of one file; another salt makes other lines.</summary>
    public static string TextOf(int file, int salt)
    {
        var lines = Enumerable.Range(0, LinesPerFile).Select(line => string.Create(CultureInfo.InvariantCulture, $"    public int Value{line} => {salt} * {line};"));
        return $"public class C{file}\n{{\n{string.Join('\n', lines)}\n}}\n";
    }

    public static CodebaseCapture Capture(Bench bench) =>
        new(GitProgram.Find(Bench.HostEnvironment), new CodebaseLocation(bench.Codebase, Path.Combine(bench.Codebase, ".git")), bench.Files, bench.State);

    public static async Task<TreeSnapshot> SnapshotAsync(Bench bench, CancellationToken cancellation)
    {
        var tree = (await Capture(bench).CaptureAsync(cancellation)).Tree;
        _ = tree.Hash;
        return tree;
    }
}
