using TarsEngine.CSharp.Compiling;

namespace TarsEngine.CSharp.Answering;

/// <summary>Which files of a change only a build can judge: all that may shape a build, and is no source.</summary>
internal static class Doubts
{
    private static readonly HashSet<string> pictures = new(StringComparer.OrdinalIgnoreCase)
    {
        ".md", ".rst", ".adoc", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".pdf", ".drawio",
    };

    private static readonly HashSet<string> papers = new(StringComparer.OrdinalIgnoreCase)
    {
        "LICENSE", "LICENSE.txt", "NOTICE", "AUTHORS", "CODEOWNERS", "CHANGELOG", ".gitignore", ".dockerignore",
    };

    /// <exception cref="UnsureException">One of them is there.</exception>
    public static void Check(ProjectSet projects, IEnumerable<ChangedFile> files)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(projects.Root, file.Path);
            if (projects.All.Any(inputs => inputs.Names(path))) throw new UnsureException($"'{file.Path}' goes into a compilation and is no source");
            if (!IsSource(file) && !IsHarmless(file.Path)) throw new UnsureException($"'{file.Path}' may shape the build");
            if (!IsSource(file) && projects.All.FirstOrDefault(inputs => inputs.HasForeignSources) is { } foreign) throw new UnsureException($"'{foreign.Invocation.Project}' makes sources of other files");
        }
    }

    public static bool IsSource(ChangedFile file) => file.Path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);

    private static bool IsHarmless(string path) =>
        pictures.Contains(Path.GetExtension(path)) || papers.Contains(Path.GetFileName(path)) || path.StartsWith(".github/", StringComparison.Ordinal);
}
