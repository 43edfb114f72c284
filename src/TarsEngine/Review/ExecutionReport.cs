using System.Text.Json;
using System.Text.Json.Serialization;

namespace TarsEngine.Review;

/// <summary>
/// What one execution did, for programs (JSON) and for people (Markdown). Fields are only ever added within a schema version;
/// what is absent is null or empty, never left out.
/// </summary>
public sealed record ExecutionReport
{
    public const string CurrentSchema = "tars/execution-report/v1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>'CTX-7'.</summary>
    public required string Id { get; init; }

    /// <summary>'IMP-12'.</summary>
    public required string Improvement { get; init; }

    public string Title { get; init; } = "";

    /// <summary>'awaiting-review', 'landed', …</summary>
    public required string State { get; init; }

    /// <summary>True when the state changes only by a person's or another command's doing.</summary>
    public bool AtRest { get; init; }

    public bool DryRun { get; init; }
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset Updated { get; init; }
    public int StepsDone { get; init; }
    public int StepsTotal { get; init; }

    /// <summary>The hash of the whole tree that the change was made for, and of the tree that it makes.</summary>
    public string? BaseTree { get; init; }

    public string? ResultTree { get; init; }
    public string? Error { get; init; }

    /// <summary>Where it landed as a commit on a branch.</summary>
    public ReportCommit? Commit { get; init; }

    /// <summary>'pass', 'hold' or 'fail'; null while nothing is known.</summary>
    public string? Verdict { get; init; }

    /// <summary>True when our own run of checks and tests stands behind the verdict.</summary>
    public bool Proven { get; init; }

    public ReportTests? BaselineTests { get; init; }
    public ReportTests? Tests { get; init; }
    public IReadOnlyList<ReportFile> Files { get; init; } = [];
    public IReadOnlyList<ReportFinding> Findings { get; init; } = [];
    public IReadOnlyList<ReportTransaction> Transactions { get; init; } = [];
    public IReadOnlyList<ReportDecision> Reviews { get; init; } = [];

    /// <summary>Present where details were asked for.</summary>
    public IReadOnlyList<ReportLogLine> Log { get; init; } = [];

    /// <summary>The unified diff; present where details were asked for.</summary>
    public string? Diff { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.ExecutionReport);

    /// <summary>Writes '&lt;id&gt;.json', '&lt;id&gt;.md' and, with a diff, '&lt;id&gt;.diff' into the folder, made where it is missing.</summary>
    /// <returns>The files' paths.</returns>
    public IReadOnlyList<string> WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        var written = new List<string>();
        Write(".json", (this with { Diff = null }).ToJson() + "\n");
        Write(".md", MarkdownReport.Write(this));
        if (Diff is not null) Write(".diff", Diff);
        return written;

        // Whole or not at all, also for somebody who reads along.
        void Write(string suffix, string text)
        {
            var path = Path.Combine(folder, Id + suffix);
            File.WriteAllText(path + ".new", text);
            File.Move(path + ".new", path, overwrite: true);
            written.Add(path);
        }
    }
}

public sealed record ReportTests(int Total, int Passed, int Failed, int Skipped);

/// <param name="Before">Null for a created file.</param>
/// <param name="After">Null for a deleted file.</param>
public sealed record ReportFile(
    string Path, string Action, string? RenamedFrom, ReportState? Before, ReportState? After, int Added, int Removed, bool Binary);

/// <param name="Kind">'file' or 'symlink'.</param>
/// <param name="Mode">Octal digits.</param>
public sealed record ReportState(string Kind, string Mode, long Size, string Sha256);

/// <param name="Excerpt">The source's text at the line.</param>
public sealed record ReportFinding(
    string Severity, string Rule, string Message, string? Path, int? Line, string? Remedy,
    int? Column = null, int? EndLine = null, int? EndColumn = null, string? Excerpt = null);

/// <param name="Id">'TX-9'.</param>
/// <param name="Kind">'landing' or 'rollback'.</param>
public sealed record ReportTransaction(string Id, string Name, string Kind, string State, DateTimeOffset At, int Files);

/// <param name="State">'landed' or 'rolled-back'.</param>
/// <param name="Undo">The commit that takes it back, where there is one.</param>
public sealed record ReportCommit(string Branch, string Id, string State, string? Undo);

/// <param name="Decision">'approved' or 'rejected'.</param>
public sealed record ReportDecision(string Decision, string Reviewer, string? Comment, DateTimeOffset At);

public sealed record ReportLogLine(DateTimeOffset At, string Level, string Text);

[JsonSerializable(typeof(ExecutionReport))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ReportJson : JsonSerializerContext;
