using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>What a section of a patch does to its file.</summary>
public enum PatchFileKind
{
    Create,
    Modify,
    Delete,
    Rename,
    Copy,
}

/// <summary>One file of a patch.</summary>
/// <param name="OldPath">The file that it is made from; null for a new one.</param>
/// <param name="NewPath">The file that it becomes; null for a deleted one.</param>
/// <param name="OldMode">As git writes it (0100644, 0100755, 0120000); null where the patch doesn't say.</param>
/// <param name="NewMode">Likewise.</param>
/// <param name="Line">Where the section begins.</param>
/// <param name="Start">The section's first byte.</param>
/// <param name="End">The byte after the section.</param>
/// <param name="BodyStart">The byte after the header's first line; for a plain diff, after its header.</param>
/// <param name="IsPlain">True for a unified diff without git's headers.</param>
public sealed record PatchFile(
    PatchFileKind Kind, RepositoryPath? OldPath, RepositoryPath? NewPath, int? OldMode, int? NewMode,
    bool IsBinary, int Line, long Start, long End, long BodyStart, bool IsPlain)
{
    /// <summary>The file after the change, or the one that goes.</summary>
    public RepositoryPath Path => NewPath ?? OldPath!.Value;

    /// <summary>True when it is, or becomes, a symlink.</summary>
    public bool IsSymlink => (NewMode ?? OldMode) == PatchModes.Symlink;
}

/// <summary>What stands around the sections of a patch that came as a mail or from <c>git show</c>.</summary>
public sealed record PatchMessage(string? Subject, string Body, string? Author, string? BaseCommit)
{
    public static PatchMessage None { get; } = new(null, "", null, null);
}

/// <summary>One thing that is wrong with a patch.</summary>
/// <param name="IsDenied">True where it can be read well, and asks for what may not be.</param>
public sealed record PatchProblem(int Line, string Message, bool IsDenied = false)
{
    public override string ToString() => $"line {Line}: {Message}";
}

/// <summary>What reading a patch gave.</summary>
public abstract record PatchResult;

/// <summary>Every section is well-formed, and every path and mode is one that may be changed.</summary>
public sealed record PatchRead(IReadOnlyList<PatchFile> Files, PatchMessage Message) : PatchResult;

/// <summary>The patch changes nothing.</summary>
public sealed record PatchEmpty(PatchMessage Message, string Explanation) : PatchResult;

/// <summary>The patch is malformed or hostile.</summary>
public sealed record PatchRefused(IReadOnlyList<PatchProblem> Problems) : PatchResult;

/// <summary>How much a patch may be.</summary>
/// <param name="MaxBytes">Of the whole patch.</param>
/// <param name="MaxLineBytes">Of one line.</param>
/// <param name="MaxFiles">Sections.</param>
/// <param name="MaxFileBytes">Of one binary file that it makes.</param>
public sealed record PatchLimits(
    long MaxBytes = 64L << 20, int MaxLineBytes = 8 << 20, int MaxFiles = 100_000, long MaxFileBytes = 256L << 20)
{
    public static PatchLimits Default { get; } = new();
}
