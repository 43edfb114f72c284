namespace TarsEngine.Git;

/// <summary>Where git works. Always said outright: git searches for nothing and believes no 'core.worktree'.</summary>
/// <param name="Folder">Where it starts.</param>
/// <param name="GitDirectory">The repository's own folder.</param>
/// <param name="WorkTree">The root of the working tree, or null when none is needed.</param>
public sealed record GitPlace(string Folder, string GitDirectory, string? WorkTree)
{
    /// <summary>Another index than the repository's own.</summary>
    public string? IndexFile { get; init; }

    /// <summary>How long a run may take. Nothing that we ask of git takes minutes.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>More '-c' options.</summary>
    internal IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>A folder without any repository.</summary>
    public static GitPlace Nowhere(string folder) => new(folder, "/dev/null", null);
}
