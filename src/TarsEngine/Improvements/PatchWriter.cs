using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Storage;

namespace TarsEngine.Improvements;

/// <summary>Writes a change as a git patch (binary where needed) that <see cref="PatchReader"/> and 'git apply' read back to the same bytes.</summary>
internal sealed class PatchWriter(GitProgram git, FileSystem files, string scratchFolder, TreeContent content)
{
    private const string Before = "before", After = "after";

    /// <summary>Git knows it without having it.</summary>
    private const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    public async Task<byte[]> WriteAsync(ChangeSet changes, CancellationToken cancellation = default)
    {
        if (changes.IsEmpty) return [];
        using var scratch = ScratchRepository.Create(files, scratchFolder, "");
        foreach (var change in changes)
        {
            Put(scratch, Before, change.Path, change.Before);
            Put(scratch, After, change.Path, change.After);
        }
        (await git.RunAsync(scratch.Place, ["add", "--all", "--force", "."], cancellation: cancellation)).Checked();
        var tree = (await git.RunAsync(scratch.Place, ["write-tree"], cancellation: cancellation)).Checked().Text;
        var (old, now) = (Side(Before, change => change.Before), Side(After, change => change.After));
        using var patch = new MemoryStream();
        (await git.RunAsync(
            scratch.Place,
            ["diff-tree", "-r", "--patch", "--binary", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", old, now],
            input: null, patch.Write, cancellation)).Checked();
        return patch.ToArray();

        string Side(string name, Func<FileChange, FileState?> state) => changes.Any(change => state(change) is not null) ? $"{tree}:{name}" : EmptyTree;
    }

    private void Put(ScratchRepository scratch, string side, RepositoryPath path, FileState? state)
    {
        if (state is null) return;
        var place = RepositoryPath.Parse(side + "/" + path.Value);
        var bytes = content.Read(path, state);
        if (state.Kind == EntryKind.Symlink) scratch.WriteSymlink(place, bytes);
        else scratch.Write(place, bytes, state.IsExecutable);
    }
}
