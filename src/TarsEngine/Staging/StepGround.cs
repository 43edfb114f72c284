using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Permissions;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;
using TarsEngine.Terminal;

namespace TarsEngine.Staging;

/// <summary>Where the program of one step runs, and to whom it is told what happens there.</summary>
/// <param name="Whole">The tree that the step begins from.</param>
/// <param name="Tree">The same without what policy hides: all that the program sees.</param>
/// <param name="Hidden">What policy hides of it.</param>
/// <param name="Ignored">What the program writes and these rules name is no change.</param>
/// <param name="Name">Of its workspace.</param>
internal sealed record StepGround(
    TreeSnapshot Whole, TreeSnapshot Tree, IReadOnlyList<RepositoryPath> Hidden, WorkspaceBasis Basis, PermissionPolicy Policy, IgnoreRules Ignored, string Name)
{
    /// <summary>The workspace of a program that failed stays for a look.</summary>
    public bool KeepFailed { get; init; }

    public required Action<OutputLine> Output { get; init; }

    public required Action<SandboxConnection> Connected { get; init; }
}

/// <summary>What the program of one step came to.</summary>
/// <param name="Changes">Null when it failed.</param>
internal sealed record StepOutcome(ChangeSet? Changes, IReadOnlyList<Finding> Findings)
{
    public static StepOutcome Failed(Finding why) => new(null, [why]);
}
