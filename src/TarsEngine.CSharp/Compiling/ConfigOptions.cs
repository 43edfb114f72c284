using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace TarsEngine.CSharp.Compiling;

/// <summary>What .editorconfig and global analyzer configuration say about each file, for the compiler.</summary>
internal sealed class ConfigOptions(AnalyzerConfigSet? set) : SyntaxTreeOptionsProvider
{
    /// <summary>Stands for all ids, where whole categories are configured.</summary>
    public const string Everything = "*";

    private readonly ConcurrentDictionary<string, AnalyzerConfigOptionsResult> byPath = new(StringComparer.Ordinal);

    public AnalyzerConfigOptionsResult Global { get; } = set?.GlobalConfigOptions ?? default;

    public AnalyzerConfigOptionsResult Of(string path) => set is null ? default : byPath.GetOrAdd(path, set.GetOptionsForSourcePath);

    /// <summary>The ids that are made warnings or errors for one of these files.</summary>
    public IReadOnlySet<string> RaisedIn(IEnumerable<string> paths)
    {
        var raised = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var options in paths.Select(Of).Append(Global).Distinct())
        {
            if (options.TreeOptions is { } tree) raised.UnionWith(tree.Where(pair => pair.Value is ReportDiagnostic.Warn or ReportDiagnostic.Error).Select(pair => pair.Key));
            if (options.AnalyzerOptions?.Keys.Any(key => key.StartsWith("dotnet_analyzer_diagnostic.", StringComparison.OrdinalIgnoreCase)) == true) raised.Add(Everything);
        }
        return raised;
    }

    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) =>
        Of(tree.FilePath).AnalyzerOptions is { } options && options.TryGetValue("generated_code", out var text) && bool.TryParse(text, out var generated)
            ? generated ? GeneratedKind.MarkedGenerated : GeneratedKind.NotGenerated
            : GeneratedKind.Unknown;

    public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
        TryGet(Of(tree.FilePath), diagnosticId, out severity);

    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
        TryGet(Global, diagnosticId, out severity);

    private static bool TryGet(AnalyzerConfigOptionsResult options, string id, out ReportDiagnostic severity)
    {
        severity = ReportDiagnostic.Default;
        return options.TreeOptions is { } tree && tree.TryGetValue(id, out severity);
    }
}

/// <summary>The same, for analyzers and generators.</summary>
internal sealed class AnalyzerOptionsOf(ConfigOptions config) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(config.Global.AnalyzerOptions);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Options(config.Of(tree.FilePath).AnalyzerOptions);

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options(config.Of(textFile.Path).AnalyzerOptions);

    private sealed class Options(ImmutableDictionary<string, string>? values) : AnalyzerConfigOptions
    {
        public override IEnumerable<string> Keys => values?.Keys ?? [];

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return values?.TryGetValue(key, out value) == true;
        }
    }
}
