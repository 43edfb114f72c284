using System.Text;

namespace TarsEngine.Validation.Syntax;

/// <summary>Markdown: the YAML between '---' at its beginning, which site generators read; the rest is plain text.</summary>
internal sealed class FrontMatterParser : ISyntaxParser
{
    private readonly YamlParser yaml = new();

    public string Language => "front-matter";

    public IReadOnlyList<SyntaxProblem> Parse(string fileName, byte[] bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        if (lines[0].TrimEnd() != "---") return [];
        var end = Array.FindIndex(lines, 1, line => line.TrimEnd() is "---" or "...");
        // Without an end it is a rule across the page. A key in the second line says that front matter is meant.
        if (end < 0 || lines.Length < 2 || !lines[1].Contains(':', StringComparison.Ordinal)) return [];
        var matter = string.Join('\n', lines[1..end]) + "\n";
        return [.. yaml.Parse(fileName, Encoding.UTF8.GetBytes(matter)).Select(problem => problem with { Line = problem.Line + 1 })];
    }
}
