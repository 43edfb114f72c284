using System.Text.Json.Serialization;
using TarsEngine.Changes;

namespace TarsEngine.Planning;

/// <summary>How much a log line matters.</summary>
public enum LogLevel
{
    Debug,
    Info,
    Warning,
    Error,
}

/// <summary>Something that happened during an execution. A closed family; stored with the context, in order.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StateChanged), "state-changed")]
[JsonDerivedType(typeof(StageStarted), "stage-started")]
[JsonDerivedType(typeof(StepStarted), "step-started")]
[JsonDerivedType(typeof(StepFinished), "step-finished")]
[JsonDerivedType(typeof(OutputWritten), "output")]
[JsonDerivedType(typeof(FindingAdded), "finding")]
[JsonDerivedType(typeof(TestFiguresReported), "tests")]
[JsonDerivedType(typeof(AgentUsageReported), "agent-usage")]
[JsonDerivedType(typeof(LogWritten), "log")]
[JsonDerivedType(typeof(ErrorReported), "error")]
public abstract record ExecutionEvent
{
    /// <summary>When it happened; where nothing is given, when it was stored.</summary>
    [JsonIgnore]
    public DateTimeOffset Time { get; init; }
}

/// <summary>The context moved on.</summary>
public sealed record StateChanged(ContextState From, ContextState To) : ExecutionEvent;

/// <summary>A stage of the journey began: 'capture', 'plan', 'stage', 'permit', 'validate', 'commit', …</summary>
public sealed record StageStarted(string Stage) : ExecutionEvent;

public sealed record StepStarted(string Step) : ExecutionEvent;

/// <param name="Duration">How long it took.</param>
public sealed record StepFinished(string Step, StepState State, TimeSpan Duration, string? Error = null) : ExecutionEvent;

/// <summary>A line that a command wrote.</summary>
/// <param name="Stream">'out' or 'err'.</param>
/// <param name="Source">The step or check that the command belongs to.</param>
public sealed record OutputWritten(string Stream, string Text, string? Source = null) : ExecutionEvent;

public sealed record FindingAdded(Finding Finding) : ExecutionEvent;

/// <summary>What a run of the tests gave.</summary>
/// <param name="Run">'baseline' or 'change'.</param>
public sealed record TestFiguresReported(string Run, int Total, int Passed, int Failed, int Skipped, TimeSpan Duration) : ExecutionEvent;

/// <summary>What an agent says that it used in one run, told when it ended, however it ended.</summary>
/// <param name="Agent">Its name.</param>
public sealed record AgentUsageReported(string Agent, AgentUsage Usage) : ExecutionEvent;

public sealed record LogWritten(LogLevel Level, string Text) : ExecutionEvent;

public sealed record ErrorReported(string Message) : ExecutionEvent;

/// <summary>An event as it is stored.</summary>
/// <param name="Sequence">1, 2, 3, … within its context.</param>
public sealed record StoredEvent(long Sequence, ExecutionEvent Event);
