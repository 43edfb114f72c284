using TarsAutonomy.Sessions;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsAutonomy.Reports;

/// <summary>One task of a night, and what is known of its last attempt.</summary>
public sealed record TaskReport
{
    /// <summary>More findings than this are counted, and 'execute status --detail' tells them.</summary>
    internal const int MostFindings = 20;

    internal const int MostFiles = 100;

    public int Ordinal { get; init; }

    /// <summary>Its id in the plan.</summary>
    public required string Task { get; init; }
    public required string Description { get; init; }

    /// <summary>'landed', 'failed', 'held', 'skipped', 'abandoned' or 'running'.</summary>
    public required string Outcome { get; init; }
    public string? Rule { get; init; }
    public string? Reason { get; init; }

    /// <summary>What a person may do; null where nothing is to be done.</summary>
    public string? Next { get; init; }

    /// <summary>'IMP-12'.</summary>
    public string? Improvement { get; init; }

    /// <summary>'CTX-7': the last attempt's.</summary>
    public string? Context { get; init; }
    public string? Commit { get; init; }
    public int? EstimatedLines { get; init; }

    /// <summary>Lines added and removed, by our own count.</summary>
    public int ChangedLines { get; init; }
    public DateTimeOffset Started { get; init; }
    public DateTimeOffset? Ended { get; init; }
    public double? Seconds { get; init; }
    public IReadOnlyList<AttemptReport> Attempts { get; init; } = [];

    /// <summary>Over all attempts.</summary>
    public ClaimedUsage? Claimed { get; init; }

    /// <summary>'pass', 'hold' or 'fail', from our own run; null where there was none, or where its record is gone.</summary>
    public string? Verdict { get; init; }

    /// <summary>True when tests, or a check named for it, showed that the change works.</summary>
    public bool Proven { get; init; }
    public ReportTests? TestsBefore { get; init; }
    public ReportTests? Tests { get; init; }
    public IReadOnlyList<ReportFile> Files { get; init; } = [];
    public int FilesLeftOut { get; init; }

    /// <summary>The gravest first.</summary>
    public IReadOnlyList<ReportFinding> Findings { get; init; } = [];
    public int FindingsLeftOut { get; init; }
    public DiffExcerpt? Diff { get; init; }

    internal static TaskReport Of(NightTask task, Func<ContextId, ExecutionReport?> details, ReportSettings settings)
    {
        var context = task.Attempts.Count > 0 ? task.Attempts[^1].Context : (ContextId?)null;
        var known = context is { } id ? details(id) : null;
        var findings = known?.Findings.OrderByDescending(finding => Weight(finding.Severity)).ToList() ?? [];
        return new()
        {
            Ordinal = task.Ordinal,
            Task = task.TaskId,
            Description = task.Description,
            Outcome = ReportWords.Of(task.Outcome),
            Rule = task.Rule,
            Reason = task.Reason,
            Next = ReportWords.Next(task.Outcome, context),
            Improvement = task.Improvement?.ToString(),
            Context = context?.ToString(),
            Commit = task.Commit,
            EstimatedLines = task.EstimatedLines,
            ChangedLines = task.ChangedLines > 0 ? task.ChangedLines : known?.Files.Sum(file => file.Added + file.Removed) ?? 0,
            Started = task.Started,
            Ended = task.Ended,
            Seconds = (task.Ended - task.Started)?.TotalSeconds,
            Attempts = [.. task.Attempts.Select(AttemptReport.Of)],
            Claimed = ClaimedUsage.Sum(task.Attempts.Select(attempt => ClaimedUsage.Of(attempt.Usage))),
            Verdict = known?.Verdict,
            Proven = known?.Proven ?? false,
            TestsBefore = known?.BaselineTests,
            Tests = known?.Tests,
            Files = [.. known?.Files.Take(MostFiles) ?? []],
            FilesLeftOut = Math.Max(0, (known?.Files.Count ?? 0) - MostFiles),
            Findings = [.. findings.Take(MostFindings)],
            FindingsLeftOut = Math.Max(0, findings.Count - MostFindings),
            Diff = known?.Diff is { Length: > 0 } diff ? DiffExcerpt.Of(diff, settings.DiffLines) : null,
        };
    }

    private static int Weight(string severity) => severity.ToUpperInvariant() switch { "ERROR" => 3, "HOLD" => 2, "WARNING" => 1, _ => 0 };
}

/// <summary>One run of the agent.</summary>
/// <param name="Context">'CTX-7'.</param>
public sealed record AttemptReport(int Number, string Context, string Outcome, string? Reason, double Seconds, ClaimedUsage? Claimed)
{
    internal static AttemptReport Of(NightAttempt attempt) => new(
        attempt.Number, attempt.Context.ToString(), attempt.Outcome, attempt.Reason, attempt.Duration.TotalSeconds, ClaimedUsage.Of(attempt.Usage));
}
