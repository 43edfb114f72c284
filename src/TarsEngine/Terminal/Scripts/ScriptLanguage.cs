using TarsEngine.Files;

namespace TarsEngine.Terminal.Scripts;

public enum ScriptLanguage
{
    CSharp,
    Python,
    JavaScript,
    Shell,
}

/// <summary>Which language a file is written in, by its name and its first line.</summary>
internal static class ScriptLanguages
{
    public static ScriptLanguage? Of(RepositoryPath path, Func<RepositoryPath, string> text) => Path.GetExtension(path.Name).ToLowerInvariant() switch
    {
        ".cs" => ScriptLanguage.CSharp,
        ".py" => ScriptLanguage.Python,
        ".js" or ".mjs" or ".cjs" => ScriptLanguage.JavaScript,
        ".sh" or ".bash" => ScriptLanguage.Shell,
        "" => OfInterpreter(Interpreter(text(path))),
        _ => null,
    };

    /// <summary>The program that a '#!' line names, without its folder: 'python3', 'bash'; null without such a line.</summary>
    public static string? Interpreter(string text)
    {
        if (!text.StartsWith("#!", StringComparison.Ordinal)) return null;
        var words = text[2..].Split('\n', 2)[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var program = words.Select(Path.GetFileName).FirstOrDefault(word => word is not ("env" or "-S"));
        return string.IsNullOrEmpty(program) ? null : program;
    }

    private static ScriptLanguage? OfInterpreter(string? program) => program switch
    {
        null => null,
        "node" or "nodejs" => ScriptLanguage.JavaScript,
        "dotnet" => ScriptLanguage.CSharp,
        "sh" or "bash" or "dash" or "ash" or "ksh" or "zsh" => ScriptLanguage.Shell,
        _ when program.StartsWith("python", StringComparison.Ordinal) => ScriptLanguage.Python,
        _ => null,
    };
}
