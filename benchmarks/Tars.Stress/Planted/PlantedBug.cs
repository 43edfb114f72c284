namespace Tars.Stress.Planted;

/// <summary>A fault on purpose, as a patch of the sources. Its first lines say what is wrong, and what must catch it.</summary>
/// <param name="Name">The patch's file name.</param>
/// <param name="What">What is wrong with it, in one sentence.</param>
/// <param name="Case">The case that must catch it.</param>
/// <param name="Deed">The deed with which it does so soonest; null for all.</param>
internal sealed record PlantedBug(string Name, string File, string What, string Case, string? Deed)
{
    private const string By = "Caught by: ";

    /// <summary>All that there are, by name.</summary>
    public static IReadOnlyList<PlantedBug> All(string folder) => [.. Directory.GetFiles(folder, "*.patch").Order(StringComparer.Ordinal).Select(Read)];

    public override string ToString() => $"{Name} ({What})";

    private static PlantedBug Read(string file)
    {
        var lines = System.IO.File.ReadLines(file).TakeWhile(line => !line.StartsWith("--- ", StringComparison.Ordinal)).ToList();
        if (lines is not [{ Length: > 0 } what, var by, ..] || !by.StartsWith(By, StringComparison.Ordinal))
            throw new FormatException($"'{file}' must begin with a sentence, and '{By}CASE' or '{By}CASE, DEED' on the line after it.");
        var words = by[By.Length..].Split(", ");
        return new(Path.GetFileNameWithoutExtension(file), file, what, words[0], words.ElementAtOrDefault(1));
    }
}
