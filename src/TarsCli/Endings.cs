using System.Globalization;
using TarsCli.Output;
using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Sandbox;
using TarsEngine.Storage;

namespace TarsCli;

/// <summary>
/// The one place that turns what happened, an outcome or an exception, into exit code, message and hint.
/// docs/troubleshooting.md explains each message.
/// </summary>
internal static class Endings
{
    public static Ending ImprovementNotFound(ImprovementId id) =>
        new(ExitCode.NotFound, $"Improvement not found: {id} is not on this codebase's list.")
        {
            Hints = ["'tarscli improve list --all' shows every improvement; -C <folder> chooses another codebase."],
        };

    public static Ending ContextNotFound(ContextId id) =>
        new(ExitCode.NotFound, $"Execution context not found: {id} is not one of this codebase.")
        {
            Hints = ["'tarscli execute status' lists them; -C <folder> chooses another codebase."],
        };

    public static Ending SandboxUnavailable(string reason, string remedy) =>
        new(ExitCode.SandboxUnavailable, $"The sandbox is not available: {reason}") { Hints = remedy.Length > 0 ? [remedy] : [] };

    private static Ending NotFound(ExecutionOutcome.NotFound missing) =>
        ImprovementId.TryParse(missing.Id, out var improvement, out _) ? ImprovementNotFound(improvement)
        : ContextId.TryParse(missing.Id, out var context, out _) ? ContextNotFound(context)
        : new(ExitCode.NotFound, $"Not found: {missing.What} {missing.Id}.");

    /// <summary>Of a journey's outcome.</summary>
    public static Ending Of(ExecutionOutcome outcome) => outcome switch
    {
        ExecutionOutcome.Landed => Ending.Done,
        ExecutionOutcome.AwaitingReview => Ending.Done,
        ExecutionOutcome.DryRunFinished => Ending.Done,
        ExecutionOutcome.NothingToDo nothing => new(ExitCode.Done, $"Nothing to do: {nothing.Why}"),
        ExecutionOutcome.Rejected => Ending.Done,
        ExecutionOutcome.Held held => new(ExitCode.Held, $"Held for a person: {held.Context} does not land by itself.")
        {
            Details = Lines(held.Verdict.Findings),
            Hints = [$"'tarscli execute review --context-id {held.Context}' shows it; with --approve it lands on your word."],
        },
        ExecutionOutcome.Failed failed => new(ExitCode.Failed, $"{(failed.Stage == ExecutionOutcome.Failed.Validation ? "Validation failed" : "Execution failed")}: {failed.Context} failed at {failed.Stage}; the codebase is untouched.")
        {
            Details = Lines(failed.Findings),
            Hints = [$"'tarscli execute status --context-id {failed.Context} --detail' shows the whole log."],
        },
        ExecutionOutcome.PlanRefused refused => new(ExitCode.Failed, $"Execution plan validation failed: {Count(refused.Problems.Count, "problem")}; nothing was run.")
        {
            Details = [.. refused.Problems.Select(p => p.Message)],
            Hints = ["Mend the improvement's steps, add it again, and execute the new one."],
        },
        ExecutionOutcome.Denied denied => new(ExitCode.Denied, "Denied by policy; the codebase is untouched.")
        {
            Details = Lines(denied.Findings),
            Hints = ["Only your own configuration can loosen policy: see docs/configuration.md."],
        },
        ExecutionOutcome.Conflicted conflicted => new(ExitCode.Conflict, $"Conflict: {conflicted.Context} does not fit the codebase any more; your files are kept.")
        {
            Details = Lines(conflicted.Conflicts),
            Hints = ["Execute the improvement again on the codebase as it is now, or make the change anew."],
        },
        ExecutionOutcome.Cancelled cancelled => new(ExitCode.Cancelled, $"Cancelled: {cancelled.Context} is settled; the codebase is untouched."),
        ExecutionOutcome.NotFound missing => NotFound(missing),
        ExecutionOutcome.NotPossible blocked => new(ExitCode.Conflict, $"Not possible now: {blocked.Why}") { Hints = [blocked.Remedy] },
        _ => throw new InvalidOperationException($"An outcome without an ending: {outcome.GetType().Name}."),
    };

