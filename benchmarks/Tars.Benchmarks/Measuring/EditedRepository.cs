using System.Globalization;
using System.Text;

namespace Tars.Benchmarks.Measuring;

/// <summary>A generated repository whose files get new contents again and again, never the same ones twice.</summary>
internal sealed class EditedRepository(string folder, int edited)
{
    private static int salt = 1_000_000;

    public string Folder => folder;

    /// <summary>One for each way to do the same: they start with the same files and commit.</summary>
    /// <param name="files">How many there are.</param>
    /// <param name="edited">How many of them each edit rewrites, spread over all folders.</param>
    public static async Task<IReadOnlyList<EditedRepository>> MakeAsync(Bench bench, int files, int edited, int count, CancellationToken cancellation)
    {
        var first = Directory.CreateDirectory(Path.Combine(bench.Folder, string.Create(CultureInfo.InvariantCulture, $"edited-{files}-0"))).FullName;
        await GeneratedRepository.WriteAsync(first, files, cancellation);
        var all = new List<EditedRepository> { new(first, edited) { Files = files } };
        for (var i = 1; i < count; i++)
        {
            var copy = first[..^1] + i.ToString(CultureInfo.InvariantCulture);
            await Bench.RunOnHostAsync(["cp", "-a", first, copy], cancellation: cancellation);
            // The copies have other inodes: without this each first command would hash all files anew.
            await Programs.GitAsync(copy, cancellation, "status", "--porcelain");
            all.Add(new(copy, edited) { Files = files });
        }
        return all;
    }

    public required int Files { get; init; }

    /// <summary>What the files are to become.</summary>
    public IReadOnlyList<(string Path, byte[] Content)> NextEdit() =>
    [
        .. Enumerable.Range(0, edited).Select(i => i * (Files / edited)).Select(file => (GeneratedRepository.PathOf(file), Encoding.UTF8.GetBytes(GeneratedRepository.TextOf(file, Interlocked.Increment(ref salt))))),
    ];

    /// <summary>The plain way: each file opened, cut and written.</summary>
    public void Write(IReadOnlyList<(string Path, byte[] Content)> edit)
    {
        foreach (var (path, content) in edit) File.WriteAllBytes(Path.Combine(folder, path), content);
    }
}
