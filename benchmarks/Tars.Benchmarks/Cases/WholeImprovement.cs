using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>A change from its plan to the codebase, proven by its tests: the engine, and the script that people write today.</summary>
/// <param name="isFirst">Nothing is known of the codebase yet; else others were landed before.</param>
internal abstract class WholeImprovement(string on, bool isFirst) : BenchmarkCase
{
    private const string Script = "script: worktree, apply, dotnet test, commit", Library = "the engine in one process", Commands = "tarscli, a process for each step";

    public override string Name => $"improvement/{on}-{(isFirst ? "first" : "later")}";

    public override string What => $"one more statement in a method, from the patch to the landing, {(isFirst ? "the first on a codebase" : "where others were landed before")}";

    public override IReadOnlyList<Target> Targets => [Target.Faster(Library, Script, isFirst ? 3 : 8), Target.Faster(Commands, Script, isFirst ? 3 : 8)];

    public override int Runs => 3;

    public override int WarmUp => 1;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var source = await SourceAsync(bench, cancellation);
        var by = new List<ImprovedRepository>();
        foreach (var name in (string[])["by-script", "by-engine", "by-command"]) by.Add(await ImprovedRepository.CloneAsync(bench, source, name, ConfigurationOf(bench.Options), cancellation));
        return
        [
            Improved(Script, by[0], new WorktreeScript(bench, by[0]).RunAsync, anew: false),
            Improved(Library, by[1], by[1].ImproveAsync, isFirst),
            Improved(Commands, by[2], by[2].ImproveByCommandAsync, isFirst),
        ];
    }

    /// <summary>Which says how it is built and tested; null where that is found out.</summary>
    protected virtual string? ConfigurationOf(BenchOptions options) => null;

    /// <summary>A repository to clone.</summary>
    protected abstract Task<string> SourceAsync(Bench bench, CancellationToken cancellation);

    // To the script every one is a first: it keeps nothing but the build servers.
    private static Variant Improved(string name, ImprovedRepository repository, Func<CancellationToken, Task> improve, bool anew) => Variant.Timed(name, improve) with
    {
        Before = async cancellation =>
        {
            if (anew) await repository.BeginAnewAsync(cancellation);
            await repository.NextPatchAsync(cancellation);
        },
    };
}

internal abstract class GivenImprovement(bool isFirst) : WholeImprovement("repository", isFirst)
{
    public override string? Misses(BenchOptions options) => options.Repository is null ? "--repository DIR, a public repository" : null;

    protected override string? ConfigurationOf(BenchOptions options) => options.Config;

    protected override Task<string> SourceAsync(Bench bench, CancellationToken cancellation) => Task.FromResult(bench.Options.Repository!);
}

internal sealed class GivenImprovementFirst() : GivenImprovement(isFirst: true);

internal sealed class GivenImprovementLater() : GivenImprovement(isFirst: false);
