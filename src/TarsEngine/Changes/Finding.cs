using TarsEngine.Files;

namespace TarsEngine.Changes;

/// <summary>How much a finding weighs in a verdict.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Worth a look; lands all the same.</summary>
    Warning,

    /// <summary>A person must look; never lands by itself.</summary>
    Hold,

    /// <summary>Refused.</summary>
    Error,
}

/// <summary>One thing that a check found in a change.</summary>
/// <param name="Rule">A stable id that people can search for, such as 'syntax/csharp' or 'path/metadata'; docs/findings.md explains each.</param>
/// <param name="Message">What is wrong, with which thing.</param>
/// <param name="Line">From 1, as the changed file has it.</param>
/// <param name="Remedy">How to go on, where there is a way.</param>
/// <param name="Column">From 1, in UTF-16 code units.</param>
/// <param name="EndLine">The last line of a region; null for the same line.</param>
/// <param name="EndColumn">Behind the region's last code unit.</param>
/// <param name="Excerpt">The source's text at <paramref name="Line"/>; filled in by the validation where a check gives none.</param>
public sealed record Finding(
    Severity Severity, string Rule, string Message, RepositoryPath? Path = null, int? Line = null, string? Remedy = null,
    int? Column = null, int? EndLine = null, int? EndColumn = null, string? Excerpt = null);
