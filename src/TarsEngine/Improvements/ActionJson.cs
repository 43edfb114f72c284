using System.Text.Json;
using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>The actions of steps, and their edits, as canonical JSON.</summary>
internal static class ActionJson
{
    public static void Write(Utf8JsonWriter json, StepAction action)
    {
        switch (action)
        {
            case PatchAction patch:
                json.WriteString("kind", "patch");
                Content(json, patch.Patch, patch.Size);
                break;
            case EditAction edits:
                json.WriteString("kind", "edits");
                json.WriteStartArray("edits");
                foreach (var edit in edits.Edits)
                {
                    json.WriteStartObject();
                    WriteEdit(json, edit);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                break;
            case ReplaceAction replace:
                json.WriteString("kind", "replace");
                StepJson.WritePath(json, "path", replace.Path);
                json.WriteString("search", replace.Search);
                json.WriteString("replacement", replace.Replacement);
                json.WriteNumber("count", replace.Count);
                break;
            case CommandAction command:
                WriteCommand(json, command);
                break;
            case AgentAction agent:
                json.WriteString("kind", "agent");
                json.WriteString("task", agent.Task);
                if (agent.Agent is not null) json.WriteString("agent", agent.Agent);
                break;
            default:
                throw new ArgumentException($"{action.GetType()} is no known action.", nameof(action));
        }
    }

    public static StepAction Read(JsonElement json) => Text(json, "kind") switch
    {
        "patch" => new PatchAction(Hash(json, "content"), Size(json)),
        "edits" => new EditAction([.. json.GetProperty("edits").EnumerateArray().Select(ReadEdit)]),
        "replace" => new ReplaceAction(Path(json), Text(json, "search"), Text(json, "replacement"), json.GetProperty("count").GetInt32()),
        "command" => new CommandAction(
            [.. json.GetProperty("run").EnumerateArray().Select(a => a.GetString()!)],
            json.TryGetProperty("folder", out _) ? StepJson.ReadPath(json, "folder") : null,
            TimeSpan.FromMilliseconds(json.GetProperty("timeoutMilliseconds").GetInt64()),
            new SortedDictionary<string, string>(
                json.GetProperty("environment").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal), StringComparer.Ordinal)),
        "agent" => new AgentAction(Text(json, "task"), json.TryGetProperty("agent", out _) ? Text(json, "agent") : null),
        var other => throw new FormatException($"'{other}' is no known action."),
    };

    private static void WriteCommand(Utf8JsonWriter json, CommandAction command)
    {
        json.WriteString("kind", "command");
        json.WriteStartArray("run");
        foreach (var argument in command.Arguments) json.WriteStringValue(argument);
        json.WriteEndArray();
        if (command.Folder is { } folder) StepJson.WritePath(json, "folder", folder);
        json.WriteNumber("timeoutMilliseconds", (long)command.Timeout.TotalMilliseconds);
        json.WriteStartObject("environment");
        foreach (var (name, value) in command.Environment.OrderBy(e => e.Key, StringComparer.Ordinal)) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteEdit(Utf8JsonWriter json, FileEdit edit)
    {
        json.WriteString("kind", edit switch
        {
            CreateEdit => "create",
            ReplaceEdit => "replace",
            DeleteEdit => "delete",
            RenameEdit => "rename",
            SetModeEdit => "set-mode",
            SymlinkEdit => "symlink",
            _ => throw new ArgumentException($"{edit.GetType()} is no known edit.", nameof(edit)),
        });
        StepJson.WritePath(json, "path", edit.Path);
        switch (edit)
        {
            case CreateEdit create:
                Content(json, create.Content, create.Size);
                json.WriteString("mode", StepJson.Octal(create.Mode));
                break;
            case ReplaceEdit replace:
                Content(json, replace.Content, replace.Size);
                if (replace.Mode is { } mode) json.WriteString("mode", StepJson.Octal(mode));
                if (replace.Expected is { } expected) json.WriteString("expected", expected.Hex);
                break;
            case DeleteEdit { Expected: { } gone }:
                json.WriteString("expected", gone.Hex);
                break;
            case RenameEdit rename:
                StepJson.WritePath(json, "to", rename.To);
                break;
            case SetModeEdit set:
                json.WriteString("mode", StepJson.Octal(set.Mode));
                break;
            case SymlinkEdit link:
                Content(json, link.Target, link.Size);
                break;
        }
    }

    private static FileEdit ReadEdit(JsonElement json) => Text(json, "kind") switch
    {
        "create" => new CreateEdit(Path(json), Hash(json, "content"), Size(json), Mode(json)!.Value),
        "replace" => new ReplaceEdit(Path(json), Hash(json, "content"), Size(json), Mode(json), Expected(json)),
        "delete" => new DeleteEdit(Path(json), Expected(json)),
        "rename" => new RenameEdit(Path(json), StepJson.ReadPath(json, "to")),
        "set-mode" => new SetModeEdit(Path(json), Mode(json)!.Value),
        "symlink" => new SymlinkEdit(Path(json), Hash(json, "content"), Size(json)),
        var other => throw new FormatException($"'{other}' is no known edit."),
    };

    private static void Content(Utf8JsonWriter json, ContentHash hash, long size)
    {
        json.WriteString("content", hash.Hex);
        json.WriteNumber("size", size);
    }

    private static RepositoryPath Path(JsonElement json) => StepJson.ReadPath(json, "path");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static ContentHash Hash(JsonElement json, string name) => ContentHash.Parse(Text(json, name));

    private static long Size(JsonElement json) => json.GetProperty("size").GetInt64();

    private static int? Mode(JsonElement json) => json.TryGetProperty("mode", out var mode) ? Convert.ToInt32(mode.GetString(), 8) : null;

    private static ContentHash? Expected(JsonElement json) => json.TryGetProperty("expected", out var hash) ? ContentHash.Parse(hash.GetString()!) : null;
}