    /// <summary>Of a patch or file that was not added.</summary>
    public static Ending Of(ProposalRefused refused) => refused.IsDenied
        ? new(ExitCode.Denied, "Denied by policy; nothing was added.")
        {
            Details = [.. refused.Problems.Select(p => p.ToString())],
            Hints = ["Leave these parts out: no change may do this. docs/troubleshooting.md, 'Denied by policy', says why."],
        }
        : new(ExitCode.Usage, $"The improvement can't be read: {Count(refused.Problems.Count, "problem")}; nothing was added.")
        {
            Details = [.. refused.Problems.Select(p => p.ToString())],
            Hints = ["docs/improvement-files.md describes the format; patches come from 'git diff --binary'."],
        };

    /// <summary>Of moving an improvement on the list.</summary>
    public static Ending Of(MoveOutcome outcome) => outcome switch
    {
        Moved => Ending.Done,
        NotMovable blocked => new(ExitCode.Conflict, blocked.Why) { Hints = [blocked.Remedy] },
        NoSuchImprovement missing => ImprovementNotFound(missing.Id),
        _ => throw new InvalidOperationException($"An outcome without an ending: {outcome.GetType().Name}."),
    };

    /// <summary>The context that an outcome is about, where there is one.</summary>
    public static ContextId? ContextOf(ExecutionOutcome outcome) => outcome switch
    {
        ExecutionOutcome.Landed o => o.Context,
        ExecutionOutcome.AwaitingReview o => o.Context,
        ExecutionOutcome.DryRunFinished o => o.Context,
        ExecutionOutcome.Held o => o.Context,
        ExecutionOutcome.Failed o => o.Context,
        ExecutionOutcome.PlanRefused o => o.Context,
        ExecutionOutcome.Denied o => o.Context,
        ExecutionOutcome.Conflicted o => o.Context,
        ExecutionOutcome.NothingToDo o => o.Context,
        ExecutionOutcome.Cancelled o => o.Context,
        ExecutionOutcome.Rejected o => o.Context,
        _ => null,
    };

    /// <summary>Of a rollback's outcome.</summary>
    public static Ending Of(ContextId context, RollbackOutcome outcome) => outcome switch
    {
        RollbackOutcome.RolledBack or RollbackOutcome.BranchRolledBack => Ending.Done,
        RollbackOutcome.NothingToUndo nothing => new(ExitCode.Done, $"Nothing to roll back: {nothing.Explanation}"),
        RollbackOutcome.Conflicted { Dependents: [_, ..] later } => new(ExitCode.Conflict,
            $"Rollback failed: {string.Join(", ", later)} came later and depend on {context}; nothing was changed.")
        {
            Details = Lines(((RollbackOutcome.Conflicted)outcome).Conflicts),
            Hints = ["Roll the later ones back first ('tarscli execute status' shows whose they are), or override them with --force: their bytes are kept."],
        },
        RollbackOutcome.Conflicted conflicted => new(ExitCode.Conflict, $"Rollback failed: {Count(conflicted.Conflicts.Count, "file")} of {context} {(conflicted.Conflicts.Count == 1 ? "was" : "were")} edited since; nothing was changed.")
        {
            Details = Lines(conflicted.Conflicts),
            Hints = ["Roll back the other files with --file-path, or override the edits with --force: their bytes are kept in the object store."],
        },
        RollbackOutcome.BackupCorrupt corrupt => new(ExitCode.RecoveryNeeded, $"Rollback failed: a backup of {context} is damaged or missing, and is not used; nothing was changed.")
        {
            Details = [.. corrupt.Problems.Select(p => $"{p.Path}: {p.Message}")],
            Hints = ["Roll back the other files with --file-path; bring back the damaged ones from git or from a backup of your own."],
        },
        RollbackOutcome.NoBackup bare => new(ExitCode.Failed, $"Rollback failed: {string.Join(", ", bare.Transactions)} landed without backup (--backup=false); nothing was changed.")
        {
            Hints = ["Bring the files back from git or from a backup of your own."],
        },
        RollbackOutcome.NotFound missing => new(ExitCode.NotFound, $"Rollback failed: {missing.Explanation}")
        {
            Hints = [$"'tarscli execute status --context-id {context}' shows its transactions and files."],
        },
        RollbackOutcome.Refused refused => new(ExitCode.Failed, $"Rollback failed: {context} can't be rolled back here; nothing was changed.")
        {
            Details = Lines(refused.Findings),
        },
        _ => throw new InvalidOperationException($"An outcome without an ending: {outcome.GetType().Name}."),
    };

