using TarsEngine.Sandbox;

namespace TarsEngine.Validation.Runners;

/// <summary>What both runners for Python look at.</summary>
internal static class PythonTests
{
    /// <summary>The project's files with tests, by the names that both runners go by.</summary>
    public static IReadOnlyList<string> In(ProjectTree project) =>
        [.. project.Files.Where(file => Path.GetFileName(file) is var name && name.EndsWith(".py", StringComparison.Ordinal) && (name.StartsWith("test", StringComparison.Ordinal) || name.EndsWith("_test.py", StringComparison.Ordinal)))];

    /// <summary>The text of a program that comes with us.</summary>
    public static string Program(string name)
    {
        using var text = new StreamReader(typeof(PythonTests).Assembly.GetManifestResourceStream(name)!);
        return text.ReadToEnd();
    }

    /// <summary>A package below 'src' is found without being installed.</summary>
    public static IReadOnlyDictionary<string, string> Variables(ProjectTree project)
    {
        var root = project.Folder.Length == 0 ? SandboxLayout.Codebase : $"{SandboxLayout.Codebase}/{project.Folder}";
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONPATH"] = project.HasFolder("src") ? $"{root}/src:{root}" : root,
        };
    }
}
