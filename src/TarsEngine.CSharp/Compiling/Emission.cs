using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace TarsEngine.CSharp.Compiling;

/// <summary>What a call of the compiler makes, in memory.</summary>
/// <param name="Files">By absolute path.</param>
internal sealed record Emission(bool Succeeded, ImmutableArray<Diagnostic> Diagnostics, IReadOnlyDictionary<string, byte[]> Files)
{
    public static Emission Of(Project project, Generation generation, CancellationToken cancellation)
    {
        var (arguments, compilation) = (project.Arguments, generation.Compilation);
        var output = Path.Combine(arguments.OutputDirectory, arguments.OutputFileName ?? throw new UnsureException("it names no output"));
        var symbols = arguments.PdbPath ?? Path.ChangeExtension(output, ".pdb");
        var options = arguments.EmitOptions.WithOutputNameOverride(arguments.OutputFileName).WithPdbFilePath(Mapped(arguments, symbols));
        if (arguments.ParseOptions.Features.ContainsKey("pdb-path-determinism")) options = options.WithPdbFilePath(Path.GetFileName(options.PdbFilePath)!);
        var hasSymbols = arguments.EmitPdb && options.DebugInformationFormat != DebugInformationFormat.Embedded;
        using MemoryStream assembly = new(), pdb = new(), reference = new(), documentation = new();
        using var resources = Resources(arguments, compilation);
        using var sourceLink = arguments.SourceLink is { } link ? File.OpenRead(link) : null;
        var result = compilation.Emit(
            assembly, hasSymbols ? pdb : null, arguments.DocumentationPath is null ? null : documentation, resources, arguments.ManifestResources, options,
            sourceLinkStream: sourceLink, embeddedTexts: arguments.EmitPdb ? Embedded(project, generation) : null,
            metadataPEStream: arguments.OutputRefFilePath is null ? null : reference, cancellationToken: cancellation);
        if (!result.Success) return new(false, result.Diagnostics, new Dictionary<string, byte[]>(StringComparer.Ordinal));
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [output] = assembly.ToArray() };
        if (hasSymbols) files[symbols] = pdb.ToArray();
        if (arguments.OutputRefFilePath is { } referencePath) files[referencePath] = reference.ToArray();
        if (arguments.DocumentationPath is { } documentationPath) files[documentationPath] = documentation.ToArray();
        return new(true, result.Diagnostics, files);
    }

    private static string Mapped(CSharpCommandLineArguments arguments, string path) =>
        arguments.PathMap.IsEmpty ? path : new SourceFileResolver([], arguments.BaseDirectory, arguments.PathMap).NormalizePath(path, null) ?? path;

    private static Stream? Resources(CSharpCommandLineArguments arguments, CSharpCompilation compilation)
    {
        if (arguments.Win32ResourceFile is { } file) return File.OpenRead(Path.GetFullPath(file, arguments.BaseDirectory!));
        using var manifest = Open(compilation.Options.OutputKind == OutputKind.NetModule ? null : arguments.Win32Manifest);
        using var icon = Open(arguments.Win32Icon);
        return compilation.CreateDefaultWin32Resources(versionResource: true, arguments.NoWin32Manifest, manifest, icon);

        Stream? Open(string? path) => path is null ? null : File.OpenRead(Path.GetFullPath(path, arguments.BaseDirectory!));
    }

    private static IEnumerable<EmbeddedText> Embedded(Project project, Generation generation)
    {
        var trees = generation.Compilation.SyntaxTrees.ToLookup(tree => tree.FilePath, StringComparer.Ordinal);
        return
        [
            .. project.Arguments.EmbeddedFiles.Select(file => EmbeddedText.FromSource(file.Path, trees[file.Path].FirstOrDefault()?.GetText() ?? project.Reader.Text(file.Path, canBeEmbedded: true))),
            .. generation.Trees.Select(tree => EmbeddedText.FromSource(tree.FilePath, tree.GetText())),
        ];
    }
}
