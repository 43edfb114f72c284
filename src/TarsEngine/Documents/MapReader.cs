using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Documents;

/// <summary>
/// Reads the fields of one map and collects every problem. A field that is absent, or there with the wrong type
/// (a problem then), reads as null. Call <see cref="Done"/> last: what nobody asked for is an unknown field.
/// </summary>
public sealed class MapReader(MapNode map, DocumentProblems problems)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public DocumentProblems Problems { get; } = problems;

    public int Line => map.Line;

    public int Column => map.Column;

    public IEnumerable<string> Keys => map.Entries.Select(e => e.Key);

    /// <summary>The document's root as a map; null, with a problem, when it is something else or unreadable.</summary>
    public static MapReader? Root(DocumentResult document, string what)
    {
        if (document.Root is MapNode map) return new(map, document.Problems);
        if (document.Root is ScalarNode { IsNull: true } empty) document.Problems.Add(empty, $"The file is empty; {what} is a map of fields.");
        else if (document.Root is { } other) document.Problems.Add(other, $"{what} is a map of fields, this is {other.Description}.");
        return null;
    }

    public bool Has(string key)
    {
        known.Add(key);
        return map[key] is not null;
    }

    /// <summary>The raw value; for fields that may have several shapes.</summary>
    public DocumentNode? Node(string key)
    {
        known.Add(key);
        return map[key];
    }

    public void Problem(string key, string message, bool isDenied = false)
    {
        var entry = map.Entries.FirstOrDefault(e => e.Key == key);
        Problems.Add(entry?.Value.Line ?? map.Line, entry?.Value.Column ?? map.Column, message, isDenied);
    }

    /// <summary>A text that must be there and hold more than white space; "" with a problem otherwise.</summary>
    public string RequiredString(string key)
    {
        if (!Has(key))
        {
            Problems.Add(map, $"The field '{key}' is missing.");
            return "";
        }
        var text = OptionalString(key);
        if (text is not null && string.IsNullOrWhiteSpace(text)) Problem(key, $"'{key}' is empty.");
        return text ?? "";
    }

    public string? OptionalString(string key) => Node(key) is { } node ? DocumentValue.Text(node, $"'{key}'", Problems) : null;

    public bool? OptionalBool(string key) => Node(key) is { } node ? DocumentValue.Bool(node, $"'{key}'", Problems) : null;

    public long? OptionalLong(string key, long min, long max) =>
        Node(key) is { } node ? DocumentValue.Integer(node, $"'{key}'", min, max, Problems) : null;

    public int? OptionalInt(string key, int min, int max) => (int?)OptionalLong(key, min, max);

    /// <summary>'90s', '5m', '1h30m'.</summary>
    public TimeSpan? OptionalDuration(string key, TimeSpan min, TimeSpan max) =>
        Node(key) is { } node ? DocumentValue.Duration(node, $"'{key}'", min, max, Problems) : null;

    /// <summary>One of <paramref name="choices"/>, exactly.</summary>
    public string? OptionalChoice(string key, params IReadOnlyList<string> choices)
    {
        if (OptionalString(key) is not { } text) return null;
        if (choices.Contains(text, StringComparer.Ordinal)) return text;
        Problem(key, $"'{key}' is one of {string.Join(", ", choices)}, not '{ByteText.Display(text)}'.{NearestName.Hint(text, choices)}");
        return null;
    }

    public IReadOnlyList<string>? OptionalStrings(string key)
    {
        if (OptionalList(key) is not { } list) return null;
        return [.. list.Select(item => DocumentValue.Text(item, $"an item of '{key}'", Problems)).OfType<string>()];
    }

    public IReadOnlyList<DocumentNode>? OptionalList(string key)
    {
        if (Node(key) is not { } node) return null;
        if (node is ListNode list) return list.Items;
        Problems.Add(node, $"'{key}' is a list, this is {node.Description}.");
        return null;
    }

    public MapReader? OptionalMap(string key)
    {
        if (Node(key) is not { } node) return null;
        if (node is MapNode inner) return new(inner, Problems);
        Problems.Add(node, $"'{key}' is a map of fields, this is {node.Description}.");
        return null;
    }

    /// <summary>A list in which every item is a map.</summary>
    public IReadOnlyList<MapReader>? OptionalMaps(string key)
    {
        if (OptionalList(key) is not { } list) return null;
        foreach (var other in list.Where(item => item is not MapNode))
            Problems.Add(other, $"An item of '{key}' is a map of fields, this is {other.Description}.");
        return [.. list.OfType<MapNode>().Select(item => new MapReader(item, Problems))];
    }

    /// <summary>A map with free keys and texts as values.</summary>
    public IReadOnlyDictionary<string, string>? OptionalStringMap(string key)
    {
        if (Node(key) is not { } node) return null;
        if (node is not MapNode inner)
        {
            Problems.Add(node, $"'{key}' is a map of texts, this is {node.Description}.");
            return null;
        }
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in inner.Entries)
        {
            if (DocumentValue.Text(entry.Value, $"'{key}.{entry.Key}'", Problems) is { } text) texts[entry.Key] = text;
        }
        return texts;
    }

    /// <summary>The field 'schema' must be <paramref name="family"/> + '/v' + <paramref name="version"/>, such as 'tars/improvement/v1'.</summary>
    public bool Schema(string family, int version)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"{family}/v{version}");
        if (!Has("schema"))
        {
            Problems.Add(map, $"The field 'schema' is missing; write 'schema: {expected}'.");
            return false;
        }
        if (OptionalString("schema") is not { } found) return false;
        if (found == expected) return true;
        var newer = found.StartsWith(family + "/v", StringComparison.Ordinal)
            && int.TryParse(found.AsSpan(family.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > version;
        Problem("schema", newer
            ? $"The schema '{ByteText.Display(found)}' is newer than this program, which reads '{expected}'; update the program."
            : $"The schema is '{ByteText.Display(found)}', this program reads '{expected}'.");
        return false;
    }

    /// <summary>Reports every field that nobody asked for, with the nearest name that exists here.</summary>
    public void Done()
    {
        foreach (var entry in map.Entries.Where(e => !known.Contains(e.Key)))
            Problems.Add(entry.Line, entry.Column, $"Unknown field '{ByteText.Display(entry.Key)}'.{NearestName.Hint(entry.Key, known)}");
    }
}
