using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace TarsEngine.CSharp.Compiling;

/// <summary>The analyzers of a project beside the compiler, as a build runs them: those that could show something.</summary>
internal static class Analysis
{
    public static List<Diagnostic> Add(Project project, CSharpCompilation compilation, List<Diagnostic> found, CancellationToken cancellation)
    {
        var suppressors = project.Analyzers.OfType<DiagnosticSuppressor>().ToList();
        ImmutableArray<DiagnosticAnalyzer> analyzers = [.. project.Analyzers.Where(analyzer => analyzer is not DiagnosticSuppressor && MayShow(analyzer, project, compilation)), .. suppressors];
        if (analyzers.IsEmpty) return found;
        var options = new CompilationWithAnalyzersOptions(project.AnalyzerOptions, onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: suppressors.Count > 0);
        var run = compilation.WithAnalyzers(analyzers, options);
        if (suppressors.Count == 0) return [.. found, .. run.GetAnalyzerDiagnosticsAsync(cancellation).GetAwaiter().GetResult()];
        // Suppressors act on the compiler's diagnostics too, which are known already: only what they took away is taken from here.
        var all = run.GetAllDiagnosticsAsync(cancellation).GetAwaiter().GetResult();
        var suppressed = all.Where(d => d.IsSuppressed).Select(Key).ToHashSet();
        var known = found.Select(Key).ToHashSet();
        return [.. found.Where(d => !suppressed.Contains(Key(d))), .. all.Where(d => !known.Contains(Key(d)) && !d.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.Compiler, StringComparer.Ordinal))];
    }

    private static (string Id, string? File, TextSpan Span) Key(Diagnostic diagnostic) => (diagnostic.Id, diagnostic.Location.SourceTree?.FilePath, diagnostic.Location.SourceSpan);

    // Most analyzers only suggest, which no build shows.
    private static bool MayShow(DiagnosticAnalyzer analyzer, Project project, CSharpCompilation compilation) =>
        analyzer.SupportedDiagnostics.Any(descriptor => descriptor.GetEffectiveSeverity(compilation.Options) is ReportDiagnostic.Warn or ReportDiagnostic.Error
            || project.Raised.Contains(descriptor.Id) || project.Raised.Contains(ConfigOptions.Everything));
}
