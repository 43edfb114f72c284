using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TarsEngine.CSharp.Recording;

namespace TarsEngine.CSharp.Compiling;

/// <summary>What one call of the compiler reads and makes, from its arguments alone.</summary>
internal sealed partial class Inputs
{
    private readonly string root;
    private readonly Lazy<bool> globs;

    /// <param name="root">The codebase's folder: what lies elsewhere is the SDK's or a package's.</param>
    public Inputs(Invocation invocation, string root)
    {
        var arguments = Parse(invocation);
        (Invocation, Arguments, this.root) = (invocation, arguments, root);
        Sources = arguments.SourceFiles.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        Others = [.. Invocation.Arguments.Where(argument => !argument.EndsWith(".cs", StringComparison.Ordinal)), .. arguments.AdditionalFiles.Select(file => file.Path), .. arguments.EmbeddedFiles.Select(file => file.Path)];
        Output = Path.Combine(arguments.OutputDirectory, arguments.OutputFileName ?? "");
        ReferencedPaths = [.. Here(arguments.MetadataReferences.Select(reference => reference.Reference))];
        AnalyzerPaths = [.. Here(arguments.AnalyzerReferences.Select(reference => reference.FilePath))];
        globs = new(CompilesWhatLiesThere);
    }

    public Invocation Invocation { get; }

    public CSharpCommandLineArguments Arguments { get; }

    /// <summary>Absolute.</summary>
    public IReadOnlySet<string> Sources { get; }

    public string Output { get; }

    /// <summary>The reference assembly, where one is made.</summary>
    public string? Reference => Arguments.OutputRefFilePath;

    /// <summary>Assemblies of the codebase that it references.</summary>
    public IReadOnlyList<string> ReferencedPaths { get; }

    /// <summary>Assemblies of the codebase that it runs as analyzers.</summary>
    public IReadOnlyList<string> AnalyzerPaths { get; }

    /// <summary>Everything else that its arguments name.</summary>
    private IReadOnlyList<string> Others { get; }

    private string Folder => Invocation.Folder;

    /// <summary>True for a call that compiles nothing of the codebase's own, as for the resources of another language.</summary>
    private bool IsSatellite => Sources.All(IsIntermediate);

    /// <summary>True where a source was made by the build in a way that is not known: it may follow from any file.</summary>
    public bool HasForeignSources => !IsSatellite && Sources.Any(path => IsIntermediate(path) && !MadeBySdk().IsMatch(Path.GetFileName(path)));

    /// <summary>True when an argument other than a source names the file or one of its kind.</summary>
    public bool Names(string path) => Others.Any(argument => argument.EndsWith(path, StringComparison.OrdinalIgnoreCase))
        || Path.GetExtension(path) is { Length: > 1 } extension && !extension.Equals(".cs", StringComparison.OrdinalIgnoreCase) && Arguments.AdditionalFiles.Any(file => file.Path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a source that is added to or removed from a path changes what is compiled.</summary>
    /// <exception cref="UnsureException">That can't be told.</exception>
    public bool Takes(string path)
    {
        if (Sources.Any(source => IsUnder(source, root) && !IsUnder(source, Folder) && !IsIntermediate(source))) throw new UnsureException($"'{Invocation.Project}' compiles files of other folders");
        if (IsSatellite || !IsUnder(path, Folder) || IsLeftOut(path)) return false;
        return globs.Value && !path.Contains("/node_modules/", StringComparison.Ordinal) ? true : throw new UnsureException($"'{Invocation.Project}' chooses what it compiles");
    }

    /// <summary>The arguments, but for the language of messages: we know no other than English.</summary>
    public static CSharpCommandLineArguments Parse(Invocation invocation) => CSharpCommandLineParser.Default.Parse(
        invocation.Arguments.Where(argument => !argument.StartsWith("/preferreduilang:", StringComparison.Ordinal)), invocation.Folder, sdkDirectory: null);

    private IEnumerable<string> Here(IEnumerable<string> paths) => paths.Select(path => Path.GetFullPath(path, Folder)).Where(path => IsUnder(path, root));

    // Where the sources are exactly the files below the project's folder, the SDK's own pattern is at work, if nobody speaks of items.
    private bool CompilesWhatLiesThere()
    {
        var there = Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Where(path => !IsLeftOut(path)).ToHashSet(StringComparer.Ordinal);
        return there.SetEquals(Sources.Where(source => IsUnder(source, Folder) && !IsLeftOut(source))) && !Shapers().Any(file => Choice().IsMatch(File.ReadAllText(file)));
    }

    private IEnumerable<string> Shapers()
    {
        yield return Invocation.Project;
        for (var folder = Folder; folder is not null && (folder == root || IsUnder(folder, root)); folder = Path.GetDirectoryName(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.props").Concat(Directory.EnumerateFiles(folder, "*.targets"))) yield return file;
        }
    }

    private bool IsLeftOut(string path) => IsIntermediate(path) || Path.GetRelativePath(Folder, path).Split('/').Any(part => part.StartsWith('.'));

    private bool IsIntermediate(string path) => IsUnder(path, Path.Combine(Folder, "obj")) || IsUnder(path, Path.Combine(Folder, "bin")) || IsUnder(path, Arguments.OutputDirectory);

    private static bool IsUnder(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^(.*\.AssemblyInfo|.*\.GlobalUsings\.g|.*AssemblyAttributes|AutoGeneratedProgram|MicrosoftTestingPlatformEntryPoint|SelfRegisteredExtensions|XunitAutoGeneratedEntryPoint)\.cs$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex MadeBySdk();

    [GeneratedRegex(@"<Compile\b[^>]*\b(Include|Remove|Exclude)\s*=|EnableDefault(Compile)?Items|DefaultItemExcludes|DefaultExcludes", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Choice();
}
