using TarsEngine.Changes;
using TarsEngine.Git;
using TarsEngine.Permissions;
using TarsEngine.Planning;
using TarsEngine.Sandbox;

namespace TarsEngine.Staging;

/// <summary>What to stage, and how.</summary>
/// <param name="Tree">Where the steps' effects go; begins as the base.</param>
/// <param name="Ignored">The base's ignore rules: what a command writes and they name is no change.</param>
/// <param name="Name">Of the run, such as 'CTX-7': its workspaces are named after it.</param>
public sealed record StagingRequest(ExecutionPlan Plan, VirtualFileSystem Tree, IgnoreRules Ignored, string Name)
{
    /// <summary>Told what happens, one event at a time, from any thread.</summary>
    public Action<ExecutionEvent>? Events { get; init; }

    /// <summary>Awaited before each step: pauses by not returning, cancels by throwing.</summary>
    public Func<CancellationToken, Task>? BetweenSteps { get; init; }

    /// <summary>True: the workspace of a command that failed stays for a look.</summary>
    public bool KeepFailedWorkspace { get; init; }

    /// <summary>What commands may do, and what they see.</summary>
    public PermissionPolicy Policy { get; init; } = PermissionPolicy.Default;

    /// <summary>Knows the user's agents; null: no step can run one.</summary>
    public IAgentHost? Agents { get; init; }

    /// <summary>What became of the attempt before, for agents; null for the first.</summary>
    public AgentFeedback? Feedback { get; init; }

    /// <summary>The frozen change of the attempt before, upon which an agent goes on; null: it begins with the tree as it is.</summary>
    public ChangeSet? Earlier { get; init; }

    /// <summary>Told what an agent's step changed, before anybody is told that it is done.</summary>
    public Action<ExecutionStep, ChangeSet>? AgentDone { get; init; }

    /// <summary>What agents' steps of a killed run had changed, by their ids: taken over, and the agents are not run.</summary>
    public IReadOnlyList<NamedChange> Made { get; init; } = [];

    /// <summary>How many independent commands may run at once.</summary>
    public int SideBySide { get; init; } = 2;
}

/// <summary>What staging came to: <see cref="Staged"/> or <see cref="StepFailed"/>.</summary>
/// <param name="Findings">Of every step that ran, in order.</param>
public abstract record StagingResult(IReadOnlyList<Finding> Findings);

/// <summary>Every step is done.</summary>
/// <param name="Transactions">The named transactions that change something, in the order in which they follow each other.</param>
/// <param name="Net">All of them as one.</param>
public sealed record Staged(IReadOnlyList<StagedTransaction> Transactions, ChangeSet Net, IReadOnlyList<Finding> Findings) : StagingResult(Findings);

/// <summary>A step failed; its effects are taken back, those of the steps before it are not.</summary>
/// <param name="Step">Its id.</param>
/// <param name="Findings">The errors among them are this step's.</param>
public sealed record StepFailed(string Step, IReadOnlyList<Finding> Findings) : StagingResult(Findings)
{
    /// <summary>Why, for people.</summary>
    public string Reason => string.Join('\n', Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Message));
}

/// <summary>What one named transaction changes.</summary>
public sealed record StagedTransaction(string Name, ChangeSet Changes);
