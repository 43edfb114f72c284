using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;

namespace TarsEngine.Staging;

/// <summary>Replaces text in one file, on its bytes, so that what is around it stays as it is: line ends, BOM, what is no UTF-8.</summary>
internal static class ReplaceStep
{
    private const int ShownPlaces = 10;

    public static IReadOnlyList<Finding> Run(ReplaceAction action, VirtualFileSystem tree)
    {
        // The tree says why, where there is no such file, or where it is a link.
        if (tree[action.Path] is not { Kind: Files.EntryKind.File } state) return [tree.SetMode(action.Path, 0)!];
        if (action.Search.Length == 0) return [Problem(action, "The search text is empty.", "Give the text to replace.")];
        var bytes = tree.Read(action.Path);
        var search = Encoding.UTF8.GetBytes(action.Search);
        var places = Find(bytes, search);
        if (places.Count != action.Count) return [Miscount(action, bytes, places)];
        if (places.Count == 0) return [];
        var replacement = Encoding.UTF8.GetBytes(action.Replacement);
        using var result = new MemoryStream();
        var from = 0;
        foreach (var place in places)
        {
            result.Write(bytes, from, place - from);
            result.Write(replacement);
            from = place + search.Length;
        }
        result.Write(bytes, from, bytes.Length - from);
        return tree.Replace(action.Path, result.ToArray(), state.Mode) is { } refused ? [refused] : [];
    }

    private static List<int> Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> search)
    {
        var places = new List<int>();
        for (var at = 0; bytes[at..].IndexOf(search) is var next and >= 0; at = places[^1] + search.Length) places.Add(at + next);
        return places;
    }

    private static Finding Miscount(ReplaceAction action, byte[] bytes, List<int> places)
    {
        var message = string.Create(CultureInfo.InvariantCulture,
            $"The search text stands {places.Count} times in '{action.Path}', and {action.Count} are expected");
        if (places.Count > 0)
        {
            var lines = places.Take(ShownPlaces).Select(place => (bytes.AsSpan(0, place).Count((byte)'\n') + 1).ToString(CultureInfo.InvariantCulture));
            return Problem(action, $"{message}: at line {string.Join(", ", lines)}{(places.Count > ShownPlaces ? ", …" : "")}.", "Make the search text longer, or set the count.");
        }
        var hasOtherEnds = action.Search.Contains('\n') && !action.Search.Contains("\r\n", StringComparison.Ordinal) && bytes.AsSpan().IndexOf("\r\n"u8) >= 0;
        return Problem(action, message + ".", hasOtherEnds
            ? "The file's lines end in CR LF and the search text's in LF: write \\r\\n into the search text."
            : "Compare the search text with the file; every character counts, spaces too.");
    }

    private static Finding Problem(ReplaceAction action, string message, string remedy) =>
        new(Severity.Error, "replace/count", message, action.Path, Remedy: remedy);
}
