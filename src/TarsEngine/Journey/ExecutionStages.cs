using TarsEngine.Branches;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Permissions;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Sandbox;
using TarsEngine.Staging;
using TarsEngine.Validation;

namespace TarsEngine.Journey;

/// <summary>The tree that a run works on, with the policy that holds for it.</summary>
/// <param name="Commit">Whose tree it is, where the change is to land on a branch; else null.</param>
internal sealed record BaseTree(TreeSnapshot Tree, ConfigurationResult Policy, string? Commit = null)
{
    public TarsConfiguration Configuration => Policy.Configuration;
}

/// <summary>A change that every step is done for, and what was found on the way.</summary>
internal sealed record StagedChange(IReadOnlyList<NamedChange> Parts, IReadOnlyList<Finding> Findings)
{
    public ChangeSet Net { get; } = NamedChange.Net(Parts);
}

/// <summary>The stages before the commit, one method each. None of them touches the codebase.</summary>
internal sealed class ExecutionStages(Codebase codebase)
{
    /// <summary>The codebase as it lies there now, or as its last commit has it.</summary>
    public async Task<BaseTree> CaptureAsync(ExecutionRun run, string? commit)
    {
        run.Happened(new StageStarted("capture"));
        if (run.Options.Land == LandingPlace.Branch) return await CaptureBranchAsync(run);
        var captured = await codebase.Capture.CaptureAsync(run.Cancellation);
        if (commit is not null)
            captured = await codebase.Capture.CaptureCommitAsync(commit, codebase.Objects, captured.Tree, run.Cancellation);
        run.Found([.. captured.LeftOut.Select(left => new Finding(left.IsExpected ? Severity.Info : Severity.Warning, left.Rule, left.Message, left.Path, Remedy: left.Remedy))]);
        return new(captured.Tree, ConfigurationFor(run, captured.Tree));
    }

    // The branch's commit, where there is one, and not a byte of what lies in the working tree.
    private async Task<BaseTree> CaptureBranchAsync(ExecutionRun run)
    {
        var commit = await codebase.Branches!.TipAsync(run.Options.Branch!, run.Cancellation)
            ?? await codebase.Capture.ResolveCommitAsync(run.Options.Base ?? "HEAD", run.Cancellation)
            ?? throw new Git.GitException($"The commit '{run.Options.Base ?? "HEAD"}' is gone from the repository.");
        var captured = await codebase.Branches.CaptureAsync(commit, run.Cancellation);
        return new(captured.Tree, ConfigurationFor(run, captured.Tree), commit);
    }

    private ConfigurationResult ConfigurationFor(ExecutionRun run, TreeSnapshot tree)
    {
        var policy = codebase.ConfigurationFor(tree);
        return policy with { Configuration = policy.Configuration with { ExtraChecks = [.. policy.Configuration.ExtraChecks, .. run.Conditions.Checks] } };
    }

    /// <summary>The whole plan is checked before anything of it runs.</summary>
    public async Task<Stage<ExecutionPlan>> PlanAsync(ExecutionRun run, BaseTree tree)
    {
        await run.EnterAsync(ContextState.Planning, "plan");
        if (run.Improvement.BaseCommit is { } commit && codebase.Location.Git is not null && await codebase.Capture.ResolveCommitAsync(commit, run.Cancellation) is null)
            return new ExecutionOutcome.PlanRefused(run.Id, [BaseIsGone(commit)]);
        switch (codebase.Planner.Plan(run.Improvement, tree.Tree))
        {
            case Planned planned:
                run.Found(planned.Warnings);
                codebase.Contexts.SavePlan(run.Id, planned.Plan);
                var denied = CommandPermission.Denied(planned.Plan, tree.Configuration.Permissions);
                run.Found(denied);
                return denied.Count == 0 ? planned.Plan : new ExecutionOutcome.Denied(run.Id, denied);
            case PlanEmpty empty:
                return new ExecutionOutcome.NothingToDo(run.Id, empty.Explanation);
            case Planning.PlanRefused refused:
                return new ExecutionOutcome.PlanRefused(run.Id, refused.Problems);
            case var other:
                throw new InvalidOperationException(other.ToString());
        }
    }

