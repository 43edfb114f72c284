using TarsEngine.Terminal.Dependencies;

namespace TarsEngine.Terminal.Scripts;

/// <summary>The command that runs a script of each language.</summary>
internal static class ScriptCommand
{
    public static (IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment) Of(EntryPoint entry, IReadOnlyList<string> arguments, DependencyInstalled? installed)
    {
        // './' keeps a name that begins with a dash from being an option.
        var file = "./" + entry.Path.Value;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] command;
        switch (entry.Language)
        {
            case ScriptLanguage.Python:
                command = ["python3", file];
                // Else nothing is seen until a buffer is full.
                environment["PYTHONUNBUFFERED"] = "1";
                environment["PYTHONDONTWRITEBYTECODE"] = "1";
                break;
            case ScriptLanguage.JavaScript:
                command = ["node", file];
                break;
            case ScriptLanguage.Shell:
                command = [entry.Interpreter ?? (entry.Path.Name.EndsWith(".bash", StringComparison.Ordinal) ? "bash" : "sh"), file];
                break;
            case ScriptLanguage.CSharp:
                // A file is published ahead of time by default, and restoring it then asks for packages of the native compiler.
                command = ["dotnet", "run", "-p:PublishAot=false", entry.IsProject ? "--project" : "--file", file, "--"];
                environment["DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK"] = "1";
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(entry), entry.Language, "No such language.");
        }
        foreach (var (name, value) in installed?.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) environment[name] = value;
        return ([.. command, .. arguments], environment);
    }
}
