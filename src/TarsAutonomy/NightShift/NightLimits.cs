using System.Globalization;
using TarsAutonomy.Sessions;
using TarsAutonomy.Settings;
using TarsEngine.Documents;

namespace TarsAutonomy.NightShift;

/// <summary>When a session has done enough.</summary>
internal static class NightLimits
{
    /// <summary>Why no other task is begun; null when one may be.</summary>
    /// <param name="usual">How long a task takes as a rule; null where nobody knows.</param>
    public static string? WhyEnough(NightSession session, SessionSettings settings, DateTimeOffset now, TimeSpan? usual)
    {
        var begun = session.Tasks.Where(task => task.Outcome is not TaskOutcome.Skipped).ToList();
        var failures = begun.Where(task => task.Outcome is TaskOutcome.Landed or TaskOutcome.Failed).Reverse().TakeWhile(task => task.Outcome == TaskOutcome.Failed).Count();
        if (failures >= settings.MaxConsecutiveFailures) return Text($"Too many failures: {failures} tasks failed one after the other.");
        if (begun.Count >= settings.MaxTasks) return Text($"{begun.Count} tasks were begun, which is the most for a session.");
        var left = (session.Resumed ?? session.Started) + settings.MaxDuration - now;
        if (left <= TimeSpan.Zero) return $"The session's {Durations.Format(settings.MaxDuration)} are over.";
        if (usual > left) return $"What is left of the session's {Durations.Format(settings.MaxDuration)} is less than a task takes here as a rule.";
        var used = begun.SelectMany(task => task.Attempts).Select(attempt => attempt.Usage).Where(usage => usage is not null).ToList();
        if (settings.TokenBudget is { } tokens && used.Sum(usage => usage!.Tokens) >= tokens) return Text($"The budget of {tokens:N0} tokens is used up.");
        if (settings.CostBudget is { } cost && used.Sum(usage => usage!.Cost ?? 0) >= cost) return Text($"The budget of ${cost} is used up.");
        return null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
