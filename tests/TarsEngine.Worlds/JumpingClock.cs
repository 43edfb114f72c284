namespace TarsEngine.Worlds;

/// <summary>A clock that jumps to and fro, by up to a year, at every look at it. How long something takes it tells truly, as the system's does.</summary>
internal sealed class JumpingClock(int seed) : TimeProvider
{
    private const int Days = 365;
    private readonly Lock gate = new();
    private readonly Random random = new(seed);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return System.GetUtcNow().AddDays((random.NextDouble() * 2 * Days) - Days);
    }
}
