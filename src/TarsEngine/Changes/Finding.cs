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
/// <param name="Rule">A stable id that people can search for, such as 'syntax/csharp' or 'path/metadata'.</param>
/// <param name="Message">What is wrong, with which thing.</param>
/// <param name="Remedy">How to go on, where there is a way.</param>
public sealed record Finding(
    Severity Severity, string Rule, string Message, RepositoryPath? Path = null, int? Line = null, string? Remedy = null);
