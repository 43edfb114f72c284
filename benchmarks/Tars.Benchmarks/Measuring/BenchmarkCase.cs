namespace Tars.Benchmarks.Measuring;

/// <summary>
/// One question with its answer in figures. Its variants are measured in turns, in the same process and minute; the first
/// is the baseline that the others are held against. A subclass with a constructor without parameters, or with <see cref="SizesAttribute"/>,
/// is all that a new case needs.
/// </summary>
internal abstract class BenchmarkCase
{
    /// <summary>'area/what', unique.</summary>
    public abstract string Name { get; }

    /// <summary>What is measured, in a sentence.</summary>
    public abstract string What { get; }

    /// <summary>Of every figure: 'ms', 'µs', 'MB/s', …</summary>
    public virtual string Unit => "ms";

    /// <summary>What the project wants it to be, where it said so. For people; nothing fails by it.</summary>
    public virtual string? Goal => null;

    /// <summary>The same where it can be held against figures.</summary>
    public virtual IReadOnlyList<Target> Targets => [];

    public virtual int Runs => 15;

    public virtual int WarmUp => 3;

    /// <summary>The option that it can't be measured without, where it was not given.</summary>
    public virtual string? Misses(BenchOptions options) => null;

    /// <summary>Sets everything up, unmeasured, and gives the variants, the baseline first.</summary>
    /// <param name="bench">Folders and a sandbox; all gone after the case.</param>
    public abstract Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation);
}

/// <summary>The case is one for each of these sizes, which its constructor takes.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SizesAttribute(params int[] sizes) : Attribute
{
    public IReadOnlyList<int> Sizes => sizes;
}

/// <summary>One way to do it.</summary>
/// <param name="Measure">Does it once, and gives the figure in the case's unit.</param>
internal sealed record Variant(string Name, Func<CancellationToken, Task<double>> Measure)
{
    /// <summary>One whose figure is how long the work takes, in milliseconds.</summary>
    public static Variant Timed(string name, Func<CancellationToken, Task> work) => new(name, async cancellation =>
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await work(cancellation);
        return System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    });

    /// <summary>One whose work is so short that it's done many times at once; the figure is one time's, in microseconds.</summary>
    public static Variant TimedInMicroseconds(string name, int times, Action work) => new(name, _ =>
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++) work();
        return Task.FromResult(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMicroseconds / times);
    });

    /// <summary>Undoes, unmeasured, what a run left, before the next one.</summary>
    public Func<CancellationToken, Task>? Before { get; init; }
}
