using System.Globalization;
using Tars.Benchmarks.Measuring;
using TarsEngine.Terminal;

namespace Tars.Benchmarks.Cases;

/// <summary>The most memory that this process holds while a gigabyte of output comes through.</summary>
internal sealed class OutputMemory : BenchmarkCase
{
    public override string Name => "terminal/output-memory";

    public override string What => "the highest resident memory of the engine's process while a command in the sandbox prints";

    public override string Unit => "MB";

    public override string? Goal => "the same for 1 GiB as for 10 lines";

    public override int Runs => 5;

    public override int WarmUp => 1;

    public override Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var workspace = bench.CreateWorkspace();
        return Task.FromResult<IReadOnlyList<Variant>>(
        [
            Highest("10 lines", stop => Output.StreamAsync(bench, workspace, "yes | head", new OutputLimits(), stop)),
            Highest("1 GiB in lines of 105 bytes", stop => Output.StreamAsync(bench, workspace, Output.Lines, new OutputLimits(), stop)),
            Highest("1 GiB without a line's end", stop => Output.StreamAsync(bench, workspace, Output.NoLineEnd, new OutputLimits(), stop)),
        ]);
    }

    /// <summary>Measures the highest resident memory while it works.</summary>
    public static Variant Highest(string name, Func<CancellationToken, Task> work) => new(name, async cancellation =>
    {
        GC.Collect();
        // Sets the highest seen back to what there is now.
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5", cancellation);
        await work(cancellation);
        return Kilobytes("VmHWM:") / 1000.0;
    });

    private static long Kilobytes(string field) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Replace(field, "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);
}
