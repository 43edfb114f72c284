using TarsEngine.Files;
using TarsEngine.Git;

namespace TarsEngine.Sandbox;

/// <summary>Shows the codebase's repository to the commands of a workspace, read-only; what is written for it lies in the workspace and goes with it.</summary>
internal sealed class ShownRepository(GitProgram git, GitPlace repository, FileSystem files)
{
    private const string Inside = SandboxLayout.Codebase + "/.git";
    private readonly RepositoryView view = new(git, repository, files);

    /// <returns>Empty where it can't be shown: without a commit, or with objects in other repositories.</returns>
    public async Task<IReadOnlyList<SandboxBind>> ShowAsync(Workspace workspace, CancellationToken cancellation)
    {
        if (workspace.ShownRepository is { } shown) return shown;
        shown = [];
        if (await view.ReadAsync(cancellation) is { } state)
        {
            var folder = workspace.CreateFolder("repository");
            await view.WriteAsync(state, folder, cancellation);
            shown = [new(folder, Inside, Writable: false), new(state.Objects, Inside + "/objects", Writable: false)];
        }
        return workspace.ShownRepository = shown;
    }
}
