using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace TarsEngine.CSharp.Compiling;

/// <summary>
/// What the compiler would report, in its order: an error of one stage keeps the next from running, so that it reports no more and no
/// less than a build does.
/// </summary>
/// <param name="Diagnostics">Errors and warnings that a build shows.</param>
/// <param name="Emission">What was made; null when there are errors.</param>
internal sealed record Stages(ImmutableArray<Diagnostic> Diagnostics, Emission? Emission)
{
    // Of the stage after the bodies; those that parsing finds are known before.
    private static readonly HashSet<string> documentation = new(StringComparer.Ordinal)
    {
        "CS0419", "CS1571", "CS1572", "CS1573", "CS1574", "CS1580", "CS1581", "CS1584", "CS1589", "CS1590", "CS1591", "CS1592", "CS1598", "CS1658", "CS1710", "CS1711", "CS1712", "CS1723", "CS1734",
    };

    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <param name="analyze">Run the analyzers as well.</param>
    public static Stages Run(Project project, Generation generation, bool analyze, CancellationToken cancellation)
    {
        var compilation = generation.Compilation;
        // Generators run after the sources were parsed.
        List<Diagnostic> found = [.. compilation.GetParseDiagnostics(cancellation).Where(d => d.Location.SourceTree is not { } tree || !generation.Trees.Contains(tree))];
        if (found.Exists(Stops)) return new(Shown(found), null);
        found.AddRange([.. generation.Diagnostics, .. compilation.GetDeclarationDiagnostics(cancellation)]);
        if (found.Exists(Stops)) return new(Shown(found), null);
        var emission = Emission.Of(project, generation, cancellation);
        // Documentation is looked at when all else is well.
        found.AddRange(emission.Diagnostics.Where(d => emission.Succeeded || !documentation.Contains(d.Id)));
        if (analyze) found = Analysis.Add(project, compilation, found, cancellation);
        var shown = Shown(found);
        return new(shown, emission.Succeeded && !shown.Any(d => d.Severity == DiagnosticSeverity.Error) ? emission : null);
    }

    // Errors that no configuration can turn off.
    private static bool Stops(Diagnostic diagnostic) =>
        diagnostic.DefaultSeverity == DiagnosticSeverity.Error && diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable, StringComparer.Ordinal);

    private static ImmutableArray<Diagnostic> Shown(IEnumerable<Diagnostic> found) =>
        [.. found.Where(d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed).Distinct()];
}
