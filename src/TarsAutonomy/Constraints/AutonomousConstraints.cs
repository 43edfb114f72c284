using TarsEngine.Files;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Constraints;

/// <summary>What an agent may do without a person beside it. The defaults hold where nobody says anything.</summary>
public sealed record AutonomousConstraints
{
    public static AutonomousConstraints Default { get; } = new();

    /// <summary>Files may be written below these; each ends with '/'.</summary>
    public IReadOnlyList<string> AllowedFolders { get; init; } = ["src/", "tests/", "docs/"];

    /// <summary>These too, by their whole path.</summary>
    public IReadOnlyList<string> AllowedFiles { get; init; } = ["README.md", "CHANGELOG.md"];

    /// <summary>The most lines of a task, and of its change outside of tests: added and removed together.</summary>
    public int MaxLines { get; init; } = 30;

    /// <summary>The most lines of a change with its tests: tests are welcome, and someone reads them in the morning.</summary>
    public int MaxLinesWithTests { get; init; } = 300;

    /// <summary>Out of 100.</summary>
    public int MinAlignment { get; init; } = 80;

    /// <summary>A task names its tests, or writes them.</summary>
    public bool RequireTests { get; init; } = true;

    public IReadOnlyList<ForbiddenPath> ForbiddenPaths { get; init; } = DefaultConstraints.Paths;

    /// <summary>Looked for in added lines.</summary>
    public IReadOnlyList<ForbiddenContent> ForbiddenContent { get; init; } = DefaultConstraints.Content;

    /// <summary>Looked for in a task's description, as whole words.</summary>
    public IReadOnlyList<string> ForbiddenWords { get; init; } = DefaultConstraints.Words;

    /// <summary>What needs a person's approval.</summary>
    public IReadOnlyList<ApprovalNeed> Approvals { get; init; } = DefaultConstraints.Approvals;

    /// <summary>What tells an agent what to do, and what it may not: no agent writes them, whatever the configuration says.</summary>
    public IReadOnlyList<RepositoryPath> OwnDocuments { get; init; } =
        [RepositoryPath.Parse(TaskPlan.DefaultPath), RepositoryPath.Parse(ConstraintsDocument.DefaultPath), RepositoryPath.Parse("tars.yaml")];

    /// <summary>Why they can't be known; then every task is refused. Null when all is well.</summary>
    public string? Unreadable { get; init; }
}
