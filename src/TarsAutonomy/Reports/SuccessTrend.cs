using TarsAutonomy.Sessions;

namespace TarsAutonomy.Reports;

/// <summary>How many tasks succeeded, night by night. A held or skipped task is neither success nor failure.</summary>
/// <param name="Target">What the seeds ask for.</param>
/// <param name="Nights">The oldest first, this one last.</param>
/// <param name="Overall">Of all their tasks together; null where none landed or failed.</param>
public sealed record SuccessTrend(double Target, IReadOnlyList<NightRate> Nights, double? Overall)
{
    public const int MostNights = 30;
    public const double SeedTarget = 0.85;

    internal static SuccessTrend Of(NightSession session, IReadOnlyList<NightSession> earlier)
    {
        IReadOnlyList<NightRate> nights =
        [
            .. earlier.Where(night => night.Id.Number < session.Id.Number).OrderBy(night => night.Id.Number).TakeLast(MostNights - 1).Append(session).Select(NightRate.Of),
        ];
        return new(SeedTarget, nights, NightRate.Ratio(nights.Sum(night => night.Landed), nights.Sum(night => night.Failed)));
    }
}

/// <summary>One night of the trend.</summary>
/// <param name="Rate">From 0 to 1; null where no task landed or failed.</param>
public sealed record NightRate(string Night, DateTimeOffset Started, int Landed, int Failed, double? Rate)
{
    internal static NightRate Of(NightSession session)
    {
        var (landed, failed) = (session.Tasks.Count(task => task.Outcome == TaskOutcome.Landed), session.Tasks.Count(task => task.Outcome == TaskOutcome.Failed));
        return new(session.Id.ToString(), session.Started, landed, failed, Ratio(landed, failed));
    }

    internal static double? Ratio(int landed, int failed) => landed + failed == 0 ? null : Math.Round((double)landed / (landed + failed), 4);
}
