using System.Text.Json;

namespace TarsEngine.Validation.Syntax;

/// <summary>JSON; comments and trailing commas where tools read them.</summary>
internal sealed class JsonParser : ISyntaxParser
{
    private const int MaxDepth = 1_000;

    // What the .NET host, its SDK, TypeScript and editors read with comments.
    private static readonly string[] Relaxed = ["appsettings", "tsconfig", "jsconfig", "launchsettings", "global.json", "devcontainer", ".eslintrc", "omnisharp", "settings.json", "tasks.json", "launch.json", "extensions.json"];

    public string Language => "json";

    public IReadOnlyList<SyntaxProblem> Parse(string fileName, byte[] bytes)
    {
        var relaxed = fileName.EndsWith(".jsonc", StringComparison.OrdinalIgnoreCase)
            || fileName.EndsWith(".code-workspace", StringComparison.OrdinalIgnoreCase)
            || Relaxed.Any(name => fileName.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        var options = new JsonReaderOptions
        {
            MaxDepth = MaxDepth,
            CommentHandling = relaxed ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = relaxed,
        };
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        try
        {
            var reader = new Utf8JsonReader(text, options);
            while (reader.Read())
            {
                // Reading is the check.
            }
            return [];
        }
        catch (JsonException fault)
        {
            var at = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            return [new(at > 0 ? fault.Message[..at] : fault.Message, (int)(fault.LineNumber ?? 0) + 1)];
        }
    }
}
