using System.Runtime.Loader;

namespace TarsEngine.CSharp;

/// <summary>Where the compiler itself is loaded from: the folder of the compiler that the build called, so that its version is the build's.</summary>
internal static class CompilerFolder
{
    /// <summary>Must come before any type of the compiler is touched; holds for the whole process.</summary>
    public static void Use(string folder) => AssemblyLoadContext.Default.Resolving += (context, name) =>
    {
        var path = Path.Combine(folder, name.Name + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    };
}
