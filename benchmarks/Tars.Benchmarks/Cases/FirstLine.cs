using System.Diagnostics;
using Tars.Benchmarks.Measuring;
using TarsEngine.Terminal;

namespace Tars.Benchmarks.Cases;

/// <summary>From the moment a command in the sandbox has written a line to the moment the listener holds it.</summary>
internal sealed class FirstLine : BenchmarkCase
{
    // The command writes the clock that we read too; without a fork, so that nothing but the way of the line is in the figure.
    private const string Script = "import os,time;os.write(1,b'%d\\n'%time.clock_gettime_ns(time.CLOCK_MONOTONIC));time.sleep(0.02)";

    public override string Name => "terminal/first-line";

    public override string What => "a line's way from the command's write to the listener";

    public override string? Goal => "under 1 ms";

    public override int Runs => 50;

    public override int WarmUp => 10;

    public override Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var workspace = bench.CreateWorkspace();
        var terminal = new TerminalExecutor(bench.Sandbox, bench.State);
        return Task.FromResult<IReadOnlyList<Variant>>(
        [
            new("System.Diagnostics.Process, no sandbox", async stop =>
            {
                using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
                var line = await process.StandardOutput.ReadLineAsync(stop);
                var late = Late(line!, Now());
                await process.WaitForExitAsync(stop);
                return late;
            }),
            new("TerminalExecutor, in the sandbox", async stop =>
            {
                var late = double.NaN;
                var result = await terminal.RunAsync(workspace, Bench.Command("/usr/bin/python3", "-c", Script), line => late = Late(line.Text, Now()), stop);
                return result.Succeeded ? late : throw new InvalidOperationException(result.Ending);
            }),
        ]);
    }

    private static long Now() => Stopwatch.GetTimestamp();

    private static double Late(string line, long now) =>
        ((now * (1e9 / Stopwatch.Frequency)) - double.Parse(line, System.Globalization.CultureInfo.InvariantCulture)) / 1e6;
}
