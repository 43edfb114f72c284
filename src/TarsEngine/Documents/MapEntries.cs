using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Documents;

/// <summary>Gathers a map's entries; a key that stands there twice is a problem that names both places.</summary>
internal sealed class MapEntries(DocumentProblems problems)
{
    private readonly List<MapEntry> list = [];
    private readonly Dictionary<string, MapEntry> seen = new(StringComparer.Ordinal);

    public IReadOnlyList<MapEntry> List => list;

    public void Add(string key, int line, int column, DocumentNode value)
    {
        var entry = new MapEntry(key, line, column, value);
        if (seen.TryAdd(key, entry)) list.Add(entry);
        else problems.Add(line, column, string.Create(CultureInfo.InvariantCulture, $"The key '{ByteText.Display(key)}' stands here twice; the first is on line {seen[key].Line}."));
    }
}
