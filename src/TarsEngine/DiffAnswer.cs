using TarsEngine.Changes;
using TarsEngine.Validation;

namespace TarsEngine;

/// <summary>What a diff is judged to be.</summary>
public abstract record DiffAnswer;

/// <summary>It was looked at, and run as far as was asked.</summary>
/// <param name="Verdict">What policy says to the change stands before its own findings.</param>
/// <param name="IsDenied">Policy denies it; then nothing of it was run.</param>
public sealed record DiffJudged(ChangeSet Changes, Verdict Verdict, bool IsDenied) : DiffAnswer;

/// <summary>There is no difference to judge.</summary>
public sealed record DiffEmpty(string Explanation) : DiffAnswer;

/// <summary>It can't be read as a patch.</summary>
/// <param name="IsDenied">It can be read well, and asks for what no patch may.</param>
public sealed record DiffUnreadable(IReadOnlyList<string> Problems, bool IsDenied) : DiffAnswer;

/// <summary>It fits neither the codebase as it is nor its last commit.</summary>
/// <param name="Findings">Why not the codebase as it is.</param>
public sealed record DiffMisfits(IReadOnlyList<Finding> Findings) : DiffAnswer;
