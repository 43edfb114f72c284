using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using TarsEngine.CSharp.Recording;

namespace TarsEngine.CSharp.Compiling;

/// <summary>One call of the compiler, held: its inputs as they lie on the disk, parsed and bound.</summary>
internal sealed class Project
{
    private readonly Tools tools;
    private readonly Lazy<IReadOnlySet<string>> raised;

    private Project(Invocation invocation, CSharpCommandLineArguments arguments, Tools tools, CSharpCompilation sources)
    {
        (Invocation, Arguments, this.tools, Sources) = (invocation, arguments, tools, sources);
        raised = new(() => tools.Config.RaisedIn(Sources.SyntaxTrees.Select(tree => tree.FilePath)));
        Base = Generate(sources, tools.Driver);
    }

    public Invocation Invocation { get; }

    /// <summary>Ids that its configuration makes warnings or errors somewhere.</summary>
    public IReadOnlySet<string> Raised => raised.Value;

    public CSharpCommandLineArguments Arguments { get; }

    public SourceReader Reader => tools.Reader;

    public ConfigOptions Config => tools.Config;

    public AnalyzerOptions AnalyzerOptions => tools.AnalyzerOptions;

    public ImmutableArray<DiagnosticAnalyzer> Analyzers => tools.Analyzers.Value;

    /// <summary>The compilation without what generators add.</summary>
    public CSharpCompilation Sources { get; }

    /// <summary>The compilation as the build had it.</summary>
    public Generation Base { get; }

    /// <exception cref="UnsureException">Its inputs can't be read as the compiler would read them.</exception>
    public static Project Load(Invocation invocation, CSharpCommandLineArguments arguments, References references, AnalyzerLoader loader)
    {
        if (!arguments.Errors.IsEmpty || arguments.AppConfigPath is not null) throw new UnsureException($"its compiler call is not understood: {arguments.Errors.FirstOrDefault()?.GetMessage(System.Globalization.CultureInfo.InvariantCulture) ?? "it names an application configuration"}");
        var brought = Tools.Load(arguments, loader);
        var paths = arguments.SourceFiles.Select(file => file.Path).ToArray();
        if (paths.Distinct(StringComparer.OrdinalIgnoreCase).Count() != paths.Length) throw new UnsureException("it names a file twice");
        var trees = new SyntaxTree[paths.Length];
        try
        {
            Parallel.For(0, paths.Length, i => trees[i] = brought.Reader.Parse(paths[i]));
        }
        catch (AggregateException faults) when (faults.InnerException is UnsureException unsure)
        {
            throw new UnsureException(unsure.Message);
        }
        var known = arguments.MetadataReferences.Select(reference => references.Of(Path.GetFullPath(reference.Reference, arguments.BaseDirectory!), reference.Properties));
        return new(invocation, arguments, brought, CSharpCompilation.Create(arguments.CompilationName, trees, known, Options(arguments, brought.Config)));
    }

    /// <summary>Runs the generators; what they did for earlier compilations is used again where it can be.</summary>
    public Generation Generate(CSharpCompilation sources, GeneratorDriver? driver)
    {
        if (driver is null) return new(sources, null, [], []);
        driver = driver.RunGeneratorsAndUpdateCompilation(sources, out var all, out var diagnostics);
        return new((CSharpCompilation)all, driver, diagnostics, [.. driver.GetRunResult().GeneratedTrees]);
    }

    private static CSharpCompilationOptions Options(CSharpCommandLineArguments arguments, ConfigOptions config) => arguments.CompilationOptions
        .WithAssemblyIdentityComparer(DesktopAssemblyIdentityComparer.Default)
        .WithXmlReferenceResolver(new XmlFileResolver(arguments.BaseDirectory))
        .WithStrongNameProvider(new DesktopStrongNameProvider(arguments.KeyFileSearchPaths, Path.GetTempPath()))
        .WithSourceReferenceResolver(new SourceFileResolver([], arguments.BaseDirectory, arguments.PathMap))
        .WithSyntaxTreeOptionsProvider(config);
}

/// <summary>A compilation with what the generators added.</summary>
/// <param name="Trees">What they added.</param>
internal sealed record Generation(CSharpCompilation Compilation, GeneratorDriver? Driver, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<SyntaxTree> Trees);
