using System.Text;
using System.Text.RegularExpressions;
using TarsEngine.Files;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Quality;

/// <summary>What the '.editorconfig' files above a path say about it.</summary>
internal sealed class EditorConfig(TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content)
{
    private const int MostSections = 500;
    private const int MostGlob = 500;

    private readonly Dictionary<RepositoryPath, Sheet?> sheets = [];

    /// <summary>Keys and values in lower case; the nearest file and its last section win, a 'root' ends the search.</summary>
    public IReadOnlyDictionary<string, string> For(RepositoryPath path)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in path.Ancestors().OrderByDescending(f => f.Value.Length).Select(f => f.Value + "/").Append(""))
        {
            if (SheetOf(RepositoryPath.Parse(folder + ".editorconfig")) is not { } sheet) continue;
            var relative = path.Value[folder.Length..];
            // The last word of this file counts, and only where no nearer file has spoken.
            foreach (var section in sheet.Sections.Reverse().Where(s => s.Applies(relative)))
            {
                foreach (var (key, value) in section.Values) settings.TryAdd(key, value);
            }
            if (sheet.IsRoot) break;
        }
        return settings;
    }

    private Sheet? SheetOf(RepositoryPath path)
    {
        if (sheets.TryGetValue(path, out var known)) return known;
        return sheets[path] = ChangedText.Text(path, tree[path], content) is { } text ? Sheet.Read(text) : null;
    }

    private sealed record Section(Regex Glob, Dictionary<string, string> Values)
    {
        public bool Applies(string path) => Glob.IsMatch(path);
    }

    private sealed record Sheet(bool IsRoot, IReadOnlyList<Section> Sections)
    {
        public static Sheet Read(string text)
        {
            var (isRoot, sections) = (false, new List<Section>());
            foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';')))
            {
                if (line[0] == '[' && line[^1] == ']' && line.Length is > 2 and <= MostGlob && sections.Count < MostSections) sections.Add(new(Pattern(line[1..^1]), new(StringComparer.Ordinal)));
                else if (line.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
                {
                    var (key, value) = (line[..at].Trim().ToLowerInvariant(), line[(at + 1)..].Trim().ToLowerInvariant());
                    if (sections.Count == 0) isRoot |= key == "root" && value == "true";
                    else sections[^1].Values[key] = value;
                }
            }
            return new(isRoot, sections);
        }

        // Without '/' a glob means a name at any depth.
        private static Regex Pattern(string glob)
        {
            var text = new StringBuilder(glob.TrimStart('/').Contains('/', StringComparison.Ordinal) || glob[0] == '/' ? "^" : "^(.*/)?");
            glob = glob.TrimStart('/');
            var braces = 0;
            for (var i = 0; i < glob.Length; i++)
            {
                var c = glob[i];
                if (c == '*' && i + 1 < glob.Length && glob[i + 1] == '*')
                {
                    text.Append(".*");
                    i++;
                }
                else if (c == '*') text.Append("[^/]*");
                else if (c == '?') text.Append("[^/]");
                else if (c == '{' && glob.IndexOf('}', i) > 0) { text.Append("(?:"); braces++; }
                else if (c == '}' && braces > 0) { text.Append(')'); braces--; }
                else if (c == ',' && braces > 0) text.Append('|');
                else text.Append(Regex.Escape(c.ToString()));
            }
            for (; braces > 0; braces--) text.Append(')');
            return new(text.Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
    }
}
