using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>
/// What git takes for unchanged in a working tree although its bytes are others than the commit's: line ends, LFS and other filters
/// made them so at the checkout. Told by the index's times, inode and size alone; no filter runs and no content is read.
/// </summary>
internal sealed partial class CheckedOut(GitProgram git, GitPlace place, FileSystem files)
{
    private const uint SkipWorktree = 1u << 30;

    private sealed record IndexEntry(RepositoryPath Path, long CtimeNs, long MtimeNs, ulong Inode, long Size, uint Flags);

    /// <summary>The commit as git would check it out here: files that git takes for unchanged are as the working tree has them, and what a sparse checkout leaves out isn't there.</summary>
    /// <param name="commit">What is checked out, such as HEAD.</param>
    public async Task<TreeSnapshot> AsCheckedOutAsync(string commit, TreeSnapshot tree, TreeSnapshot workingTree, CancellationToken cancellation)
    {
        var differing = tree.Entries.Where(entry => workingTree[entry.Key]?.Hash != entry.Value.Hash).Select(entry => entry.Key).ToHashSet();
        if (differing.Count == 0) return tree;
        var staged = (await git.RunAsync(place, ["diff-index", "--cached", "--name-only", "--no-renames", "-z", commit, "--"], cancellation: cancellation)).Checked();
        differing.ExceptWith(staged.Records().Select(record => RepositoryPath.TryParse(ByteText.Decode(record.Span), out var path, out _) ? path : default));
        if (differing.Count == 0) return tree;
        var entries = tree.Entries.ToBuilder();
        using var root = files.OpenRoot(place.WorkTree!);
        var written = IndexTime();
        foreach (var entry in await ReadIndexAsync(cancellation))
        {
            if (!differing.Contains(entry.Path)) continue;
            if (workingTree[entry.Path] is not { } there)
            {
                if ((entry.Flags & SkipWorktree) != 0) entries.Remove(entry.Path);
            }
            else if (entry.MtimeNs < written && IsUntouched(root, entry))
            {
                entries[entry.Path] = there;
            }
        }
        return new TreeSnapshot(entries);
    }

    // What was written at or after the index itself may have changed within the same tick: then its bytes count.
    private long IndexTime()
    {
        using var folder = files.OpenRoot(place.GitDirectory);
        return files.Stat(folder, "index")?.MtimeNs ?? 0;
    }

    private bool IsUntouched(DirectoryHandle root, IndexEntry entry)
    {
        using var folder = TreeReader.OpenInside(files, root, entry.Path.Parent);
        return folder is not null && files.Stat(folder, entry.Path.Name) is { Kind: NodeKind.File } now
            && (uint)now.Inode == (uint)entry.Inode && now.MtimeNs == entry.MtimeNs && now.CtimeNs == entry.CtimeNs && (uint)now.Size == (uint)entry.Size;
    }

    private async Task<List<IndexEntry>> ReadIndexAsync(CancellationToken cancellation)
    {
        // The path, a NUL, then five lines of figures; the next path follows upon them.
        var output = (await git.RunAsync(place, ["ls-files", "-z", "--cached", "--debug"], cancellation: cancellation)).Checked().Output;
        var entries = new List<IndexEntry>();
        for (var rest = output.AsSpan(); rest.IndexOf((byte)0) is >= 0 and var end;)
        {
            var name = ByteText.Decode(rest[..end]);
            rest = rest[(end + 1)..];
            var length = 0;
            for (var lines = 0; lines < 5; lines++)
            {
                var next = rest[length..].IndexOf((byte)'\n');
                if (next < 0) return entries;
                length += next + 1;
            }
            var figures = Figures().Match(Encoding.ASCII.GetString(rest[..length]));
            if (figures.Success && RepositoryPath.TryParse(name, out var path, out _))
                entries.Add(new(path, Time("c"), Time("m"), ulong.Parse(figures.Groups["ino"].Value, CultureInfo.InvariantCulture), Number("size"), uint.Parse(figures.Groups["flags"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
            rest = rest[length..];

            long Time(string which) => (Number(which + "s") * 1_000_000_000) + Number(which + "n");
            long Number(string group) => long.Parse(figures.Groups[group].Value, CultureInfo.InvariantCulture);
        }
        return entries;
    }

    [GeneratedRegex(@"ctime: (?<cs>\d{1,10}):(?<cn>\d{1,9})\n  mtime: (?<ms>\d{1,10}):(?<mn>\d{1,9})\n  dev: \d+\tino: (?<ino>\d{1,19})\n  uid: \d+\tgid: \d+\n  size: (?<size>\d{1,18})\tflags: (?<flags>[0-9a-f]{1,8})\n", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Figures();
}
