using System.Globalization;
using System.Text;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Git;

/// <summary>Reads a tree out of git's object database, as stored: no filter, no line-end conversion, no LFS. What was read before, and is stored still, is not read again.</summary>
internal sealed class CommitReader(GitProgram git, GitPlace place, ObjectStore objects, TreeSnapshot workingTree, BlobHashes known)
{
    private const long BatchBytes = 64 * 1024 * 1024;

    private sealed record Entry(RepositoryPath Path, string Mode, string Object, long Size);

    public async Task<CapturedTree> ReadCommitAsync(string commit, CancellationToken cancellation)
    {
        if (commit.StartsWith('-')) throw new GitException($"'{commit}' is not the name of a commit.");
        // mode SP type SP object SP size TAB path
        var listing = await git.RunAsync(place, ["ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", commit], cancellation: cancellation);
        return await ReadAsync(listing.Checked().Records(), fields => (fields[0], fields[2], fields[3]), cancellation);
    }

    public async Task<CapturedTree> ReadIndexAsync(CancellationToken cancellation)
    {
        // mode SP object SP stage TAB path
        var listing = await git.RunAsync(place, ["ls-files", "-z", "--stage"], cancellation: cancellation);
        if (listing.Checked().Records().Any(record => !ByteText.Decode(record.Span).Split('\t')[0].EndsWith(" 0", StringComparison.Ordinal)))
            throw new GitException("The index holds unmerged files. Resolve them and stage the result (git add), then try again.");
        return await ReadAsync(listing.Records(), fields => (fields[0], fields[1], "-"), cancellation);
    }

    private async Task<CapturedTree> ReadAsync(
        IEnumerable<ReadOnlyMemory<byte>> records, Func<string[], (string Mode, string Object, string Size)> parse, CancellationToken cancellation)
    {
        var leftOut = new List<LeftOut>();
        var entries = new List<Entry>();
        foreach (var record in records)
        {
            var tab = record.Span.IndexOf((byte)'\t');
            var (mode, id, size) = parse(Encoding.ASCII.GetString(record.Span[..tab]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
            if (!RepositoryPath.TryParse(ByteText.Decode(record.Span[(tab + 1)..]), out var path, out var problem))
                leftOut.Add(new("capture/name", $"A file is left out, because of its name. {problem}", null, false));
            else if (mode == "160000")
                leftOut.Add(new("capture/submodule", $"'{path}' is a submodule: it is left out.", path, true));
            else if (!path.IsMetadata)
                entries.Add(new(path, mode, id, long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0));
        }
        var contents = await ReadContentsAsync(entries, cancellation);
        return new(new TreeSnapshot(entries.Select(entry => KeyValuePair.Create(entry.Path, State(entry, contents[entry.Object])))), leftOut);
    }

    private FileState State(Entry entry, (ContentHash Hash, long Size) content)
    {
        if (entry.Mode == "120000") return new(EntryKind.Symlink, FileState.SymlinkMode, content.Hash, content.Size);
        var isExecutable = entry.Mode == "100755";
        var mode = workingTree[entry.Path] is { Kind: EntryKind.File } there && there.IsExecutable == isExecutable
            ? there.Mode
            : isExecutable ? 0b111_101_101 : 0b110_100_100;
        return new(EntryKind.File, mode, content.Hash, content.Size);
    }

    private async Task<Dictionary<string, (ContentHash, long)>> ReadContentsAsync(List<Entry> entries, CancellationToken cancellation)
    {
        var contents = new Dictionary<string, (ContentHash, long)>(StringComparer.Ordinal);
        var batch = new List<string>();
        var bytes = 0L;
        foreach (var entry in entries.DistinctBy(entry => entry.Object, StringComparer.Ordinal))
        {
            if (known.Find(entry.Object) is { } before && objects.Contains(before.Hash))
            {
                contents[entry.Object] = before;
                continue;
            }
            if (batch.Count > 0 && bytes + entry.Size > BatchBytes) await ReadBatchAsync();
            batch.Add(entry.Object);
            bytes += entry.Size;
        }
        if (batch.Count > 0) await ReadBatchAsync();
        known.Save();
        return contents;

        async Task ReadBatchAsync()
        {
            var input = Encoding.ASCII.GetBytes(string.Concat(batch.Select(id => id + "\n")));
            var answer = (await git.RunAsync(place, ["cat-file", "--batch"], input, cancellation)).Checked();
            ParseBatch(answer.Output);
            (batch, bytes) = ([], 0);
        }

        void ParseBatch(ReadOnlySpan<byte> output)
        {
            // object SP type SP size LF content LF
            foreach (var id in batch)
            {
                var end = output.IndexOf((byte)'\n');
                var header = end < 0 ? [] : Encoding.ASCII.GetString(output[..end]).Split(' ');
                if (header.Length != 3 || header[0] != id || header[1] != "blob")
                    throw new GitException($"The object {id} can't be read from '{place.GitDirectory}'. A partial clone lacks what was never fetched: fetch it, then try again.");
                var size = int.Parse(header[2], CultureInfo.InvariantCulture);
                var content = output.Slice(end + 1, size);
                contents[id] = (objects.Put(content), size);
                known.Add(id, contents[id].Item1, size);
                output = output[(end + 1 + size + 1)..];
            }
        }
    }
}
