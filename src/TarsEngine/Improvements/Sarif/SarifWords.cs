using System.Text.Json;
using TarsEngine.Files;

namespace TarsEngine.Improvements.Sarif;

/// <summary>What a result and its fix are called.</summary>
internal sealed class SarifWords(JsonElement run, JsonElement result, JsonElement fix)
{
    private readonly JsonElement? driver = run.Map("tool")?.Map("driver");

    /// <summary>The tool and its rule.</summary>
    public string Source => ByteText.Display(Cut($"{driver?.Text("name") ?? "unknown"} {Rule}".Trim(), 100));

    /// <summary>What is wrong.</summary>
    public string Message => Cut(TextOf(result.Map("message")) ?? "", 4_000);

    private string Rule => result.Text("ruleId") ?? Descriptor?.Text("id") ?? "";

    private JsonElement? Descriptor => result.Number("ruleIndex") is >= 0 and var index && driver is { } tool && tool.Items("rules").Skip(index).FirstOrDefault() is { ValueKind: JsonValueKind.Object } rule ? rule : null;

    /// <summary>What the fix does, or what is wrong, in one line.</summary>
    public string Title(int most)
    {
        var text = TextOf(fix.Map("description")) ?? TextOf(result.Map("message")) ?? "a fix";
        return Cut(ByteText.Display(string.Join(' ', $"{Rule}: {text}".TrimStart(':', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))), most);
    }

    private string? TextOf(JsonElement? message) =>
        message?.Text("text") is { Length: > 0 } text ? text : message?.Text("id") is { } id && Descriptor?.Map("messageStrings")?.Map(id)?.Text("text") is { Length: > 0 } listed ? listed : null;

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
}
