using TarsEngine.Files;

namespace TarsEngine.Terminal.Scripts;

/// <summary>Where a script begins.</summary>
/// <param name="Path">A script file, or a C# project.</param>
/// <param name="Why">What told so, for people: ''main' of package.json'.</param>
/// <param name="Interpreter">Of a shell script: the shell that its first line names.</param>
public sealed record EntryPoint(ScriptLanguage Language, RepositoryPath Path, string Why, string? Interpreter = null)
{
    /// <summary>A C# project instead of a single file.</summary>
    public bool IsProject => Path.Name.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase);
}
