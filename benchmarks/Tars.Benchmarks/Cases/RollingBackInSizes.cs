using System.Globalization;
using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>The same rollback in codebases of three sizes: it may only look at what was landed.</summary>
internal sealed class RollingBackInSizes : BenchmarkCase
{
    private const int Files = 10;
    private static readonly int[] sizes = [1_000, 10_000, 100_000];

    public override string Name => "rollback/sizes";

    public override string What => "10 files as they were before, in codebases of 1,000, 10,000 and 100,000 files";

    public override IReadOnlyList<Target> Targets => [Target.AtMost(Engine(100_000), Engine(1_000), 1.25), Target.AtMost(Engine(100_000), Git(100_000), 1.0)];

    public override int WarmUp => 2;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var variants = new List<Variant>();
        foreach (var size in sizes)
        {
            var both = await EditedRepository.MakeAsync(bench, size, Files, 2, cancellation);
            variants.Add(RollingBack.ByGit(Git(size), both[0], ["checkout", "-q", "--", "."]));
            variants.Add(RollingBack.ByEngine(Engine(size), await LandedRepository.OpenAsync(bench, both[1], cancellation)));
        }
        return variants;
    }

    private static string Git(int size) => string.Create(CultureInfo.InvariantCulture, $"git checkout -- ., {size:N0} files");

    private static string Engine(int size) => string.Create(CultureInfo.InvariantCulture, $"the engine's rollback, {size:N0} files");
}
