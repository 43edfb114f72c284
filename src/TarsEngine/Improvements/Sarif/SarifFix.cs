using System.Text.Json;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Improvements.Sarif;

/// <summary>Makes a change of one fix: the replacements of each file, placed in the file as it is.</summary>
internal sealed class SarifFix(JsonElement run, string root, TreeSnapshot tree, TreeContent content, ObjectStore objects)
{
    private const long MaxFileBytes = 16L << 20;
    private const int MaxReplacements = 10_000, MaxFiles = 1_000;
    private readonly SarifPlaces places = new(run, root);

    private sealed record Replacement(int Start, int End, byte[] Inserted);

    /// <param name="problem">Why it can't be made.</param>
    /// <returns>Null with a problem.</returns>
    public ChangeSet? ToChanges(JsonElement fix, out string problem)
    {
        problem = "The fix changes no file.";
        var edits = new Dictionary<RepositoryPath, (JsonElement Location, List<JsonElement> Replacements)>();
        foreach (var change in fix.Items("artifactChanges"))
        {
            if (change.Map("artifactLocation") is not { } location)
            {
                problem = "The fix names no file.";
                return null;
            }
            if (places.Resolve(location, out problem) is not { } path) return null;
            if (!edits.TryGetValue(path, out var edit)) edits[path] = edit = (location, []);
            edit.Replacements.AddRange(change.Items("replacements"));
            if (edits.Count > MaxFiles || edit.Replacements.Count > MaxReplacements)
            {
                problem = $"The fix has more than {MaxFiles:N0} files, or more than {MaxReplacements:N0} replacements in one.";
                return null;
            }
        }
        var changes = new List<FileChange>();
        foreach (var (path, (location, replacements)) in edits)
        {
            if (Apply(path, location, replacements, out problem) is not { } change) return null;
            changes.Add(change);
        }
        return edits.Count == 0 ? null : new ChangeSet(changes);
    }

    private FileChange? Apply(RepositoryPath path, JsonElement location, List<JsonElement> wanted, out string problem)
    {
        if (tree[path] is not { Kind: EntryKind.File, Size: <= MaxFileBytes } before)
        {
            problem = tree[path] is null ? $"There is no file '{path}' in the codebase." : $"'{path}' is no file, or one of more than {MaxFileBytes:N0} bytes.";
            return null;
        }
        var bytes = content.Read(path, before);
        var text = new SarifSourceText(bytes, EncodingOf(location), Newlines(), CountsCodePoints());
        var replacements = new List<Replacement>();
        foreach (var one in wanted)
        {
            if (Read(one, text, out problem) is not { } replacement)
            {
                problem = $"'{path}': {problem}";
                return null;
            }
            replacements.Add(replacement);
        }
        // Insertions at one place keep their order.
        var ordered = replacements.OrderBy(r => r.Start).ThenBy(r => r.End).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Start >= ordered[i - 1].End) continue;
            problem = $"'{path}': two replacements overlap.";
            return null;
        }
        using var after = new MemoryStream();
        var at = 0;
        foreach (var replacement in ordered)
        {
            after.Write(bytes, at, replacement.Start - at);
            after.Write(replacement.Inserted);
            at = replacement.End;
        }
        after.Write(bytes, at, bytes.Length - at);
        problem = $"'{path}' would have more than {MaxFileBytes:N0} bytes.";
        if (after.Length > MaxFileBytes) return null;
        problem = "";
        return new(path, before, before with { Hash = objects.Put(after.ToArray()), Size = after.Length });
    }

    private static Replacement? Read(JsonElement replacement, SarifSourceText text, out string problem)
    {
        problem = "A replacement has no region.";
        if (replacement.Map("deletedRegion") is not { } region || text.Locate(region, out problem) is not { } place) return null;
        if (replacement.Map("insertedContent") is not { } content) return new(place.Start, place.End, []);
        byte[]? inserted = null;
        if (content.Text("text") is { } words) inserted = text.Encode(words);
        else if (content.Text("binary") is { } coded) inserted = Base64(coded);
        problem = "What is to be inserted can't be written in the file's encoding, or isn't base 64.";
        return inserted is null ? null : new(place.Start, place.End, inserted);
    }

    private static byte[]? Base64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }

    private string? EncodingOf(JsonElement location) =>
        run.Items("artifacts").FirstOrDefault(artifact => artifact.Map("location")?.Text("uri") is { } uri && uri == location.Text("uri")).Text("encoding") ?? run.Text("defaultEncoding");

    private List<string>? Newlines() => run.Has("newlineSequences") ? [.. run.Items("newlineSequences").Where(mark => mark.ValueKind == JsonValueKind.String).Select(mark => mark.GetString()!)] : null;

    private bool? CountsCodePoints() => run.Text("columnKind") switch
    {
        "utf16CodeUnits" => false,
        "unicodeCodePoints" => true,
        _ => null,
    };
}
