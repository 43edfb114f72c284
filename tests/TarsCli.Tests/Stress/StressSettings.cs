using System.Globalization;

namespace TarsCli.Tests.Stress;

/// <summary>
/// How much is tried: a few rounds in every test run, all of them with TARS_STRESS=1. The seed is new each time and printed;
/// TARS_STRESS_SEED repeats one, as far as two processes on a busy machine can be repeated.
/// </summary>
internal static class StressSettings
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("TARS_STRESS") == "1";

    public static int Seed { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("TARS_STRESS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : Random.Shared.Next(1_000_000);

    /// <summary>Each world has a codebase of its own, so that several can run side by side; more than there are cores, for their processes wait a lot.</summary>
    public static ParallelOptions SideBySide(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = Environment.ProcessorCount * (IsFull ? 4 : 1), CancellationToken = cancellation };
}
