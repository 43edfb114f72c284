using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal;

namespace TarsEngine.Staging;

/// <summary>
/// Runs a plan's steps on a tree in memory, in the plan's order; nothing of the user's is touched. Commands that follow each other
/// in that order and don't depend on each other run side by side, each on the tree as it was before the first of them; their effects
/// are put together in the plan's order, and where two clash the later runs again, alone, on top of the earlier.
/// </summary>
public sealed class StepExecutor
{
    private readonly StateFolder state;
    private readonly TimeProvider clock;
    private readonly PatchStep patches;
    private readonly CommandStep commands;
    private readonly AgentStep agents;

    public StepExecutor(
        GitProgram git, FileSystem files, StateFolder state, ObjectStore objects, TreeContent content, WorkspaceFactory workspaces, TerminalExecutor terminal, TimeProvider clock)
    {
        (this.state, this.clock) = (state, clock);
        patches = new PatchStep(git, files, objects, this.state.Workspaces);
        var program = new StepProgram(objects, content, workspaces, terminal);
        (commands, agents) = (new(program), new(program));
    }

    /// <summary>Runs every step, or up to the first that fails. The failed one leaves no effect in the tree.</summary>
    /// <exception cref="SandboxUnavailableException">A command is to run and can't be held.</exception>
    public async Task<StagingResult> RunAsync(StagingRequest request, CancellationToken cancellation = default)
    {
        var run = new StagingRun(request, clock);
        for (var done = 0; done < request.Plan.Steps.Count;)
        {
            if (request.BetweenSteps is { } pause) await pause(cancellation);
            cancellation.ThrowIfCancellationRequested();
            var group = GroupAt(request, done);
            var failed = group.Count == 1
                ? await RunOneAsync(run, group[0], cancellation)
                : await RunSideBySideAsync(run, group, cancellation);
            if (failed is not null) return new StepFailed(failed, run.Findings);
            done += group.Count;
        }
        return await FinishAsync(run, cancellation);
    }

    private static List<ExecutionStep> GroupAt(StagingRequest request, int start)
    {
        var steps = request.Plan.Steps;
        var group = new List<ExecutionStep> { steps[start] };
        while (group[0].Action is CommandAction && group.Count < request.SideBySide && start + group.Count < steps.Count
            && steps[start + group.Count] is { Action: CommandAction } next && !group.Exists(step => next.DependsOn.Contains(step.Id, StringComparer.Ordinal)))
            group.Add(next);
        return group;
    }

    /// <summary>Null, or the step's id when it failed.</summary>
    private async Task<string?> RunOneAsync(StagingRun run, ExecutionStep step, CancellationToken cancellation)
    {
        var made = step.Action is AgentAction ? run.Request.Made.FirstOrDefault(part => part.Name == step.Id)?.Changes : null;
        if (made is null) run.Start(step);
        else run.TakeOver(step);
        var findings = step.Action switch
        {
            PatchAction patch => () => patches.RunAsync(patch, run.Tree, cancellation),
            EditAction edit => () => Task.FromResult(EditStep.Run(edit, run.Tree)),
            ReplaceAction replace => () => Task.FromResult(ReplaceStep.Run(replace, run.Tree)),
            CommandAction or AgentAction => (Func<Task<IReadOnlyList<Finding>>>)(async () => Land(run, made is null ? await ProgramAsync(run, step, run.Tree.ToSnapshot(), cancellation) : new(made, []))),
            _ => throw new ArgumentException($"Step '{step.Id}' is of an unknown kind: {step.Action.GetType().Name}.", nameof(step)),
        };
        return await run.SettleAsync(step, findings) ? null : step.Id;
    }

    private async Task<string?> RunSideBySideAsync(StagingRun run, List<ExecutionStep> group, CancellationToken cancellation)
    {
        var before = run.Tree.ToSnapshot();
        foreach (var step in group) run.Start(step);
        var outcomes = await Task.WhenAll(group.Select(step => ProgramAsync(run, step, before, cancellation)));
        for (var i = 0; i < group.Count; i++)
        {
            var (step, outcome) = (group[i], outcomes[i]);
            var clash = outcome.Changes?.FirstOrDefault(change => run.Tree[change.Path] != change.Before && run.Tree[change.Path] != change.After)?.Path;
            var settled = await run.SettleAsync(step, async () => clash is null && Land(run, outcome) is var landed && !landed.Any(finding => finding.Rule.StartsWith("edit/", StringComparison.Ordinal))
                ? landed
                : [RanAgain(step, clash), .. Land(run, await ProgramAsync(run, step, run.Tree.ToSnapshot(), cancellation))]);
            if (!settled) return step.Id;
        }
        return null;
    }

    private static Finding RanAgain(ExecutionStep step, RepositoryPath? clash) =>
        new(Severity.Warning, "step/clash", $"Step '{step.Id}' and one beside it both changed '{clash?.ToString() ?? "the same names"}'; it ran again after that one.", clash,
            Remedy: "Say which comes first with depends-on.");

    /// <summary>Runs a step's program on the tree as it is now, or as it was before the steps beside it.</summary>
    private async Task<StepOutcome> ProgramAsync(StagingRun run, ExecutionStep step, TreeSnapshot tree, CancellationToken cancellation)
    {
        var ground = run.GroundOf(step, tree);
        var outcome = step.Action is AgentAction agent
            ? await agents.RunAsync(agent, run.Request, ground, run.Used, cancellation)
            : await commands.RunAsync((CommandAction)step.Action, ground, cancellation);
        return CommandPermission.OverHidden(outcome.Changes, tree, ground.Hidden) is { } clash ? StepOutcome.Failed(clash) : outcome;
    }

    private static IReadOnlyList<Finding> Land(StagingRun run, StepOutcome outcome)
    {
        if (outcome.Changes is null) return outcome.Findings;
        // What another step beside it did likewise is done.
        var changes = new ChangeSet(outcome.Changes.Where(change => run.Tree[change.Path] != change.After));
        return run.Tree.Apply(changes) is { } refused ? [.. outcome.Findings, refused] : outcome.Findings;
    }

    private static async Task<StagingResult> FinishAsync(StagingRun run, CancellationToken cancellation)
    {
        var net = run.Tree.ToChangeSet();
        var (parts, problem) = TransactionParts.Split(run.Done);
        if (problem is not null)
        {
            run.Find(problem);
            return new StepFailed(run.Request.Plan.Steps[^1].Id, run.Findings);
        }
        var made = net.Where(change => change.Kind == ChangeKind.Create).Select(change => change.Path);
        foreach (var path in (await run.Request.Ignored.IgnoredAsync(made, cancellation)).Order())
            run.Find(new(Severity.Info, "staging/ignored", $"'{path}' is made although the ignore rules name it.", path, Remedy: "Track it with 'git add -f', or take it out of the change."));
        return new Staged(parts, net, run.Findings);
    }
}
