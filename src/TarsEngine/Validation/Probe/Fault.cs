using TarsEngine.Files;

namespace TarsEngine.Validation.Probe;

/// <summary>A small fault in one place of a source.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Member">The member that it lies in: faults are spread over them.</param>
/// <param name="Start">Where the text begins that is replaced, in UTF-16 code units.</param>
/// <param name="Old">What stands there.</param>
/// <param name="New">What is put there instead.</param>
internal sealed record Fault(RepositoryPath Path, int Line, FaultKind Kind, string Member, int Start, string Old, string New)
{
    private const int MostShown = 60;

    /// <summary>For people: "'a &lt; b' becomes 'a &lt;= b'".</summary>
    public string Shown => New.Length == 0 ? $"'{Shorten(Old)}' is left out" : $"'{Shorten(Old)}' becomes '{Shorten(New)}'";

    public string Apply(string text) => string.Concat(text.AsSpan(0, Start), New, text.AsSpan(Start + Old.Length));

    private static string Shorten(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return ByteText.Display(line.Length <= MostShown ? line : line[..MostShown] + "…");
    }
}

/// <summary>In the order in which they are preferred: what most surely compiles and changes behaviour first.</summary>
internal enum FaultKind
{
    Negation,
    Comparison,
    Result,
    Logic,
    Arithmetic,
    Literal,
    Statement,
}
