using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace TarsEngine.CSharp.Compiling;

/// <summary>Referenced assemblies, each read once for all projects.</summary>
internal sealed class References
{
    private readonly ConcurrentDictionary<string, AssemblyMetadata> assemblies = new(StringComparer.Ordinal);

    /// <exception cref="UnsureException">It can't be read.</exception>
    public PortableExecutableReference Of(string path, MetadataReferenceProperties properties)
    {
        try
        {
            return properties.Kind == MetadataImageKind.Module
                ? MetadataReference.CreateFromFile(path, properties)
                : assemblies.GetOrAdd(path, AssemblyMetadata.CreateFromFile).GetReference(null, properties.Aliases, properties.EmbedInteropTypes, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            throw new UnsureException($"the reference '{path}' can't be read");
        }
    }

    /// <summary>An assembly that was only now made, in the place of the one at a path.</summary>
    public static PortableExecutableReference Of(byte[] image, string path, MetadataReferenceProperties properties) =>
        AssemblyMetadata.CreateFromImage(image).GetReference(null, properties.Aliases, properties.EmbedInteropTypes, path);
}
