using System.Globalization;
using Tars.Benchmarks.Measuring;
using TarsEngine.Storage;

namespace Tars.Benchmarks.Cases;

/// <summary>What it costs to bring files into a codebase without any check: journal, backup, audit and commit.</summary>
[Sizes(1, 10, 100, 1000)]
internal sealed class Landing(int files) : BenchmarkCase
{
    private const string Git = "git add -A && git commit", Plain = "written in place, then syncfs", Commit = "the engine's commit", Whole = "its landing: the tree looked at before, too";

    public override string Name => string.Create(CultureInfo.InvariantCulture, $"landing/{files}");

    public override string What => string.Create(CultureInfo.InvariantCulture, $"new contents for {files} of 2,000 files, from memory into the codebase, durably; nothing is checked");

    public override IReadOnlyList<Target> Targets => [Target.AtMost(Commit, Git, 1.0), Target.AtMost(Commit, Plain, 1.5)];

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var all = await EditedRepository.MakeAsync(bench, 2_000, files, 5, cancellation);
        var (git, durable, plain) = (all[0], all[1], all[2]);
        var (engine, whole) = (await LandedRepository.OpenAsync(bench, all[3], cancellation), await LandedRepository.OpenAsync(bench, all[4], cancellation));
        var root = bench.Files.OpenRoot(plain.Folder);
        bench.AtEnd(root.Dispose);
        var landings = 0;
        return
        [
            Edited(Git, git, (edit, stop) => CommitAsync(git, edit, [], stop)),
            // What git calls committed is on its way to the disk only; this is what waits for it.
            Edited("the same with core.fsync=all", durable, (edit, stop) => CommitAsync(durable, edit, ["-c", "core.fsync=all"], stop)),
            Edited(Plain, plain, (edit, _) =>
            {
                plain.Write(edit);
                bench.Files.SyncFileSystem(root);
                return Task.CompletedTask;
            }),
            Edited(Commit, all[3], (edit, _) =>
            {
                engine.Commit(new ContextId(++landings), edit);
                return Task.CompletedTask;
            }, engine.Look),
            Edited(Whole, all[4], (edit, _) =>
            {
                whole.Land(new ContextId(++landings), edit);
                return Task.CompletedTask;
            }),
        ];
    }

    private static Variant Edited(string name, EditedRepository repository, Func<IReadOnlyList<(string Path, byte[] Content)>, CancellationToken, Task> land, Action? before = null)
    {
        IReadOnlyList<(string Path, byte[] Content)> edit = [];
        return Variant.Timed(name, stop => land(edit, stop)) with { Before = async stop =>
        {
            edit = repository.NextEdit();
            before?.Invoke();
            // What others wrote is not this one's to flush.
            await Programs.RunAsync("sync", ["-f", repository.Folder], "/", new Dictionary<string, string>(StringComparer.Ordinal), stop);
        } };
    }

    private static async Task CommitAsync(EditedRepository repository, IReadOnlyList<(string Path, byte[] Content)> edit, string[] options, CancellationToken stop)
    {
        repository.Write(edit);
        await Programs.GitAsync(repository.Folder, stop, [.. options, "add", "-A"]);
        await Programs.GitAsync(repository.Folder, stop, [.. options, "commit", "-q", "-m", "edit"]);
    }
}
