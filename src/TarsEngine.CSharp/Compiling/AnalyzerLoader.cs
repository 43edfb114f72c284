using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace TarsEngine.CSharp.Compiling;

/// <summary>Loads analyzers and generators: a context for each folder, in which the compiler's own assemblies are the ones that we run on.</summary>
internal sealed class AnalyzerLoader : IAnalyzerAssemblyLoader
{
    private readonly ConcurrentDictionary<string, FolderContext> contexts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> places = new(StringComparer.OrdinalIgnoreCase);

    public void AddDependencyLocation(string fullPath) => places.TryAdd(Path.GetFileNameWithoutExtension(fullPath), fullPath);

    public Assembly LoadFromPath(string fullPath)
    {
        var path = Path.GetFullPath(fullPath);
        return contexts.GetOrAdd(Path.GetDirectoryName(path)!, folder => new(folder, places)).LoadFromAssemblyPath(path);
    }

    private sealed class FolderContext(string folder, ConcurrentDictionary<string, string> places) : AssemblyLoadContext("analyzers in " + folder)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name is not { } name || IsOfTheCompiler(assemblyName)) return null;
            var beside = Path.Combine(folder, name + ".dll");
            if (File.Exists(beside)) return LoadFromAssemblyPath(beside);
            return places.TryGetValue(name, out var place) ? LoadFromAssemblyPath(place) : null;
        }

        // Their types are exchanged with the compiler: there may be only one of each.
        private static bool IsOfTheCompiler(AssemblyName name) => name.Name is
            "Microsoft.CodeAnalysis" or "Microsoft.CodeAnalysis.CSharp" or "Microsoft.CodeAnalysis.VisualBasic" or "System.Collections.Immutable" or "System.Reflection.Metadata" or "System.Runtime" or "netstandard" or "mscorlib";
    }
}
