using TarsCli.Output;
using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Review;
using TarsEngine.Rollback;
using TarsEngine.Validation;

namespace TarsCli;

/// <summary>Gathers everything that is known of a context into a report.</summary>
internal static class Reports
{
    public static ExecutionReport Of(Codebase codebase, ExecutionContext context, bool withLog, bool withDiff)
    {
        var verdict = context.Verdict is null ? null : Verdict.FromJson(context.Verdict);
        var review = ChangeReview.Of(context.Changes ?? ChangeSet.Empty, codebase.Content);
        var events = codebase.Contexts.Events(context.Id, 0);
        return new ExecutionReport
        {
            Id = context.Id.ToString(),
            Improvement = context.Improvement.ToString(),
            Title = codebase.Improvements.Get(context.Improvement)?.Title ?? "",
            State = context.State.Word(),
            AtRest = context.State.IsAtRest(),
            DryRun = context.DryRun,
            Created = context.Created,
            Updated = context.Updated,
            StepsDone = context.StepsDone,
            StepsTotal = context.StepsTotal,
            BaseTree = context.BaseTree?.Hex,
            ResultTree = context.ResultTree?.Hex,
            Error = context.Error,
            Commit = codebase.BranchLandingOf(context.Id) is { } landing ? new(landing.Branch, landing.After, Words.Id(landing.State), landing.Undo) : null,
            Verdict = verdict is null ? null : Words.Id(verdict.Outcome),
            Proven = verdict?.Proven ?? false,
            BaselineTests = Tests(verdict?.Baseline),
            Tests = Tests(verdict?.Tests),
            Files = [.. review.Files.Select(File)],
            Findings = [.. Findings(verdict, events).Select(ReportFindings.Of)],
            Transactions = [.. codebase.Transactions.List(context.Id).Select(Transaction)],
            Reviews = [.. codebase.Contexts.Reviews(context.Id).Select(r => new ReportDecision(Words.Id(r.Decision), r.Reviewer, r.Comment, r.Time))],
            Log = withLog ? [.. events.Select(e => EventText.Of(e.Event))] : [],
            Diff = withDiff ? review.ToText() : null,
        };
    }

    /// <summary>Everything that was found in a context.</summary>
    public static IReadOnlyList<Finding> FindingsOf(Codebase codebase, ExecutionContext context) =>
        [.. Findings(context.Verdict is null ? null : Verdict.FromJson(context.Verdict), codebase.Contexts.Events(context.Id, 0))];

    // A run that ended before its verdict has found what its events say.
    private static IEnumerable<Finding> Findings(Verdict? verdict, IReadOnlyList<StoredEvent> events) =>
        (verdict?.Findings ?? []).Concat(events.Select(e => e.Event).OfType<FindingAdded>().Select(f => f.Finding)).Distinct();

    private static ReportTests? Tests(TestFigures? tests) => tests is null ? null : new(tests.Total, tests.Passed, tests.Failed, tests.Skipped);

    private static ReportFile File(FileReview file) => new(
        file.Path.ToString(), file.Action, file.RenamedFrom?.ToString(), State(file.Before), State(file.After), file.Added, file.Removed, file.Binary);

    private static ReportState? State(FileState? state) => state is null
        ? null
        : new(Words.Id(state.Kind), Convert.ToString(state.Mode, 8).PadLeft(4, '0'), state.Size, state.Hash.Hex);

    private static ReportTransaction Transaction(TransactionRecord record) => new(
        record.Id.ToString(), record.Name, Words.Id(record.Kind), StateOf(record), record.Created, record.Changes.Count);

    private static string StateOf(TransactionRecord record) => record switch
    {
        { IsRolledBack: true } => "rolled-back",
        { State: CommitState.Applied, RolledBack.Count: > 0 } => "partly-rolled-back",
        _ => Words.Id(record.State),
    };
}