    /// <summary>Runs the steps on the tree in memory, commands in a workspace inside the sandbox.</summary>
    public async Task<Stage<StagedChange>> StageAsync(ExecutionRun run, ExecutionPlan plan, BaseTree tree)
    {
        await run.EnterAsync(ContextState.Staging, "stage");
        var killed = InterruptedWork.Of(run, codebase);
        if (killed is { IsWhole: true, Context: var frozen } && frozen.BaseTree == tree.Tree.Hash)
        {
            run.Happened(new LogWritten(LogLevel.Info, $"{frozen.Id} was interrupted after its steps; its change is taken over."));
            return Frozen(run, frozen.Parts, [], tree);
        }
        var before = AttemptBefore.Of(run, codebase);
        var request = new StagingRequest(
            plan, new VirtualFileSystem(tree.Tree, codebase.Content, codebase.Objects), codebase.Capture.RulesOf(tree.Tree, codebase.Content), run.Id.ToString())
        {
            Events = happened => Note(run, happened),
            BetweenSteps = run.WaitWhilePaused,
            KeepFailedWorkspace = !run.Options.AutoRollback,
            Policy = tree.Configuration.Permissions,
            Agents = codebase.Options.Agents,
            AgentDone = (step, made) => Keep(run, step, made),
            Made = killed is { IsWhole: false } ? killed.Context.Parts : [],
            Feedback = before?.Feedback,
            Earlier = before?.Change,
        };
        switch (await codebase.Steps.RunAsync(request, run.Cancellation))
        {
            case StepFailed failed when failed.Findings.Any(IsConflict):
                return new ExecutionOutcome.Conflicted(run.Id, [.. failed.Findings.Where(IsConflict).Select(Conflict)]);
            case StepFailed failed when failed.Findings.Any(IsForbidden):
                return new ExecutionOutcome.Denied(run.Id, failed.Findings);
            case StepFailed failed:
                return new ExecutionOutcome.Failed(run.Id, $"step '{failed.Step}'", failed.Findings);
            case Staged { Net.IsEmpty: true }:
                return new ExecutionOutcome.NothingToDo(run.Id, "The codebase is already as this improvement would make it.");
            case Staged staged:
                var parts = staged.Transactions.Select(t => new NamedChange(t.Name, run.Options.Land == LandingPlace.Branch ? GitModes.Of(t.Changes) : t.Changes)).ToList();
                if (parts.Find(part => part.Changes.IsEmpty) is { } unseen) return new ExecutionOutcome.Failed(run.Id, "its steps", Unseen(run, unseen));
                return Frozen(run, parts, staged.Findings, tree);
            case var other:
                throw new InvalidOperationException(other.ToString());
        }
    }

    /// <summary>What policy says to the frozen change: null when nothing forbids it. What a person must look at comes back as findings.</summary>
    public Stage<Finding[]> Permit(ExecutionRun run, StagedChange staged, BaseTree tree)
    {
        Finding[] findings = [.. new PermissionManager(codebase.Content.Read).Check(staged.Net, tree.Tree, tree.Configuration.Permissions), .. run.Conditions.Inspect(staged.Net, tree.Tree)];
        run.Found(findings);
        if (findings.Any(f => f.Severity == Severity.Error)) return new ExecutionOutcome.Denied(run.Id, findings);
        return findings;
    }

    /// <summary>Checks the frozen change in a clean workspace of its own.</summary>
    /// <param name="tests">Only tests whose names hold one of these; null for all, without which nothing lands.</param>
    public async Task<Stage<Verdict>> ValidateAsync(ExecutionRun run, StagedChange staged, IReadOnlyList<Finding> permitted, BaseTree tree, IReadOnlyList<string>? tests)
    {
        await run.EnterAsync(ContextState.Validating, "validate");
        var verdict = run.Options.Validate
            ? await codebase.Validator.ValidateAsync(
                new(tree.Tree, staged.Net, tree.Configuration, run.Id.ToString()) {
                    Notices = tree.Policy.Notices, Tests = tests, KeepFailedWorkspace = !run.Options.AutoRollback, Ignored = codebase.Capture.RulesOf(tree.Tree, codebase.Content),
                },
                run.Happened, run.Cancellation)
            : Unproven(staged, tree);
        Finding[] findings = [.. staged.Findings, .. permitted, .. verdict.Findings];
        verdict = verdict with { Findings = findings, Outcome = Verdict.OutcomeOf(findings) };
        run.Keep(staged.Parts, verdict);
        return verdict.Outcome == VerdictOutcome.Fail ? new ExecutionOutcome.Failed(run.Id, ExecutionOutcome.Failed.Validation, findings) : verdict;
    }

