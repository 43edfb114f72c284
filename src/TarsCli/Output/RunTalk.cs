using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsCli.Output;

/// <summary>Tells a run of this process as it happens: which context it is, its stages, and what goes wrong. Output of commands stays in the log.</summary>
internal sealed class RunTalk(Screen screen)
{
    private ContextId? told;

    public void Tell(ContextId context, ExecutionEvent happened)
    {
        if (told != context)
        {
            told = context;
            screen.Talk($"{context}: watch it from anywhere with 'tarscli execute monitor --context-id {context}'", Style.Dim);
        }
        if (happened is OutputWritten or LogWritten { Level: LogLevel.Debug } or FindingAdded { Finding.Severity: TarsEngine.Changes.Severity.Info }) return;
        var line = EventText.Of(happened);
        screen.Talk($"{context}  {line.Text}", line.Level is "info" ? Style.Dim : Words.StyleOf(line.Level));
    }
}
