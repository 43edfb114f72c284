using System.Diagnostics;
using Tars.Benchmarks.Measuring;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;

namespace Tars.Benchmarks.Cases;

/// <summary>How fast a gigabyte of output comes through, with everything done to it: cut in lines, made safe, logged up to the limit, capped.</summary>
internal sealed class OutputThroughput : BenchmarkCase
{
    private const long Bytes = 1L << 30;

    public override string Name => "terminal/output-1-gb";

    public override string What => "1 GiB of output of a command in the sandbox";

    public override string Unit => "MB/s";

    public override string? Goal => "200 MB/s or more";

    public override int Runs => 5;

    public override int WarmUp => 1;

    public override Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var workspace = bench.CreateWorkspace();
        return Task.FromResult<IReadOnlyList<Variant>>(
        [
            Speed("the pipe into 'cat', no sandbox", stop => Bench.RunOnHostAsync(["/bin/sh", "-c", $"{Output.Lines} | cat >/dev/null"], cancellation: stop)),
            Speed("lines of 105 bytes", stop => Output.StreamAsync(bench, workspace, Output.Lines, new(), stop)),
            Speed("lines of 105 bytes, all of them logged", stop => Output.StreamAsync(bench, workspace, Output.Lines, new() { LogBytes = 2L << 30 }, stop)),
            Speed("lines of 10 bytes", stop => Output.StreamAsync(bench, workspace, Output.ShortLines, new(), stop)),
            Speed("coloured lines", stop => Output.StreamAsync(bench, workspace, Output.Coloured, new(), stop)),
            Speed("one line without end", stop => Output.StreamAsync(bench, workspace, Output.NoLineEnd, new(), stop)),
        ]);
    }

    private static Variant Speed(string name, Func<CancellationToken, Task> work) => new(name, async cancellation =>
    {
        var started = Stopwatch.GetTimestamp();
        await work(cancellation);
        return Bytes / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    });
}

/// <summary>Shell lines that print a gigabyte.</summary>
internal static class Output
{
    private const string Line = "src/Example/Program.cs(12,34): warning CS0219: The variable 'x' is assigned but its value is never used";

    public const string Lines = $"yes \"{Line}\" | head -c 1073741824";
    public const string ShortLines = "yes 012345678 | head -c 1073741824";
    public const string Coloured = $"yes \"$(printf '\\033[1;33mwarning\\033[0m') {Line}\" | head -c 1073741824";
    public const string NoLineEnd = $"yes \"{Line}\" | tr '\\n' ' ' | head -c 1073741824";

    public static async Task StreamAsync(Bench bench, Workspace workspace, string script, OutputLimits limits, CancellationToken cancellation)
    {
        var lines = 0L;
        var result = await new TerminalExecutor(bench.Sandbox, bench.State, limits).RunAsync(workspace, Bench.Command("/bin/sh", "-c", script), _ => lines++, cancellation);
        File.Delete(result.LogFile);
        if (!result.Succeeded || lines == 0) throw new InvalidOperationException(result.Ending);
    }
}
