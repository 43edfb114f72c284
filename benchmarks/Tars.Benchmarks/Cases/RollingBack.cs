using System.Globalization;
using Tars.Benchmarks.Measuring;
using TarsEngine.Storage;

namespace Tars.Benchmarks.Cases;

/// <summary>Files as they were before, against what people use to undo.</summary>
[Sizes(1, 10, 100, 1000)]
internal sealed class RollingBack(int files) : BenchmarkCase
{
    private const string Checkout = "git checkout -- .", Stash = "git stash -u", Engine = "the engine's rollback";

    public override string Name => string.Create(CultureInfo.InvariantCulture, $"rollback/{files}");

    public override string What => string.Create(CultureInfo.InvariantCulture, $"{files} of 2,000 files as they were before, of a landing or of edits that were never committed");

    public override IReadOnlyList<Target> Targets => [Target.AtMost(Engine, Checkout, 1.0), Target.AtMost(Engine, Stash, 1.0)];

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var all = await EditedRepository.MakeAsync(bench, 2_000, files, 4, cancellation);
        return
        [
            ByGit(Checkout, all[0], ["checkout", "-q", "--", "."]),
            ByGit(Stash, all[1], ["stash", "push", "-q", "-u"]),
            ByEngine(Engine, await LandedRepository.OpenAsync(bench, all[2], cancellation)),
            ByTarscli(await LandedRepository.OpenAsync(bench, all[3], cancellation)),
        ];
    }

    public static Variant ByGit(string name, EditedRepository repository, string[] command) =>
        Variant.Timed(name, stop => Programs.GitAsync(repository.Folder, stop, command)) with { Before = _ =>
        {
            repository.Write(repository.NextEdit());
            return Task.CompletedTask;
        } };

    public static Variant ByEngine(string name, LandedRepository repository)
    {
        var context = default(ContextId);
        return Variant.Timed(name, _ =>
        {
            repository.RollBack(context);
            return Task.CompletedTask;
        }) with { Before = _ =>
        {
            context = repository.LandKnown();
            return Task.CompletedTask;
        } };
    }

    private static Variant ByTarscli(LandedRepository repository)
    {
        var context = default(ContextId);
        return Variant.Timed("tarscli execute rollback", stop => Programs.TarscliAsync(repository.Folder, repository.Home, stop, "execute", "rollback", "--context-id", context.ToString(), "--all")) with { Before = _ =>
        {
            context = repository.LandKnown();
            return Task.CompletedTask;
        } };
    }
}
