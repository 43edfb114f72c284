using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>A codebase as it stood, and what of it was left out.</summary>
public sealed record CapturedTree(TreeSnapshot Tree, IReadOnlyList<LeftOut> LeftOut);

/// <summary>Something in a codebase's folder that is not part of its tree: a submodule, a FIFO, a mount point, … Nothing touches it.</summary>
/// <param name="Rule">A stable id that people can search for, such as 'capture/submodule'.</param>
/// <param name="Message">What it is, and which.</param>
/// <param name="IsExpected">False when it is more likely an accident that somebody should look at.</param>
public sealed record LeftOut(string Rule, string Message, RepositoryPath? Path, bool IsExpected, string? Remedy = null);
