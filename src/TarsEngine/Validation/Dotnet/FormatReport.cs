using System.Text.Json;
using System.Text.RegularExpressions;

namespace TarsEngine.Validation.Dotnet;

/// <summary>What one rule would change, by the report of 'dotnet format'.</summary>
/// <param name="Id">'IDE0005'; of white space 'WHITESPACE', 'FINALNEWLINE', …</param>
/// <param name="Meaning">The tool's own words.</param>
internal sealed record FormatRule(string Id, string Meaning, int Places, int Files);

/// <summary>Reads 'format-report.json'. It comes out of the sandbox, so it is bounded, and an id that is no id is nothing.</summary>
internal static partial class FormatReport
{
    private const long MaxBytes = 32L << 20;
    private const int MaxDepth = 32, MaxDocuments = 100_000, MaxWords = 200;

    /// <returns>By rule, the most places first; null for what is no report.</returns>
    public static IReadOnlyList<FormatRule>? Read(Stream report)
    {
        try
        {
            using var bounded = new MemoryStream();
            var buffer = new byte[64 << 10];
            for (int read; (read = report.Read(buffer)) > 0; bounded.Write(buffer, 0, read))
            {
                if (bounded.Length + read > MaxBytes) return null;
            }
            using var json = JsonDocument.Parse(bounded.ToArray(), new() { MaxDepth = MaxDepth });
            return json.RootElement.ValueKind == JsonValueKind.Array ? Count(json.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<FormatRule> Count(JsonElement documents)
    {
        var rules = new Dictionary<string, (string Meaning, int Places, HashSet<string> Files)>(StringComparer.Ordinal);
        foreach (var document in documents.EnumerateArray().Take(MaxDocuments))
        {
            if (Text(document, "FilePath") is not { } file || !document.TryGetProperty("FileChanges", out var changes) || changes.ValueKind != JsonValueKind.Array) continue;
            foreach (var change in changes.EnumerateArray())
            {
                if (Text(change, "DiagnosticId") is not { } id || !Id().IsMatch(id)) continue;
                if (!rules.TryGetValue(id, out var rule)) rule = (Meaning(change, id), 0, new(StringComparer.Ordinal));
                rule.Files.Add(file);
                rules[id] = (rule.Meaning, rule.Places + 1, rule.Files);
            }
        }
        return [.. rules.Select(r => new FormatRule(r.Key, r.Value.Meaning, r.Value.Places, r.Value.Files.Count)).OrderByDescending(r => r.Places).ThenBy(r => r.Id, StringComparer.Ordinal)];
    }

    // 'warning IDE0005: Using directive is unnecessary.'
    private static string Meaning(JsonElement change, string id)
    {
        var words = string.Join(' ', (Text(change, "FormatDescription") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var at = words.IndexOf(id + ": ", StringComparison.Ordinal);
        if (at >= 0) words = words[(at + id.Length + 2)..];
        return Files.ByteText.Display(words.Length > MaxWords ? words[..MaxWords] + "…" : words);
    }

    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }

    [GeneratedRegex(@"^[A-Za-z]{1,20}[0-9]{0,6}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
