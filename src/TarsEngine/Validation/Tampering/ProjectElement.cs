using System.Xml;

namespace TarsEngine.Validation.Tampering;

/// <summary>One element of a project file, read as text: nothing is evaluated.</summary>
/// <param name="Value">The text in it; empty where it holds other elements.</param>
/// <param name="Conditions">Its own and those around it.</param>
internal sealed record ProjectElement(string Name, string Value, IReadOnlyDictionary<string, string> Attributes, string Conditions, int Line)
{
    private const int Most = 20_000;
    private const int MaxDepth = 64;

    /// <summary>Equal for the same element at another line.</summary>
    public string Key => $"{Name}\0{Value}\0{Conditions}\0{Shown}";

    public string Shown => string.Join(' ', Attributes.Select(a => $"{a.Key}=\"{a.Value}\""));

    public string? Attribute(string name) => Attributes.GetValueOrDefault(name);

    /// <summary>Broken XML is the syntax check's affair: what can be read of it counts.</summary>
    public static IReadOnlyList<ProjectElement> Read(string? text)
    {
        var elements = new List<ProjectElement>();
        if (text is null) return elements;
        var conditions = new string[MaxDepth];
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true });
            var lines = (IXmlLineInfo)reader;
            while (reader.Read() && elements.Count < Most)
            {
                if (reader.NodeType == XmlNodeType.Text && elements.Count > 0) elements[^1] = elements[^1] with { Value = reader.Value.Trim() };
                if (reader.NodeType != XmlNodeType.Element || reader.Depth >= MaxDepth) continue;
                var (name, line, depth) = (reader.LocalName, lines.LineNumber, reader.Depth);
                var attributes = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                while (reader.MoveToNextAttribute()) attributes[reader.LocalName] = reader.Value;
                attributes.Remove("Condition", out var own);
                conditions[depth] = (depth > 0 ? conditions[depth - 1] : "") + (own is null ? "" : own.Trim() + ";");
                elements.Add(new(name, "", attributes, conditions[depth], line));
            }
        }
        catch (XmlException)
        {
            // Said elsewhere, with its line.
        }
        return elements;
    }
}
