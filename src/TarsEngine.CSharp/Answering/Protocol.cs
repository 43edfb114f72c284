using System.Text.Json.Serialization;

namespace TarsEngine.CSharp.Answering;

/// <summary>One line of ours to the worker.</summary>
/// <param name="Files">What the change does to files; all else is as it lies on the disk.</param>
/// <param name="Layer">How far to go.</param>
/// <param name="Analyzers">Run the projects' analyzers as well.</param>
/// <param name="Warnings">Tell warnings too, and which of them the change brought.</param>
/// <param name="Emit">Where nothing is wrong, write what was made over what the build had made.</param>
internal sealed record Request(long Id, IReadOnlyList<ChangedFile> Files, Layer Layer, bool Analyzers, bool Warnings, bool Emit);

/// <summary>How far an answer goes.</summary>
internal enum Layer
{
    /// <summary>The changed files alone.</summary>
    Hint,

    /// <summary>Their projects and those that depend on them.</summary>
    Verdict,
}

/// <summary>One file of a change.</summary>
/// <param name="Path">Relative to the codebase.</param>
/// <param name="Before">False for one that the change adds.</param>
/// <param name="Content">Null for one that it removes.</param>
internal sealed record ChangedFile(string Path, bool Before, byte[]? Content);

/// <summary>One line of the worker's.</summary>
/// <param name="Reason">Of an <see cref="AnswerStatus.Unsure"/>.</param>
/// <param name="Projects">Those that were compiled.</param>
/// <param name="Milliseconds">From the request's arrival.</param>
internal sealed record Answer(long Id, AnswerStatus Status, string? Reason, IReadOnlyList<Message> Messages, IReadOnlyList<string> Projects, double Milliseconds, long MemoryBytes);

internal enum AnswerStatus
{
    /// <summary>No error.</summary>
    Clean,

    /// <summary>The build would fail with these errors.</summary>
    Broken,

    /// <summary>Only a build can tell.</summary>
    Unsure,
}

/// <summary>A diagnostic as a build would show it.</summary>
/// <param name="Path">Absolute; null for one without a place.</param>
/// <param name="Line">From 1.</param>
/// <param name="IsNew">False for one that is there without the change.</param>
internal sealed record Message(string Id, bool IsError, string Text, string? Path, int? Line, int? Column, int? EndLine, int? EndColumn, string Project, bool IsNew);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Request))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class ProtocolContext : JsonSerializerContext;
