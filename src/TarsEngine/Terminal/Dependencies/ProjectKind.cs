using TarsEngine.Files;

namespace TarsEngine.Terminal.Dependencies;

public enum ProjectKind
{
    Dotnet,
    Node,
    Python,
    Rust,
    Go,
    Java,
    Cmake,
}

/// <summary>A project in a tree.</summary>
/// <param name="Manifest">The file that makes it one: 'package.json', 'App.csproj'.</param>
/// <param name="Lock">The file beside it that fixes the versions of what it needs.</param>
public sealed record DetectedProject(ProjectKind Kind, RepositoryPath Manifest, RepositoryPath? Lock)
{
    public RepositoryPath? Folder => Manifest.Parent;
}
