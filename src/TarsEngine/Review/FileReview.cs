using TarsEngine.Files;

namespace TarsEngine.Review;

/// <summary>What a line of a review is; a terminal colours by it.</summary>
public enum DiffLineKind
{
    /// <summary>Names the file and what happens to it.</summary>
    Header,

    /// <summary>"@@ -1,3 +1,4 @@".</summary>
    Hunk,
    Context,
    Added,
    Removed,

    /// <summary>Said by the review, not by the file.</summary>
    Note,
}

/// <summary>One line as people read it, with its prefix ('+', '-', ' '), already safe for a terminal.</summary>
public sealed record DiffLine(DiffLineKind Kind, string Text);

/// <summary>One file of a change, ready to read.</summary>
/// <param name="Path">Where it is after the change, or was, when it is deleted.</param>
/// <param name="RenamedFrom">Where it came from, when that name is gone.</param>
/// <param name="Before">What stood at <paramref name="Path"/> or at <paramref name="RenamedFrom"/>.</param>
/// <param name="Added">Lines; 0 for what is not text.</param>
/// <param name="Binary">The content isn't text; only its size and hash are shown.</param>
public sealed record FileReview(
    RepositoryPath Path, RepositoryPath? RenamedFrom, FileState? Before, FileState? After,
    int Added, int Removed, bool Binary, IReadOnlyList<DiffLine> Lines)
{
    /// <summary>'created', 'deleted', 'renamed' or 'modified'.</summary>
    public string Action => RenamedFrom is not null ? "renamed" : Before is null ? "created" : After is null ? "deleted" : "modified";
}
