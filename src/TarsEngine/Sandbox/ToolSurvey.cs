namespace TarsEngine.Sandbox;

/// <summary>A tool that builds need, as a command in the sandbox would find it.</summary>
/// <param name="Path">Where it is; null when the sandbox has none.</param>
/// <param name="Remedy">How to get it, where it is missing.</param>
public sealed record ToolFound(string Name, string? Path, string? Remedy);

/// <summary>Looks for the usual toolchains where the sandbox's own PATH leads.</summary>
internal static class ToolSurvey
{
    private static readonly (string Program, string Package)[] tools =
    [
        ("dotnet", "dotnet-sdk-10.0"), ("node", "nodejs"), ("npm", "npm"), ("python3", "python3"), ("cargo", "cargo"), ("go", "golang"),
        ("java", "default-jdk"), ("cmake", "cmake"), ("gcc", "gcc"),
    ];

    public static IReadOnlyList<ToolFound> Of(SandboxPaths paths)
    {
        var folders = SandboxLayout.ProgramFolders(paths);
        return [.. tools.Select(tool => folders.Select(folder => Path.Combine(folder, tool.Program)).FirstOrDefault(File.Exists) is { } found
            ? new ToolFound(tool.Program, found, null)
            : new ToolFound(tool.Program, null, BubblewrapDiagnosis.InstallCommand(tool.Package) + ", or have its folder on your PATH"))];
    }
}
