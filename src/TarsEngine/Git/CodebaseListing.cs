using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>The names of what belongs to a codebase, as git's index and ignore rules say.</summary>
internal sealed class CodebaseListing
{
    public HashSet<RepositoryPath> Paths { get; } = [];

    public List<LeftOut> LeftOut { get; } = [];

    /// <param name="firstPatience">Git waits for ever where a FIFO is named '.gitignore': after this long we look for one.</param>
    public static async Task<CodebaseListing> ReadAsync(
        GitProgram git, GitPlace place, string? userExcludes, FileSystem files, TimeSpan firstPatience, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(git, place with { Patience = firstPatience }, userExcludes, cancellation);
        }
        catch (GitException failure) when (failure.TimedOut)
        {
            if (IgnoreFileThatIsNone(files, place.Folder) is { } path)
                throw new GitException($"'{path}' is a FIFO, socket or device: git waits for it without end. Remove it, then try again.");
            return await ReadAsync(git, place, userExcludes, cancellation);
        }
    }

    private static async Task<CodebaseListing> ReadAsync(GitProgram git, GitPlace place, string? userExcludes, CancellationToken cancellation)
    {
        string[] excludes = userExcludes is null ? [] : ["-c", "core.excludesFile=" + userExcludes];
        var listing = new CodebaseListing();
        // Read while git still writes.
        var records = new RecordSplitter(listing.Add);
        var run = (await git.RunAsync(place with { Settings = excludes }, ["ls-files", "-z", "-t", "--stage", "--others", "--exclude-standard", "--exclude=/.tars/"], null, records.Add, cancellation)).Checked();
        foreach (var line in run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            listing.LeftOut.Add(new("capture/unreadable", ByteText.Display(line), null, false, "Give yourself the permission to read it, or add it to .gitignore."));
        return listing;
    }

    // '? path' for an untracked file, or 'H mode object stage TAB path', with other letters than H for other states of the index.
    private void Add(ReadOnlySpan<byte> record)
    {
        if (!record.StartsWith("? "u8))
        {
            Add(record[(record.IndexOf((byte)'\t') + 1)..], record[2..].StartsWith("160000 "u8) ? Submodule : null);
            return;
        }
        var isNested = record.EndsWith("/"u8);
        Add(isNested ? record[2..^1] : record[2..], isNested ? Nested : null);
    }

    private static RepositoryPath? IgnoreFileThatIsNone(FileSystem files, string folder)
    {
        using var root = files.OpenRoot(folder);
        var folders = new Stack<RepositoryPath?>([null]);
        while (folders.TryPop(out var at))
        {
            using var directory = TreeReader.OpenInside(files, root, at);
            if (directory is null) continue;
            foreach (var name in files.List(directory))
            {
                if (!RepositoryPath.TryParse(at is null ? name : at.Value.Value + "/" + name, out var path, out _) || path.IsMetadata) continue;
                var kind = files.Stat(directory, name)?.Kind;
                if (kind == NodeKind.Directory) folders.Push(path);
                else if (kind == NodeKind.Other && name == ".gitignore") return path;
            }
        }
        return null;
    }

    private static LeftOut Submodule(RepositoryPath path) =>
        new("capture/submodule", $"'{path}' is a submodule: it is left out, and what lies in it is not touched.", path, true);

    private static LeftOut Nested(RepositoryPath path) =>
        new("capture/nested-repository", $"'{path}' is a git repository of its own: it is left out, and what lies in it is not touched.", path, true, "Run from inside it to work on it, or add it to .gitignore to say that it is meant.");

    private void Add(ReadOnlySpan<byte> name, Func<RepositoryPath, LeftOut>? leftOut)
    {
        if (!RepositoryPath.TryParse(ByteText.Decode(name), out var path, out var problem))
            LeftOut.Add(new("capture/name", $"A file is left out, because of its name. {problem}", null, false, "Rename it."));
        else if (leftOut is not null)
            LeftOut.Add(leftOut(path));
        else if (!path.IsMetadata)
            Paths.Add(path); // an unmerged path stands in the index up to three times
    }
}
