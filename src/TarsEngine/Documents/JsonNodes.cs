using System.Text;
using System.Text.Json;

namespace TarsEngine.Documents;

/// <summary>JSON to nodes by RFC 8259: no comments, no trailing commas; the place of each value is kept.</summary>
internal ref struct JsonNodes
{
    private readonly ReadOnlySpan<byte> bytes;
    private readonly DocumentProblems problems;
    private Utf8JsonReader reader;
    private int line;
    private long lineStart;
    private long counted;

    private JsonNodes(ReadOnlySpan<byte> bytes, DocumentProblems problems)
    {
        this.bytes = bytes;
        this.problems = problems;
        line = 1;
        // One more than the limit, so that the limit is ours to report with our own words.
        reader = new(bytes, new JsonReaderOptions { MaxDepth = DocumentReader.MaxDepth + 1 });
    }

    public static DocumentNode? Read(string text, DocumentProblems problems)
    {
        try
        {
            var nodes = new JsonNodes(Encoding.UTF8.GetBytes(text), problems);
            nodes.Next();
            var root = nodes.ReadNode(1);
            if (root is not null && nodes.reader.Read()) throw new JsonException("Text follows the end of the document.");
            return root;
        }
        catch (JsonException fault)
        {
            problems.Add((int)(fault.LineNumber ?? 0) + 1, (int)(fault.BytePositionInLine ?? 0) + 1, "This is not JSON: " + Brief(fault.Message));
            return null;
        }
    }

    private DocumentNode? ReadNode(int depth)
    {
        var (at, column) = Place();
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && depth > DocumentReader.MaxDepth)
        {
            problems.Add(at, column, $"Nesting is deeper than {DocumentReader.MaxDepth} levels.");
            return null;
        }
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMap(at, column, depth),
            JsonTokenType.StartArray => ReadList(at, column, depth),
            JsonTokenType.String => new ScalarNode(at, column, Text(at, column), true),
            _ => new ScalarNode(at, column, Encoding.UTF8.GetString(reader.ValueSpan), false),
        };
    }

    private ListNode? ReadList(int at, int column, int depth)
    {
        var items = new List<DocumentNode>();
        for (Next(); reader.TokenType != JsonTokenType.EndArray; Next())
        {
            if (ReadNode(depth + 1) is not { } item) return null;
            items.Add(item);
        }
        return new(at, column, items);
    }

    private MapNode? ReadMap(int at, int column, int depth)
    {
        var entries = new MapEntries(problems);
        for (Next(); reader.TokenType != JsonTokenType.EndObject; Next())
        {
            var (keyLine, keyColumn) = Place();
            var key = Text(keyLine, keyColumn);
            Next();
            if (ReadNode(depth + 1) is not { } value) return null;
            entries.Add(key, keyLine, keyColumn, value);
        }
        return new(at, column, entries.List);
    }

    private void Next()
    {
        if (!reader.Read()) throw new JsonException("The document ends too early.");
    }

    private readonly string Text(int at, int column)
    {
        try
        {
            var text = reader.GetString()!;
            if (text.Contains('\0')) problems.Add(at, column, "The text holds a NUL character.");
            return text;
        }
        catch (InvalidOperationException)
        {
            problems.Add(at, column, "The text holds half a surrogate pair.");
            return "";
        }
    }

    private (int Line, int Column) Place()
    {
        var start = reader.TokenStartIndex;
        for (; counted < start; counted++)
        {
            if (bytes[(int)counted] == '\n') (line, lineStart) = (line + 1, counted + 1);
        }
        return (line, (int)(start - lineStart) + 1);
    }

    // The reader's own words end with 'LineNumber: … | BytePositionInLine: …', which the place says already.
    private static string Brief(string message) =>
        message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var at and > 0 ? message[..at] : message;
}
