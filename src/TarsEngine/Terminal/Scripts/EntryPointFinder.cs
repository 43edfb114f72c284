using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine.Files;
using TarsEngine.Terminal.Dependencies;

namespace TarsEngine.Terminal.Scripts;

/// <summary>
/// Finds where a script begins. The surest sign decides: what a manifest says, then a name that means 'begin here', then a mark
/// in the text, then being the only one. Two of the same weight are not guessed between.
/// </summary>
/// <param name="text">Reads a file.</param>
internal sealed class EntryPointFinder(IReadOnlyList<RepositoryPath> files, Func<RepositoryPath, string> text, ScriptLanguage? wanted)
{
    private const string GiveTheFile = "Give the file itself that is to run, or choose with --language csharp, python, javascript or shell.";

    /// <summary>The entry point, or why there is none.</summary>
    public (EntryPoint? Found, ScriptRefused? Refused) Find()
    {
        if (files.Count == 1 && files[0].Parent is null) return Single(files[0]);
        foreach (var folder in (string?[])[null, "src"])
        {
            var here = files.Where(path => path.Parent?.Value == folder).ToList();
            var scripts = here.Select(path => (Path: path, Language: ScriptLanguages.Of(path, text)))
                .Where(one => one.Language is { } language && (wanted is null || language == wanted)).Select(one => (one.Path, Language: one.Language!.Value)).ToList();
            foreach (var sign in (Func<IEnumerable<EntryPoint>>[])[() => Manifests(here), () => Named(scripts), () => Marked(scripts), () => Only(scripts)])
            {
                var found = sign().ToList();
                if (found.Count == 1) return (found[0], null);
                if (found.Count > 1)
                    return (null, new($"Several files could be where the script begins: {string.Join(", ", found.Select(one => $"'{one.Path}' ({one.Why})"))}.", GiveTheFile));
            }
        }
        return (null, Nothing());
    }

    private (EntryPoint? Found, ScriptRefused? Refused) Single(RepositoryPath path) =>
        (wanted ?? ScriptLanguages.Of(path, text)) is { } language
            ? (Entry(language, path, "the file given"), null)
            : (null, new($"The language of '{path}' can't be told from its name or its first line.", "Say it with --language csharp, python, javascript or shell."));

    private EntryPoint Entry(ScriptLanguage language, RepositoryPath path, string why) =>
        new(language, path, why, language == ScriptLanguage.Shell ? ScriptLanguages.Interpreter(text(path)) : null);

    private IEnumerable<EntryPoint> Manifests(List<RepositoryPath> here)
    {
        var package = here.Where(path => path.Name == "package.json").Select(path => (RepositoryPath?)path).FirstOrDefault();
        if (package is { } described && (wanted is null or ScriptLanguage.JavaScript) && OfPackage(described) is { } main) yield return main;
        var projects = here.Where(path => path.Name.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase)).ToList();
        if (wanted is null or ScriptLanguage.CSharp)
        {
            foreach (var project in projects) yield return new(ScriptLanguage.CSharp, project, "a C# project");
        }
    }

    /// <summary>'bin' is what is meant to be run; 'main' is what is loaded when there is no 'bin'.</summary>
    private EntryPoint? OfPackage(RepositoryPath package)
    {
        try
        {
            using var document = JsonDocument.Parse(text(package));
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (var key in (string[])["bin", "main"])
            {
                if (!document.RootElement.TryGetProperty(key, out var value)) continue;
                if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().ToList() is [var only]) value = only.Value;
                if (value.ValueKind == JsonValueKind.String && Beside(package, value.GetString()!) is { } path) return Entry(ScriptLanguage.JavaScript, path, $"'{key}' of package.json");
            }
        }
        catch (JsonException)
        {
            // Broken: it says nothing, and the other signs decide.
        }
        return null;
    }

    private RepositoryPath? Beside(RepositoryPath package, string name)
    {
        if (name.StartsWith("./", StringComparison.Ordinal)) name = name[2..];
        foreach (var candidate in (string[])[name, name + ".js", name + "/index.js"])
        {
            if (RepositoryPath.TryParse(package.Parent is { } folder ? $"{folder}/{candidate}" : candidate, out var path, out _) && files.Contains(path)) return path;
        }
        return null;
    }

    private IEnumerable<EntryPoint> Named(List<(RepositoryPath Path, ScriptLanguage Language)> scripts)
    {
        foreach (var (path, language) in scripts)
        {
            var means = language switch
            {
                ScriptLanguage.Python => path.Name is "__main__.py" or "main.py",
                ScriptLanguage.JavaScript => Path.GetFileNameWithoutExtension(path.Name) is "index" or "main",
                ScriptLanguage.CSharp => path.Name is "Program.cs" or "main.cs" or "Main.cs",
                _ => Path.GetFileNameWithoutExtension(path.Name) is "main" or "run",
            };
            if (means) yield return Entry(language, path, "its name");
        }
    }

    private IEnumerable<EntryPoint> Marked(List<(RepositoryPath Path, ScriptLanguage Language)> scripts)
    {
        foreach (var (path, language) in scripts)
        {
            var content = text(path);
            var why = ScriptLanguages.Interpreter(content) is not null ? "its '#!' line"
                : language == ScriptLanguage.Python && IsMain(content) ? "'if __name__ == \"__main__\"'"
                : language == ScriptLanguage.CSharp && Begins(content) ? "top-level statements or a Main method"
                : null;
            if (why is not null) yield return Entry(language, path, why);
        }
    }

    private IEnumerable<EntryPoint> Only(List<(RepositoryPath Path, ScriptLanguage Language)> scripts) =>
        scripts.Count == 1 ? [Entry(scripts[0].Language, scripts[0].Path, "the only script")] : scripts.Select(one => Entry(one.Language, one.Path, "a script like the others"));

    private static bool IsMain(string python) => python.Split('\n').Any(line =>
        line.StartsWith("if __name__", StringComparison.Ordinal) && line.Contains("__main__", StringComparison.Ordinal));

    private static bool Begins(string csharp)
    {
        var root = CSharpSyntaxTree.ParseText(csharp, new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot();
        return root.Members.OfType<GlobalStatementSyntax>().Any()
            || root.DescendantNodes(node => node is not BlockSyntax).OfType<MethodDeclarationSyntax>().Any(method => method.Identifier.Text == "Main" && method.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.StaticKeyword)));
    }

    private ScriptRefused Nothing()
    {
        var kinds = ProjectDetector.Find(files).Select(project => project.Kind.ToString().ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        return kinds.Count == 0
            ? new("There is no script to run in the folder: no C#, Python, JavaScript or shell file at its top or in src/.", "Give a script file, or a folder that holds one.")
            : new($"There is no script to run in the folder; it holds a project ({string.Join(", ", kinds)}).", "Run the project's own command, or give the script file that is to run.");
    }
}
