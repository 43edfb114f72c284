using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Permissions;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Staging;

/// <summary>
/// A step on which an agent works. No command policy speaks of it: the user's own configuration names it. What it leaves on the
/// disk is its change, whatever it says, and is checked like everybody's.
/// </summary>
internal sealed class AgentStep(StepProgram program)
{
    // What agents write is often one JSON document a line.
    private const int ShownCharacters = 400;

    /// <param name="used">Told what the agent says that it used, once, however it ended; not where it says nothing.</param>
    public async Task<StepOutcome> RunAsync(AgentAction action, StagingRequest request, StepGround ground, Action<AgentUsageReported> used, CancellationToken cancellation)
    {
        if (request.Agents is not { } host)
            return StepOutcome.Failed(new(Severity.Error, "agent/none", "No agent is configured.", Remedy: "Name one under 'agents' in your own configuration: docs/agents.md."));
        var earlier = Fitting(request.Earlier, ground.Tree);
        var start = earlier.ApplyTo(ground.Tree);
        AgentLaunch? launch = null;
        AgentUsage? usage = null;
        StepOutcome outcome;
        try
        {
            outcome = await program.RunAsync(ground, start, Prepare, failed => Explain(launch!, failed), line => usage = launch!.Usage(line) ?? usage, cancellation);
        }
        catch (AgentUnavailableException missing)
        {
            return StepOutcome.Failed(new(Severity.Error, "agent/unavailable", missing.Message, Remedy: missing.Remedy));
        }
        finally
        {
            if (usage is not null) used(new(launch!.Name, usage));
        }
        return Composed(launch!, earlier, outcome);

        SandboxCommand Prepare(Workspace workspace)
        {
            var folder = workspace.CreateFolder("agent");
            launch = host.Prepare(new(action, start, program.Content, folder) { Feedback = request.Feedback is { } feedback ? feedback with { HasChange = !earlier.IsEmpty } : null });
            return launch.Command with
            {
                Binds = [.. launch.Command.Binds, new(folder, AgentLaunch.Given, Writable: false)],
                Network = launch.Command.Network?.And(ground.Policy.Network.Hosts.Where(rule => rule.Decide != Decision.Allow)),
                Input = null,
                LiveInput = null,
            };
        }
    }

    /// <summary>What of an earlier change is not in the tree; nothing of it where the tree is not what it was made for.</summary>
    private static ChangeSet Fitting(ChangeSet? earlier, TreeSnapshot tree)
    {
        if (earlier is null) return ChangeSet.Empty;
        // The steps before this one made their part again.
        var missing = new ChangeSet(earlier.Where(change => tree[change.Path] != change.After));
        return missing.ConflictsWith(tree).Count == 0 ? missing : ChangeSet.Empty;
    }

    private static StepOutcome Composed(AgentLaunch launch, ChangeSet earlier, StepOutcome outcome)
    {
        if (outcome.Changes is not { } now) return outcome;
        var whole = earlier.Then(now);
        if (!now.IsEmpty && !whole.IsEmpty) return outcome with { Changes = whole };
        var finding = new Finding(Severity.Error, "agent/no-change", $"The agent ended without changing anything: '{launch.Name}', exit code 0.", Remedy: "Its output tells what it did instead. Say in the task which files are to change, and how.");
        return new(null, [finding, .. outcome.Findings]);
    }

    private static Finding Explain(AgentLaunch launch, StepProgram.ProgramFailure failed)
    {
        var (rule, said) = FailureClassifier.Classify(failed.Result) switch
        {
            TimeoutFailure => ("agent/timeout", $"Task takes >{Words(failed.Command.Timeout)}: the agent '{launch.Name}' was ended when its time was up."),
            MemoryFailure { Place: null } => ("agent/memory", $"The agent '{launch.Name}' failed: {failed.Result.Ending}."),
            LimitFailure => ("agent/limit", $"The agent '{launch.Name}' failed: {failed.Result.Ending}."),
            _ => ("agent/failed", $"The agent '{launch.Name}' failed: {failed.Result.Ending}."),
        };
        return new(Severity.Error, rule, said + failed.LastLines(ShownCharacters), Remedy: failed.Remedy);
    }

    private static string Words(TimeSpan time) => time switch
    {
        { TotalMinutes: >= 1 } when time.Seconds == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} {(time.TotalMinutes == 1 ? "minute" : "minutes")}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} seconds"),
    };
}
