using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Git;

/// <summary>
/// Captures a codebase byte-exact: tracked, uncommitted and untracked files, without what its ignore rules name.
/// Only reads the codebase: no index is refreshed, no filter runs.
/// </summary>
/// <param name="state">For the stat cache and scratch repositories.</param>
/// <param name="userExcludes">The user's own ignore file, see <see cref="GitExcludes"/>.</param>
public sealed class CodebaseCapture(
    GitProgram git, CodebaseLocation location, FileSystem files, StateFolder state, string? userExcludes = null)
{
    /// <summary>How long the listing may take before it is asked why.</summary>
    internal TimeSpan ListingPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Removes what killed runs left of their scratch repositories; those in use stay.</summary>
    public void SweepScratch() => ScratchRepository.Sweep(files, state.Workspaces);

    /// <summary>The working tree as it is now.</summary>
    public async Task<CapturedTree> CaptureAsync(CancellationToken cancellation = default)
    {
        var scratch = location.Git is null ? ScratchRepository.Create(files, state.Workspaces, GitExcludes.WithoutGit) : null;
        try
        {
            var place = location.Git ?? scratch!.Place with { Folder = location.Root, WorkTree = location.Root };
            using var top = files.OpenRoot(location.Root);
            using var own = files.OpenRoot(state.Root);
            var listing = CodebaseListing.ReadAsync(git, place, userExcludes, files, ListingPatience, cancellation);
            var reader = Task.Run(async () =>
            {
                var ahead = new TreeReader(files, top, StatCache.Load(files, own, top));
                await ahead.ReadAheadAsync(cancellation);
                return ahead;
            }, CancellationToken.None);
            await Task.WhenAll(reader, listing);
            return await (await reader).ReadAsync(await listing, cancellation);
        }
        finally
        {
            scratch?.Dispose();
        }
    }

    /// <summary>The tree of a commit, its contents put into <paramref name="objects"/>.</summary>
    /// <param name="commit">Such as HEAD.</param>
    /// <param name="workingTree">
    /// Git knows only one permission bit. Where this has the same file with the same executable bit, its whole mode is taken.
    /// </param>
    /// <exception cref="GitException">There is no git, or no such commit.</exception>
    public Task<CapturedTree> CaptureCommitAsync(
        string commit, ObjectStore objects, TreeSnapshot? workingTree = null, CancellationToken cancellation = default) =>
        new CommitReader(git, Repository(), objects, workingTree ?? TreeSnapshot.Empty, BlobHashes.Load(files, state.Root)).ReadCommitAsync(commit, cancellation);

    /// <summary>A commit's tree as git would check it out here: what git takes for unchanged, although a filter made other bytes of it, is as the working tree has it.</summary>
    public async Task<TreeSnapshot> AsCheckedOutAsync(string commit, TreeSnapshot tree, TreeSnapshot workingTree, CancellationToken cancellation = default) =>
        await new CheckedOut(git, Repository(), files).AsCheckedOutAsync(commit, tree, workingTree, cancellation);

    /// <summary>What is staged in the index, its contents put into <paramref name="objects"/>.</summary>
    /// <param name="indexFile">Another index than the repository's own (a commit hook is given one).</param>
    public Task<CapturedTree> CaptureIndexAsync(
        ObjectStore objects, TreeSnapshot? workingTree = null, string? indexFile = null, CancellationToken cancellation = default) =>
        new CommitReader(git, Repository() with { IndexFile = indexFile }, objects, workingTree ?? TreeSnapshot.Empty, BlobHashes.Load(files, state.Root)).ReadIndexAsync(cancellation);

    /// <summary>The full id of a commit; null when there is none by that name (an empty repository has no HEAD).</summary>
    public async Task<string?> ResolveCommitAsync(string name, CancellationToken cancellation = default)
    {
        if (location.Git is null || name.StartsWith('-')) return null;
        var answer = await git.RunAsync(location.Git, ["rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"], cancellation: cancellation);
        return answer.Succeeded ? answer.Text : null;
    }

    /// <summary>The ignore rules of <paramref name="tree"/>, for what a command wrote.</summary>
    public IgnoreRules RulesOf(TreeSnapshot tree, TreeContent content) =>
        new(git, files, state.Workspaces, tree, content, GitExcludes.Text(location, userExcludes));

    private GitPlace Repository() =>
        location.Git ?? throw new GitException($"'{location.Root}' has no git repository, so it has no commits and no index.");
}
