using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Git;

namespace Tars.Benchmarks.Measuring;

/// <summary>A git repository of many small source files, committed, in the bench's codebase.</summary>
internal static class GeneratedRepository
{
    private const int FilesPerFolder = 50, LinesPerFile = 40;

    public static async Task WriteAsync(Bench bench, int files, CancellationToken cancellation)
    {
        for (var i = 0; i < files; i++)
        {
            var folder = Path.Combine(bench.Codebase, string.Create(CultureInfo.InvariantCulture, $"src/p{i / FilesPerFolder / 20}/d{i / FilesPerFolder}"));
            if (i % FilesPerFolder == 0) Directory.CreateDirectory(folder);
            var lines = Enumerable.Range(0, LinesPerFile).Select(line => string.Create(CultureInfo.InvariantCulture, $"    public int Value{line} => {i} * {line};"));
            await File.WriteAllTextAsync(Path.Combine(folder, $"C{i}.cs"), $"public class C{i}\n{{\n{string.Join('\n', lines)}\n}}\n", cancellation);
        }
        await File.WriteAllTextAsync(Path.Combine(bench.Codebase, ".gitignore"), "/.tars\n", cancellation);
        foreach (var git in (string[][])[["init", "-q"], ["add", "-A"], ["-c", "user.name=b", "-c", "user.email=b@example.invalid", "-c", "gc.auto=0", "commit", "-qm", "all"]])
            await Bench.RunOnHostAsync(["git", .. git], bench.Codebase, cancellation);
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
