using System.Globalization;
using System.Text;
using System.Text.Json;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Review;

/// <summary>Findings as a SARIF 2.1.0 log, which code hosts and editors read.</summary>
public static class SarifLog
{
    public const string Version = "2.1.0";
    private const string Root = "SRCROOT", SchemaUri = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <param name="root">The codebase's topmost folder, absolute.</param>
    /// <param name="toolVersion">Of the program that writes it, such as '0.1.0'.</param>
    public static string Write(IReadOnlyList<Finding> findings, string root, string toolVersion)
    {
        var rules = findings.Select(finding => finding.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", SchemaUri);
            json.WriteString("version", Version);
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, rules, toolVersion);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartObject("originalUriBaseIds");
            json.WriteStartObject(Root);
            json.WriteString("uri", "file://" + Escaped(Encoding.UTF8.GetBytes(root.TrimEnd('/') + "/")));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("results");
            foreach (var finding in findings) WriteResult(json, finding, rules.BinarySearch(finding.Rule, StringComparer.Ordinal));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteTool(Utf8JsonWriter json, List<string> rules, string version)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "tarscli");
        json.WriteString("version", version);
        json.WriteStartArray("rules");
        foreach (var id in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            if (RuleBook.Of(id) is { } rule)
            {
                Text("shortDescription", Sentence(rule.Meaning));
                Text("help", Sentence(rule.Remedy));
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();

        void Text(string name, string text)
        {
            json.WriteStartObject(name);
            json.WriteString("text", text);
            json.WriteEndObject();
        }
    }

    private static void WriteResult(Utf8JsonWriter json, Finding finding, int rule)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("level", finding.Severity switch { Severity.Error => "error", Severity.Hold or Severity.Warning => "warning", _ => "note" });
        json.WriteStartObject("message");
        json.WriteString("text", Whole(finding.Remedy is null ? finding.Message : $"{finding.Message} {finding.Remedy}"));
        json.WriteEndObject();
        if (finding.Path is { } path) WriteLocation(json, finding, path);
        json.WriteStartObject("partialFingerprints");
        json.WriteString("tarsFinding/v1", ContentHash.Of(Encoding.UTF8.GetBytes($"{finding.Rule}\n{finding.Path}\n{finding.Message}\n{finding.Excerpt?.Trim()}")).Hex[..32]);
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("severity", finding.Severity.ToString().ToLower(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, Finding finding, RepositoryPath path)
    {
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Escaped(path.ToBytes()));
        json.WriteString("uriBaseId", Root);
        json.WriteEndObject();
        if (finding.Line is > 0 and var line) WriteRegion(json, finding, line);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteRegion(Utf8JsonWriter json, Finding finding, int line)
    {
        json.WriteStartObject("region");
        json.WriteNumber("startLine", line);
        var endLine = Math.Max(line, finding.EndLine ?? line);
        if (finding.Column is > 0 and var column)
        {
            json.WriteNumber("startColumn", column);
            if (endLine > line) json.WriteNumber("endLine", endLine);
            if (finding.EndColumn is > 0 and var end && (endLine > line || end >= column)) json.WriteNumber("endColumn", end);
        }
        else if (endLine > line)
        {
            json.WriteNumber("endLine", endLine);
        }
        if (finding.Excerpt is { } excerpt)
        {
            json.WriteStartObject("snippet");
            json.WriteString("text", Whole(excerpt));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    // RFC 3986: what is not unreserved is written as its byte; '/' parts segments.
    private static string Escaped(byte[] path)
    {
        var uri = new StringBuilder(path.Length);
        foreach (var one in path)
        {
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' or (byte)'/') uri.Append((char)one);
            else uri.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        }
        return uri.ToString();
    }

    // JSON holds no half of a surrogate pair.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..] + ".";
}
