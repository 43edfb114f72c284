using TarsEngine.Improvements;

namespace TarsCli.Output;

/// <summary>A step in a line.</summary>
internal static class StepText
{
    public static string Of(StepAction action) => action switch
    {
        PatchAction patch => $"apply a patch of {patch.Size} bytes",
        EditAction edit => string.Join(", ", edit.Edits.Take(5).Select(Of)) + (edit.Edits.Count > 5 ? $" and {edit.Edits.Count - 5} more" : ""),
        ReplaceAction replace => $"replace text in {replace.Path}, {replace.Count} {(replace.Count == 1 ? "time" : "times")}",
        CommandAction command => "run " + string.Join(' ', command.Arguments),
        AgentAction agent => $"let {(agent.Agent is null ? "the agent" : $"the agent '{agent.Agent}'")} work on: {agent.Task.ReplaceLineEndings(" ")}",
        _ => throw new InvalidOperationException($"A kind of step without words: {action.GetType().Name}."),
    };

    private static string Of(FileEdit edit) => edit switch
    {
        CreateEdit => $"create {edit.Path}",
        ReplaceEdit => $"replace {edit.Path}",
        DeleteEdit => $"delete {edit.Path}",
        RenameEdit rename => $"rename {edit.Path} to {rename.To}",
        SetModeEdit mode => $"set the mode of {edit.Path} to {Convert.ToString(mode.Mode, 8)}",
        SymlinkEdit => $"link {edit.Path}",
        _ => throw new InvalidOperationException($"A kind of edit without words: {edit.GetType().Name}."),
    };
}
