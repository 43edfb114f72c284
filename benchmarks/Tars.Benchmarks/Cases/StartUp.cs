using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>What every small command costs, however little it does.</summary>
internal sealed class StartUp : BenchmarkCase
{
    public override string Name => "startup/status";

    public override string What => "'tarscli execute status' in a codebase of 1,000 files with one landing, as a process";

    public override int Runs => 25;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var repository = (await EditedRepository.MakeAsync(bench, 1_000, 10, 1, cancellation))[0];
        var landed = await LandedRepository.OpenAsync(bench, repository, cancellation);
        landed.LandKnown();
        return
        [
            Variant.Timed("git status", stop => Programs.GitAsync(repository.Folder, stop, "status", "--porcelain")),
            Variant.Timed("tarscli --version", stop => Programs.TarscliAsync(repository.Folder, landed.Home, stop, "--version")),
            Variant.Timed("tarscli execute status", stop => Programs.TarscliAsync(repository.Folder, landed.Home, stop, "execute", "status")),
        ];
    }
}
