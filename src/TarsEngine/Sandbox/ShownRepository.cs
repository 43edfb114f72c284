using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>The codebase's repository as commands see it, read-only: written when it is first asked for, and anew when HEAD or a tag has moved.</summary>
internal sealed class ShownRepository(GitProgram git, GitPlace repository, StateFolder state, FileSystem files) : IDisposable
{
    private const string Inside = SandboxLayout.Codebase + "/.git";
    private readonly RepositoryViewWriter writer = new(git, repository, files);
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly List<string> written = [];
    private LoneRun? run;
    private RepositoryView? view;

    /// <returns>Empty where it can't be shown: without a commit, or with objects in other repositories.</returns>
    public async Task<IReadOnlyList<SandboxBind>> ShowAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (await writer.ReadAsync(cancellation) is not { } now) return [];
            if (view?.Key != now.Key) view = await writer.WriteAsync(now, NewFolder(), cancellation);
            return [new(view.Folder, Inside, Writable: false), new(view.Objects, Inside + "/objects", Writable: false)];
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        using (var parent = files.OpenRoot(state.Workspaces))
        {
            foreach (var name in written) files.RemoveTree(parent, name);
        }
        run?.Dispose();
        turn.Dispose();
    }

    private string NewFolder()
    {
        run ??= LoneRun.Start(state, "view");
        var name = string.Create(CultureInfo.InvariantCulture, $"{run.Name}-{written.Count + 1}");
        using var parent = files.OpenRoot(state.Workspaces);
        files.RemoveTree(parent, name);
        files.CreateDirectory(parent, name, 0b111_101_101);
        written.Add(name);
        return Path.Combine(state.Workspaces, name);
    }
}
