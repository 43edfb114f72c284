using System.Globalization;
using Tars.Benchmarks.Measuring;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;

namespace Tars.Benchmarks.Cases;

/// <summary>A new workspace on a tree that was seen before, with one command run in it, against a git worktree.</summary>
internal abstract class WorkspaceMount(int files) : BenchmarkCase
{
    private int counter;

    public override string Name => string.Create(CultureInfo.InvariantCulture, $"workspace/new-{files}");

    public override string What => string.Create(CultureInfo.InvariantCulture, $"a new workspace on a tree of {files} files, and 'true' run in it");

    public override string? Goal => "20 times faster than the worktree, the same for every size";

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        await GeneratedRepository.WriteAsync(bench, files, cancellation);
        var tree = await GeneratedRepository.SnapshotAsync(bench, cancellation);
        var factory = new WorkspaceFactory(bench.State, bench.Files, TimeProvider.System);
        var terminal = new TerminalExecutor(bench.Sandbox, bench.State);
        var worktree = Path.Combine(bench.Folder, "worktree");
        return
        [
            Variant.Timed("git worktree add, and 'true' in it", async stop =>
            {
                await Bench.RunOnHostAsync(["git", "worktree", "add", "-q", "--detach", worktree], bench.Codebase, stop);
                await Bench.RunOnHostAsync(["true"], worktree, stop);
            }) with
            {
                Before = async stop =>
                {
                    if (Directory.Exists(worktree)) await Bench.RunOnHostAsync(["git", "worktree", "remove", "--force", worktree], bench.Codebase, stop);
                },
            },
            Variant.Timed("workspace, and 'true' in the sandbox on it", async stop =>
            {
                using var workspace = factory.Create(tree, bench.Content, string.Create(CultureInfo.InvariantCulture, $"mount-{++counter}"));
                await terminal.RunAsync(workspace, Bench.Command("true"), cancellation: stop);
            }),
        ];
    }
}

internal sealed class WorkspaceMountOf1000() : WorkspaceMount(1_000);

internal sealed class WorkspaceMountOf10000() : WorkspaceMount(10_000);

internal sealed class WorkspaceMountOf100000() : WorkspaceMount(100_000)
{
    public override int Runs => 5;

    public override int WarmUp => 1;
}
