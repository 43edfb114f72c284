using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;
using TarsEngine.Storage;

namespace TarsEngine.Staging;

/// <summary>
/// Applies a git patch by <c>git apply</c>, in a scratch repository that holds nothing but the files that the patch names.
/// What comes out is read back by name: had git understood the patch in another way than <see cref="PatchReader"/>, it is refused.
/// </summary>
internal sealed class PatchStep(GitProgram git, FileSystem files, ObjectStore objects, string scratchFolder)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(PatchAction action, VirtualFileSystem tree, CancellationToken cancellation)
    {
        if (action.Size > PatchLimits.Default.MaxBytes)
            return [new(Severity.Error, "patch/refused", $"The patch has {action.Size:N0} bytes; {PatchLimits.Default.MaxBytes:N0} are the limit.", Remedy: "Give it as several patches.")];
        var patch = objects.Read(action.Patch);
        switch (PatchReader.Read(new MemoryStream(patch, writable: false)))
        {
            case PatchEmpty empty:
                return [new(Severity.Info, "patch/empty", empty.Explanation)];
            case PatchRefused refused:
                return [.. refused.Problems.Select(problem => new Finding(Severity.Error, "patch/refused", problem.Message, Line: problem.Line))];
            case PatchRead read:
                var obstacles = PatchPreconditions.Check(read.Files, tree);
                return obstacles.Count > 0 ? obstacles : await ApplyAsync(CanonicalPatch.Of(patch, read), read.Files, tree, cancellation);
            case var other:
                throw new InvalidOperationException($"Reading a patch gave {other.GetType().Name}.");
        }
    }

    private async Task<IReadOnlyList<Finding>> ApplyAsync(byte[] patch, IReadOnlyList<PatchFile> sections, VirtualFileSystem tree, CancellationToken cancellation)
    {
        using var scratch = ScratchRepository.Create(files, scratchFolder, "");
        var touched = sections.SelectMany(section => new[] { section.OldPath, section.NewPath }).OfType<RepositoryPath>().ToHashSet();
        foreach (var path in touched.Order())
        {
            if (tree[path] is not { } state) continue;
            if (state.Kind == EntryKind.Symlink) scratch.WriteSymlink(path, tree.Read(path));
            else scratch.Write(path, tree.Read(path), state.IsExecutable);
        }
        var result = await git.RunAsync(scratch.Place, ["apply", "--verbose", "--whitespace=nowarn", "-p1", "-"], patch, cancellation);
        if (!result.Succeeded) return PatchConflict.Explain(result.Error, tree);
        var after = scratch.ReadAll();
        if (after.Keys.FirstOrDefault(path => !touched.Contains(path)) is { Value.Length: > 0 } stray)
            return [new(Severity.Error, "patch/refused", $"Git would change '{stray}', which the patch does not seem to name.", stray, Remedy: "Make the patch with 'git diff --binary'.")];
        var changes = touched
            .Select(path => Change(path, after.GetValueOrDefault(path), sections, tree))
            .OfType<FileChange>();
        return tree.Apply(new ChangeSet(changes)) is { } refused ? [refused] : PatchConflict.Offsets(result.Error);
    }

    private FileChange? Change(RepositoryPath path, ScratchFile? after, IReadOnlyList<PatchFile> sections, VirtualFileSystem tree)
    {
        var before = tree[path];
        if (after is null) return before is null ? null : new FileChange(path, before, null);
        var section = sections.LastOrDefault(one => one.NewPath == path);
        var origin = section?.Kind is PatchFileKind.Rename or PatchFileKind.Copy ? section.OldPath : null;
        var hash = objects.Put(after.Content);
        var state = after.IsSymlink
            ? new FileState(EntryKind.Symlink, FileState.SymlinkMode, hash, after.Content.Length)
            : new FileState(EntryKind.File, Mode(after.IsExecutable, origin is null ? before : tree[origin.Value]), hash, after.Content.Length);
        return before == state ? null : new FileChange(path, before, state, section?.Kind == PatchFileKind.Rename ? origin : null);
    }

    /// <summary>Git knows one bit; the others stay as they were.</summary>
    private static int Mode(bool isExecutable, FileState? before) => before switch
    {
        not { Kind: EntryKind.File } => isExecutable ? VirtualFileSystem.ExecutableMode : VirtualFileSystem.FileMode,
        _ when before.IsExecutable == isExecutable => before.Mode,
        _ when isExecutable => before.Mode | ((before.Mode & 0b100_100_100) >> 2),
        _ => before.Mode & ~0b001_001_001,
    };
}
