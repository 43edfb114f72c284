using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TarsEngine.CSharp.Compiling;

namespace TarsEngine.CSharp.Answering;

/// <summary>What a change does to one compilation.</summary>
/// <param name="Removed">Absolute paths.</param>
internal sealed record ProjectChange(IReadOnlyList<(string Path, byte[] Content)> Edited, IReadOnlyList<(string Path, byte[] Content)> Added, IReadOnlyList<string> Removed)
{
    public bool IsEmpty => Edited.Count + Added.Count + Removed.Count == 0;

    /// <exception cref="UnsureException">Only a build can tell.</exception>
    public static ProjectChange Of(Inputs inputs, string root, IEnumerable<ChangedFile> files)
    {
        var (edited, added, removed) = (new List<(string, byte[])>(), new List<(string, byte[])>(), new List<string>());
        foreach (var file in files.Where(Doubts.IsSource))
        {
            var path = Path.Combine(root, file.Path);
            switch (file)
            {
                case { Content: { } content, Before: true }:
                    if (inputs.Sources.Contains(path)) edited.Add((path, content));
                    break;
                case { Content: { } content }:
                    if (inputs.Takes(path)) added.Add((path, content));
                    break;
                default:
                    if (inputs.Sources.Contains(path) && inputs.Takes(path)) removed.Add(path);
                    break;
            }
        }
        return new(edited, added, removed);
    }

    /// <summary>The compilation with the change; the trees that are new in it come with it.</summary>
    /// <param name="references">Assemblies that the change made anew, by the path where the build has them.</param>
    public (CSharpCompilation Compilation, IReadOnlyList<SyntaxTree> Trees) ApplyTo(Project project, IReadOnlyDictionary<string, byte[]> references)
    {
        var compilation = project.Sources;
        var known = compilation.SyntaxTrees.ToDictionary(tree => tree.FilePath, StringComparer.Ordinal);
        var trees = new List<SyntaxTree>();
        foreach (var (path, content) in Edited)
        {
            trees.Add(project.Reader.Parse(path, content));
            compilation = compilation.ReplaceSyntaxTree(known[path], trees[^1]);
        }
        compilation = compilation.RemoveSyntaxTrees(Removed.Select(path => known[path]));
        var added = Added.Select(file => project.Reader.Parse(file.Path, file.Content)).ToList();
        compilation = compilation.AddSyntaxTrees(added);
        foreach (var old in compilation.References.OfType<PortableExecutableReference>().ToList())
        {
            if (old.FilePath is { } path && references.TryGetValue(path, out var image)) compilation = compilation.ReplaceReference(old, References.Of(image, path, old.Properties));
        }
        return (compilation, [.. trees, .. added]);
    }
}
