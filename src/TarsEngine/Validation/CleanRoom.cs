using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation;

/// <summary>
/// Runs the checks on one tree in a workspace that holds nothing else: upon what was built before where that is likely to serve, and
/// once more from nothing where the run then says anything but good. So what was built before can save time and refuse nothing.
/// </summary>
internal sealed class CleanRoom(TreeContent content, WorkspaceFactory workspaces, TestExecutor executor, ContentHash checks)
{
    /// <param name="name">Of the workspace.</param>
    /// <param name="isGood">Whether a run upon earlier outputs can be believed.</param>
    /// <param name="settle">Works on with the run that counts, while its workspace stands; and with the one before it that was not believed, if there was one.</param>
    public async Task<T> TryAsync<T>(
        OneValidation validation, string name, TreeSnapshot tree, CheckPlan plan, Predicate<CheckRun> isGood, Func<Workspace, CheckRun, CheckRun?, Task<T>> settle, CancellationToken cancellation)
    {
        CheckRun disbelieved;
        using (var workspace = workspaces.Create(validation.Visible(tree), content, name, new(validation.Visible(validation.Request.Base), checks, validation.HidesNothing)))
        {
            var run = await executor.RunAsync(workspace, plan, validation.Events, cancellation);
            if (!workspace.HasOutputs || isGood(run)) return await settle(workspace, run, null);
            disbelieved = run;
        }
        validation.Say("That was built upon what an earlier run left. Everything is built and tried once more from nothing, and that counts.");
        using var clean = workspaces.Create(validation.Visible(tree), content, name, new(validation.Visible(validation.Request.Base), WithRepository: validation.HidesNothing));
        return await settle(clean, await executor.RunAsync(clean, plan, validation.Events, cancellation), disbelieved);
    }

    /// <summary>Keeps what the builds made, for the next run on the same tree. The workspace can't be run in any more.</summary>
    public Task KeepOutputsAsync(OneValidation validation, Workspace workspace, CancellationToken cancellation) =>
        workspaces.KeepOutputsAsync(workspace, checks, async paths => validation.Request.Ignored is { } rules ? await rules.IgnoredAsync(paths, cancellation) : new HashSet<RepositoryPath>());
}
