using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace TarsEngine.CSharp.Compiling;

/// <summary>What one call of the compiler brings along beside its sources: configuration, generators, analyzers.</summary>
internal sealed record Tools(SourceReader Reader, ConfigOptions Config, AnalyzerOptions AnalyzerOptions, GeneratorDriver? Driver, Lazy<ImmutableArray<DiagnosticAnalyzer>> Analyzers)
{
    /// <exception cref="UnsureException">A file or an analyzer can't be read.</exception>
    public static Tools Load(CSharpCommandLineArguments arguments, AnalyzerLoader loader)
    {
        var reader = new SourceReader(arguments);
        var config = new ConfigOptions(ConfigSet(arguments, reader));
        ImmutableArray<AdditionalText> additional = [.. arguments.AdditionalFiles.Select(file => new AdditionalFile(file.Path, reader))];
        var options = new AnalyzerOptionsOf(config);
        var files = arguments.AnalyzerReferences.Select(reference => new AnalyzerFileReference(Path.GetFullPath(reference.FilePath, arguments.BaseDirectory!), loader)).ToList();
        foreach (var file in files)
        {
            loader.AddDependencyLocation(file.FullPath);
            file.AnalyzerLoadFailed += (_, failed) => throw new UnsureException($"the analyzer '{file.FullPath}' can't be loaded: {failed.Message}");
        }
        ImmutableArray<ISourceGenerator> generators = [.. files.SelectMany(file => file.GetGenerators(LanguageNames.CSharp))];
        var place = string.IsNullOrWhiteSpace(arguments.GeneratedFilesOutputDirectory) ? arguments.OutputDirectory : arguments.GeneratedFilesOutputDirectory;
        var driver = generators.IsEmpty ? null : CSharpGeneratorDriver.Create(generators, additional, arguments.ParseOptions, options, new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, false, place));
        return new(reader, config, new(additional, options), driver, new(() => [.. files.SelectMany(file => file.GetAnalyzers(LanguageNames.CSharp))]));
    }

    private static AnalyzerConfigSet? ConfigSet(CSharpCommandLineArguments arguments, SourceReader reader)
    {
        if (arguments.AnalyzerConfigPaths.IsEmpty) return null;
        var set = AnalyzerConfigSet.Create(arguments.AnalyzerConfigPaths.Select(path => AnalyzerConfig.Parse(reader.Text(path), path)).ToList(), out var problems);
        return problems.IsEmpty ? set : throw new UnsureException("its analyzer configuration has problems");
    }
}
