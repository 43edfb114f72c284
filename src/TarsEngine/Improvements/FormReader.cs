using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>What reading the forms of one improvement shares: problems, contents gathered on the way, the folder for relative files.</summary>
internal sealed class FormReader(DocumentProblems problems, SiblingFiles? siblings, PatchLimits limits)
{
    private readonly Dictionary<ContentHash, byte[]> contents = [];

    public DocumentProblems Problems { get; } = problems;

    public IReadOnlyDictionary<ContentHash, byte[]> Contents => contents;

    public PatchLimits Limits { get; } = limits;

    public ContentHash Keep(byte[] bytes)
    {
        var hash = ContentHash.Of(bytes);
        contents[hash] = bytes;
        return hash;
    }

    /// <summary>A path inside the codebase; null, with a problem, for anything that may not be changed.</summary>
    public RepositoryPath? Path(MapReader map, string key)
    {
        var text = map.RequiredString(key);
        if (text.Length == 0) return null;
        RepositoryPath path = default;
        var problem = HalfPair(text) ?? Expansion(text) ?? (RepositoryPath.TryParse(text, out path, out var wrong) ? null : wrong);
        if (problem is null && path.IsMetadata) problem = $"'{path}' belongs to git or to this system; nothing under .git/ or .tars/ may be changed.";
        if (problem is null) return path;
        map.Problem(key, problem, isDenied: true);
        return null;
    }

    /// <summary>Text that will be looked for or written, exactly; null, with a problem, when it can't be UTF-8.</summary>
    public string? Exact(MapReader map, string key)
    {
        if (map.OptionalString(key) is not { } text) return null;
        if (HalfPair(text) is not { } problem) return text;
        map.Problem(key, problem);
        return null;
    }

    /// <summary>Permission bits such as "0755"; null when absent, or with a problem.</summary>
    public int? Mode(MapReader map, string key)
    {
        if (map.Node(key) is not { } node) return null;
        if (node is not ScalarNode { Text: { Length: 3 or 4 } digits } || !digits.All(c => c is >= '0' and <= '7'))
        {
            map.Problem(key, $"'{key}' is three or four octal digits, such as \"0644\" or \"0755\".");
            return null;
        }
        var mode = Convert.ToInt32(digits, 8);
        if ((mode & 0b111_000_000_010) == 0) return mode;
        map.Problem(key, $"The mode {digits} is setuid, setgid, sticky or writable for everybody; that may not be set.", isDenied: true);
        return null;
    }

    public ContentHash? Hash(MapReader map, string key)
    {
        if (map.OptionalString(key) is not { } text) return null;
        if (text.Length == 64 && text.All(char.IsAsciiHexDigitLower)) return ContentHash.Parse(text);
        map.Problem(key, $"'{key}' is a SHA-256: 64 lower-case hexadecimal digits, as 'sha256sum' prints them.");
        return null;
    }

    /// <summary>The bytes of a file that stands beside the improvement file.</summary>
    public byte[]? Sibling(MapReader map, string key, long maxBytes)
    {
        var text = map.RequiredString(key);
        if (text.Length == 0) return null;
        if (siblings is null)
        {
            map.Problem(key, $"'{key}' names a file beside the improvement file, but this one came from standard input; give it as a file.");
            return null;
        }
        var bytes = siblings.Read(text, maxBytes, out var problem);
        if (bytes is null) map.Problem(key, problem);
        return bytes;
    }

    /// <summary>The one of <paramref name="forms"/> that is there; null, with a problem, when there are none or several.</summary>
    public string? OneOf(MapReader map, string what, params IReadOnlyList<string> forms)
    {
        var present = forms.Where(map.Has).ToList();
        if (present.Count == 1) return present[0];
        // A mistyped form is best said by 'unknown field' with the near name, which Done says.
        if (present.Count == 0 && map.Keys.Any(k => !forms.Contains(k, StringComparer.Ordinal) && NearestName.Find(k, forms) is not null)) return null;
        Problems.Add(map.Line, map.Column, present.Count == 0
            ? $"{what} has none of {string.Join(", ", forms)}; give one."
            : $"{what} has {string.Join(" and ", present)}; give one only.");
        return null;
    }

    private static string? HalfPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return "The text holds half a surrogate pair, which no UTF-8 file can hold; give bytes as base 64 or as a file.";
            i++;
        }
        return null;
    }

    /// <summary>Nothing expands here, so a path that waits for it would make a file of that very name: refused instead.</summary>
    private static string? Expansion(string path)
    {
        var expands = path[0] == '~' || path.Contains("${", StringComparison.Ordinal) || path.Contains("$(", StringComparison.Ordinal)
            || path.Contains('`', StringComparison.Ordinal) || path.Split('/').Any(s => IsVariable(s, '$', "") || IsVariable(s, '%', "%"));
        return expands ? $"The path '{ByteText.Display(path)}' looks as if a shell should expand it; nothing does. Write the path itself, or change a file of that very name by a patch." : null;

        static bool IsVariable(string segment, char first, string last) =>
            segment.Length > 1 + last.Length && segment[0] == first && segment.EndsWith(last, StringComparison.Ordinal)
            && segment[1..^last.Length].All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
    }
}
