namespace Tars.Stress.Running;

/// <summary>One way to break it on purpose.</summary>
internal abstract class StressCase
{
    public abstract string Name { get; }

    /// <summary>For the help, in half a line.</summary>
    public abstract string What { get; }

    /// <summary>Tries until everything was tried, or the run's time is up.</summary>
    public abstract Task RunAsync(StressRun run);
}
