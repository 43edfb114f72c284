using TarsEngine.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TarsEngine.Documents;

/// <summary>YAML events to nodes. The parser is pulled, so nothing grows past the depth limit.</summary>
internal sealed class YamlNodes
{
    private readonly Parser parser;
    private readonly DocumentProblems problems;

    private YamlNodes(string text, DocumentProblems problems)
    {
        parser = new Parser(new StringReader(text));
        this.problems = problems;
    }

    public static DocumentNode? Read(string text, DocumentProblems problems)
    {
        try
        {
            return new YamlNodes(text, problems).ReadDocument();
        }
        catch (YamlException fault)
        {
            problems.Add(Line(fault.Start), Column(fault.Start), "This is not YAML: " + fault.Message.TrimEnd('.') + ".");
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The parser's own slips on hostile text (escapes beyond Unicode, broken look-ahead): still the text's fault.
            problems.Add(1, 1, "This is not YAML: " + fault.Message.TrimEnd('.') + ".");
        }
        catch (TooDeepException)
        {
            // Already among the problems.
        }
        return null;
    }

    private DocumentNode ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _)) return new ScalarNode(1, 1, "", false);
        parser.Consume<DocumentStart>();
        var root = ReadNode(1);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
            problems.Add(Line(second.Start), Column(second.Start), "A second document begins here; one file holds one document.");
        else
            parser.Consume<StreamEnd>();
        return root;
    }

    private DocumentNode ReadNode(int depth)
    {
        if (parser.Accept<AnchorAlias>(out var alias))
        {
            parser.MoveNext();
            problems.Add(Line(alias.Start), Column(alias.Start), $"The alias '*{alias.Value}' is not supported; write the value out.");
            return new ScalarNode(Line(alias.Start), Column(alias.Start), "", true);
        }
        var node = parser.Consume<NodeEvent>();
        int line = Line(node.Start), column = Column(node.Start);
        if (!node.Anchor.IsEmpty) problems.Add(line, column, $"The anchor '&{node.Anchor.Value}' is not supported; write the value where it is needed.");
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific) problems.Add(line, column, $"The tag '{node.Tag.Value}' is not supported; put a text in quotes instead.");
        if (node is Scalar scalar) return ReadScalar(scalar, line, column);
        if (depth > DocumentReader.MaxDepth)
        {
            problems.Add(line, column, $"Nesting is deeper than {DocumentReader.MaxDepth} levels.");
            throw new TooDeepException();
        }
        return node is SequenceStart ? ReadList(line, column, depth) : ReadMap(line, column, depth);
    }

    private ScalarNode ReadScalar(Scalar scalar, int line, int column)
    {
        if (scalar.Value.Contains('\0')) problems.Add(line, column, "The text holds a NUL character.");
        if (ByteText.HasLoneSurrogate(scalar.Value)) problems.Add(line, column, "The text holds half a surrogate pair.");
        return new(line, column, scalar.Value, scalar.Style != ScalarStyle.Plain);
    }

    private ListNode ReadList(int line, int column, int depth)
    {
        var items = new List<DocumentNode>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(depth + 1));
        return new(line, column, items);
    }

    private MapNode ReadMap(int line, int column, int depth)
    {
        var entries = new MapEntries(problems);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not ScalarNode name) problems.Add(key, $"A key must be a text, this is {key.Description}.");
            else if (name is { Text: "<<", IsText: false }) problems.Add(key, "The merge key '<<' is not supported; write the fields out.");
            else entries.Add(name.Text, key.Line, key.Column, value);
        }
        return new(line, column, entries.List);
    }

    private static int Line(Mark mark) => (int)Math.Max(1, mark.Line);

    private static int Column(Mark mark) => (int)Math.Max(1, mark.Column);

    private sealed class TooDeepException : Exception;
}
