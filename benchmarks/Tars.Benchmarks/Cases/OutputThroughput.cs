using System.Diagnostics;
using Tars.Benchmarks.Measuring;
using TarsEngine.Terminal;

namespace Tars.Benchmarks.Cases;

/// <summary>How fast a gigabyte of output comes through, with everything done to it: cut in lines, made safe, logged up to the limit, capped.</summary>
internal sealed class OutputThroughput : BenchmarkCase
{
    private const long Bytes = 1L << 30;
    private const string Line = "src/Example/Program.cs(12,34): warning CS0219: The variable 'x' is assigned but its value is never used";

    public override string Name => "terminal/output-1-gb";

    public override string What => "1 GiB of output of a command in the sandbox, in lines of 105 bytes";

    public override string Unit => "MB/s";

    public override string? Goal => "200 MB/s or more, in bounded memory";

    public override int Runs => 5;

    public override int WarmUp => 1;

    public override Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var workspace = bench.CreateWorkspace();
        string[] command = ["/bin/sh", "-c", $"yes \"{Line}\" | head -c {Bytes}"];
        return Task.FromResult<IReadOnlyList<Variant>>(
        [
            Speed("the same pipe into /dev/null, no sandbox", stop => Bench.RunOnHostAsync([command[0], command[1], $"{command[2]} | cat >/dev/null"], cancellation: stop)),
            Speed("TerminalExecutor", stop => StreamAsync(bench, workspace, command, new OutputLimits(), stop)),
            Speed("TerminalExecutor, log of the whole gigabyte", stop => StreamAsync(bench, workspace, command, new OutputLimits { LogBytes = 2L << 30 }, stop)),
        ]);
    }

    private static async Task StreamAsync(Bench bench, TarsEngine.Sandbox.Workspace workspace, string[] command, OutputLimits limits, CancellationToken cancellation)
    {
        var lines = 0L;
        var result = await new TerminalExecutor(bench.Sandbox, bench.State, limits).RunAsync(workspace, Bench.Command(command), _ => lines++, cancellation);
        File.Delete(result.LogFile);
        if (!result.Succeeded || lines == 0) throw new InvalidOperationException(result.Ending);
    }

    private static Variant Speed(string name, Func<CancellationToken, Task> work) => new(name, async cancellation =>
    {
        var started = Stopwatch.GetTimestamp();
        await work(cancellation);
        return Bytes / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    });
}