    /// <summary>'--validate=false': nothing was tried, so it is held, whatever else was asked.</summary>
    private static Verdict Unproven(StagedChange staged, BaseTree tree)
    {
        var finding = new Finding(Severity.Hold, "validation/skipped", "Nothing was checked: '--validate=false'.");
        return new(VerdictOutcome.Hold, [finding], null, null, tree.Tree.Hash, staged.Net.ApplyTo(tree.Tree).Hash, TimeSpan.Zero, false);
    }

    // With the caller's own parts, safe from here on.
    private StagedChange Frozen(ExecutionRun run, IReadOnlyList<NamedChange> parts, IReadOnlyList<Finding> findings, BaseTree tree)
    {
        var change = new StagedChange(run.Conditions.Renew(parts, tree.Tree), findings);
        codebase.Objects.MakeDurable([.. change.Net.Select(c => c.After?.Hash).OfType<ContentHash>().Distinct()]);
        codebase.Contexts.SaveChanges(run.Id, change.Parts, tree.Tree.Hash);
        return change;
    }

    private static IReadOnlyList<Finding> Unseen(ExecutionRun run, NamedChange part)
    {
        Finding[] findings = [new(Severity.Error, "branch/nothing", $"Nothing of '{part.Name}' would be on the branch: it changes only permissions that git doesn't keep.", Remedy: "Change a file's content, or land in the working tree.")];
        run.Found(findings);
        return findings;
    }

    // Before anybody is told that the agent ended: it is not to be run again, whatever is killed from here on.
    private void Keep(ExecutionRun run, ExecutionStep step, ChangeSet made)
    {
        codebase.Objects.MakeDurable([.. made.Select(c => c.After?.Hash).OfType<ContentHash>().Distinct()]);
        codebase.Contexts.SaveChanges(run.Id, [new(step.Id, made)]);
    }

    // Where a step stands is durable with the plan; that writes the event, too.
    private void Note(ExecutionRun run, ExecutionEvent happened)
    {
        switch (happened)
        {
            case StepStarted started:
                codebase.Contexts.SetStep(run.Id, started.Step, StepState.Running);
                run.Tell(started);
                break;
            case StepFinished finished:
                codebase.Contexts.SetStep(run.Id, finished.Step, finished.State, finished.Error);
                run.Tell(finished);
                break;
            default:
                run.Happened(happened);
                break;
        }
    }

    private static bool IsConflict(Finding finding) => finding is { Severity: Severity.Error, Rule: PatchConflict.Rule or EditStep.ConflictRule };

    // What policy says to a finished change, said by a step already: a change that goes through a symlink is never finished.
    private static bool IsForbidden(Finding finding) =>
        finding is { Severity: Severity.Error, Rule: VirtualFileSystem.ThroughSymlinkRule or VirtualFileSystem.CaseTwinRule or CommandPermission.DeniedRule or CommandPermission.HiddenRule };

    // A message of several lines shows both sides; what to do then stands on a line of its own.
    private static FileConflict Conflict(Finding finding) =>
        new(finding.Path ?? RepositoryPath.Parse("patch"), null, null, $"{finding.Message}{(finding.Message.Contains('\n', StringComparison.Ordinal) ? '\n' : ' ')}{finding.Remedy}");

    private static PlanProblem BaseIsGone(string commit) => new(
        PlanProblemKind.BadPatch, "patch", $"The commit {commit} that this improvement was made on is gone from the repository. Fetch it again, or add the change anew without a base.");
}
