using TarsEngine.Documents;

namespace TarsEngine.Improvements;

/// <summary>
/// Reads improvements that people write by hand: YAML or JSON with 'schema: tars/improvement/v1', one improvement or several
/// under 'improvements:'. Every problem is reported at once, each with its line. docs/improvement-files.md describes the schema.
/// </summary>
public static class ImprovementFile
{
    public const string SchemaFamily = "tars/improvement";
    public const int SchemaVersion = 1;

    private const int MaxTitle = 300, MaxDescription = 64 << 10, MaxCategory = 100, MaxImprovements = 10_000;

    /// <param name="sourceName">For messages; its ending tells YAML from JSON.</param>
    /// <param name="siblings">Where 'patch-file' and 'content-file' are read; null when the text came from a stream.</param>
    public static ProposalResult Read(ReadOnlySpan<byte> bytes, string sourceName, SiblingFiles? siblings = null, PatchLimits? limits = null)
    {
        limits ??= PatchLimits.Default;
        var document = DocumentReader.Read(bytes, sourceName);
        var proposals = new List<ImprovementProposal>();
        var empty = new List<string>();
        if (MapReader.Root(document, "an improvement file") is { } root && root.Schema(SchemaFamily, SchemaVersion))
        {
            if (root.Has("improvements"))
            {
                var several = root.OptionalMaps("improvements") ?? [];
                if (several.Count > MaxImprovements) root.Problem("improvements", $"The file holds {several.Count:N0} improvements; the limit is {MaxImprovements:N0}.");
                foreach (var one in several.Take(MaxImprovements)) Take(one, sourceName, siblings, limits, proposals, empty);
                root.Done();
            }
            else Take(root, sourceName, siblings, limits, proposals, empty);
        }
        if (document.Problems.Count > 0) return new ProposalRefused(document.Problems.List);
        if (proposals.Count > 0) return new Proposed(proposals, empty);
        return new NothingProposed(empty.Count > 0 ? empty[0] : $"Nothing to do: '{sourceName}' holds no improvement.");
    }

    private static void Take(MapReader map, string sourceName, SiblingFiles? siblings, PatchLimits limits, List<ImprovementProposal> proposals, List<string> empty)
    {
        var form = new FormReader(map.Problems, siblings, limits);
        var title = Limited(map, "title", map.RequiredString("title"), MaxTitle);
        var description = Limited(map, "description", map.OptionalString("description") ?? "", MaxDescription);
        var category = Limited(map, "category", map.OptionalString("category") ?? ImprovementProposal.DefaultCategory, MaxCategory);
        var priority = map.OptionalChoice("priority", "low", "medium", "high", "critical");
        var source = Limited(map, "source", map.OptionalString("source") ?? "file:" + sourceName, MaxTitle);
        var baseCommit = map.OptionalString("base");
        if (baseCommit is not null && (baseCommit.Length is not (40 or 64) || !baseCommit.All(char.IsAsciiHexDigitLower)))
            map.Problem("base", "'base' is a whole commit id: 40 (or 64) lower-case hexadecimal digits, as 'git rev-parse' prints them.");
        var steps = new StepsReader(form).Read(map);
        map.Done();
        if (map.Problems.Count > 0) return;
        if (steps.Count == 0)
        {
            empty.Add($"Nothing to do: '{title}' (line {map.Line}) has no steps.");
            return;
        }
        proposals.Add(new(title, description, category, Priority(priority), source, steps, baseCommit, form.Contents));
    }

    private static string Limited(MapReader map, string key, string text, int most)
    {
        if (text.Length > most) map.Problem(key, $"'{key}' has {text.Length:N0} characters; the limit is {most:N0}.");
        if (key != "description" && text.AsSpan().ContainsAny('\n', '\r')) map.Problem(key, $"'{key}' is one line; put the rest into 'description'.");
        return text;
    }

    private static ImprovementPriority Priority(string? name) => name switch
    {
        "low" => ImprovementPriority.Low,
        "high" => ImprovementPriority.High,
        "critical" => ImprovementPriority.Critical,
        _ => ImprovementPriority.Medium,
    };
}