    /// <summary>Of a context that a monitor found at rest: as the run itself ended.</summary>
    public static Ending AtRest(ExecutionContext context)
    {
        var code = context.State switch
        {
            ContextState.Failed or ContextState.Interrupted => ExitCode.Failed,
            ContextState.Denied => ExitCode.Denied,
            ContextState.Conflicted => ExitCode.Conflict,
            ContextState.Held => ExitCode.Held,
            ContextState.Cancelled => ExitCode.Cancelled,
            _ => ExitCode.Done,
        };
        return code == ExitCode.Done
            ? new Ending(code) { Hints = NextSteps(context) }
            : new Ending(code, $"{context.Id} is {Words.Text(context.State)}{(context.Error is null ? "." : $": {context.Error}")}")
            {
                Hints = [.. NextSteps(context), $"'tarscli execute status --context-id {context.Id} --detail' shows everything."],
            };
    }

    /// <summary>What a person may do with a context as it stands.</summary>
    public static IReadOnlyList<string> NextSteps(ExecutionContext context) => context.State switch
    {
        ContextState.AwaitingReview or ContextState.Held when context.DryRun =>
            [$"A dry run can't be approved. 'tarscli execute improvement --id {context.Improvement}' executes it."],
        ContextState.AwaitingReview or ContextState.Held =>
            [$"'tarscli execute review --context-id {context.Id}' shows it; --approve lands it, --reject discards it."],
        ContextState.Landed or ContextState.PartlyRolledBack =>
            [$"'tarscli execute rollback --context-id {context.Id} --all' takes it back."],
        _ when context.State.IsRunning() => [$"'tarscli execute monitor --context-id {context.Id}' follows it."],
        _ => [],
    };

    /// <summary>Of a broken environment, or of what was given.</summary>
    public static Ending Of(Exception error) => error switch
    {
        OperationCanceledException => new(ExitCode.Cancelled, "Cancelled."),
        UsageException usage => new(ExitCode.Usage, usage.Message) { Hints = [usage.Hint] },
        NoCodebaseException none => new(ExitCode.NotFound, $"No codebase: {none.Message}") { Hints = [none.Remedy] },
        ConfigurationException wrong => new(ExitCode.Usage, "The configuration can't be used.")
        {
            Details = [.. wrong.Problems.Select(p => p.ToString())],
            Hints = ["docs/configuration.md describes every key."],
        },
        TarsEngine.Validation.Packages.PackageSourceException => new(ExitCode.Usage, error.Message) { Hints = ["Name a registry's https address under 'dependencies: sources:' in your own configuration, or nothing for the public one."] },
        TarsEngine.Sandbox.Network.CredentialException credential => new(ExitCode.Usage, credential.Message) { Hints = [credential.Remedy] },
        SandboxUnavailableException sandbox => SandboxUnavailable(sandbox.Reason, sandbox.Remedy),
        RecoveryNeededException => new(ExitCode.RecoveryNeeded, error.Message) { Hints = ["'tarscli recover' settles it; so does every other command, at its start."] },
        StateException { Problem: StateProblem.Busy } => new(ExitCode.Conflict, error.Message),
        StateException { Problem: StateProblem.Disk } => new(ExitCode.Failed, error.Message),
        StateException => new(ExitCode.RecoveryNeeded, error.Message),
        ObjectCorruptException or ObjectMissingException => new(ExitCode.RecoveryNeeded, error.Message),
        ContentMovedException => new(ExitCode.Conflict, error.Message),
        FileSystemException or IOException or UnauthorizedAccessException => new(ExitCode.Failed, error.Message),
        _ => new(ExitCode.Defect, $"tarscli has a defect: {error.GetType().Name}: {error.Message}")
        {
            Details = (error.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Hints = ["Please report it with these lines. 'tarscli recover' checks that the codebase is sound."],
        },
    };

    internal static IReadOnlyList<string> Lines(IReadOnlyList<Finding> findings) =>
        [.. findings.Where(f => f.Severity >= Severity.Warning || findings.Count <= 5).Select(Line)];

    internal static IReadOnlyList<string> Lines(IReadOnlyList<FileConflict> conflicts) =>
        [.. conflicts.Select(c => $"{c.Path}: {c.Explanation}{(c.KeptAt is null ? "" : $" Your bytes are kept in {c.KeptAt}.")}")];

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");

    private static string Line(Finding finding) =>
        $"{(finding.Path is { } path ? $"{path}{FindingText.Place(finding.Line, finding.Column)}: " : "")}{finding.Message} [{finding.Rule}]{(finding.Remedy is null ? "" : $" {finding.Remedy}")}"
        + string.Concat(FindingText.Excerpt(finding.Line, finding.Column, finding.EndLine, finding.EndColumn, finding.Excerpt).Select(line => "\n  " + line));
}
