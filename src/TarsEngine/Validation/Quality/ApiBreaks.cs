using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Quality;

/// <summary>What a change takes from those who use the codebase's public types, over all changed files together.</summary>
internal sealed class ApiBreaks(TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content)
{
    private const int Most = 20;

    private readonly ILookup<string, RepositoryPath> projects = tree.Entries.Keys.Where(p => p.Name.EndsWith("proj", StringComparison.OrdinalIgnoreCase)).ToLookup(p => p.Parent?.Value ?? "", StringComparer.Ordinal);
    private readonly Dictionary<string, bool> libraries = new(StringComparer.Ordinal);

    public IEnumerable<Finding> Find(IReadOnlyList<ChangedText> texts)
    {
        var sources = texts.Where(t => TestCode.IsCSharp(t.Path) && IsLibrarys(t.Path)).ToList();
        var before = Of(sources, t => t.Before);
        var after = Of(sources, t => t.After);
        var named = after.Values.ToLookup(m => (m.Container, m.Name));
        var breaks = before.Values.Select(old => Break(old, after, named)).Concat(after.Values.Where(m => m.MustBeImplemented && !before.ContainsKey(m.Key) && before.ContainsKey(m.Container))
            .Select(m => Told($"'{Name(m)}' has to be written by everyone who implements or derives from it (kind: new abstract member).", m.Path, m.Line))).OfType<Finding>().ToList();
        return breaks.Count <= Most ? breaks : [.. breaks.Take(Most), new(Severity.Warning, "quality/api-break", $"There are {breaks.Count - Most} more breaks of the public API.")];
    }

    private static Finding? Break(ApiMember old, Dictionary<string, ApiMember> after, ILookup<(string, string), ApiMember> named)
    {
        if (!after.TryGetValue(old.Key, out var now))
        {
            // Those of a type that went are not told one by one.
            if (old.Container.Length > 0 && IsTypeGone(old, after)) return null;
            var others = named[(old.Container, old.Name)].FirstOrDefault();
            return others is null
                ? Told($"'{Name(old)}' is no longer public, or gone (kind: removed).", old.Path, null)
                : Told($"'{Name(old)}' takes other parameters now (kind: signature).", others.Path, others.Line);
        }
        if (now.Shape != old.Shape)
        {
            var kind = now.Shape.Contains("sealed", StringComparison.Ordinal) && !old.Shape.Contains("sealed", StringComparison.Ordinal) ? "sealed"
                : now.Shape.Contains("abstract", StringComparison.Ordinal) && !old.Shape.Contains("abstract", StringComparison.Ordinal) ? "abstract" : "changed";
            // What only gives more breaks nobody: a setter, a type that may be derived from.
            if (kind == "changed" && old.Shape.Split(' ').All(now.Shape.Split(' ').Contains) && !now.Shape.Contains("static", StringComparison.Ordinal)) return null;
            if (kind == "changed" && now.Shape == old.Shape.Replace("sealed ", "", StringComparison.Ordinal).Replace("abstract ", "", StringComparison.Ordinal)) return null;
            return Told($"'{Name(old)}' was '{Shown(old.Shape)}' and is '{Shown(now.Shape)}' (kind: {kind}).", now.Path, now.Line);
        }
        return now.Optional < old.Optional ? Told($"'{Name(old)}' has fewer parameters that may be left out (kind: optional parameter).", now.Path, now.Line) : null;
    }

    private static bool IsTypeGone(ApiMember old, Dictionary<string, ApiMember> after) => !after.ContainsKey(old.Container);

    private static Dictionary<string, ApiMember> Of(IEnumerable<ChangedText> texts, Func<ChangedText, string?> form)
    {
        var members = new Dictionary<string, ApiMember>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var member in ApiSurface.Read(text.Path, form(text), CSharpCode.Symbols(text.Before))) members.TryAdd(member.Key, member);
        }
        return members;
    }

    // A program offers its types to nobody. What no project stands above is looked at.
    private bool IsLibrarys(RepositoryPath path)
    {
        foreach (var folder in path.Ancestors().OrderByDescending(f => f.Value.Length).Select(f => f.Value).Append(""))
        {
            if (!projects[folder].Any()) continue;
            if (!libraries.TryGetValue(folder, out var known)) libraries[folder] = known = !projects[folder].Any(IsProgram);
            return known;
        }
        return true;
    }

    private bool IsProgram(RepositoryPath project) => ProjectElement.Read(ChangedText.Text(project, tree[project], content))
        .Any(e => (e.Name == "OutputType" && e.Value.EndsWith("exe", StringComparison.OrdinalIgnoreCase)) || (e.Name == "Project" && e.Attribute("Sdk")?.Contains(".Web", StringComparison.Ordinal) == true));

    private static string Name(ApiMember member) => Shown(member.Container.Length == 0 ? member.Key : $"{member.Container[(member.Container.LastIndexOf('.') + 1)..]}.{member.Key[(member.Container.Length + 1)..]}");

    private static string Shown(string text) => ByteText.Display(text.Length <= 160 ? text : text[..160] + "…");

    private static Finding Told(string message, RepositoryPath path, int? line) => new(Severity.Warning, "quality/api-break", message, path, line, "Keep the old form beside the new one, or say so in the release.");
}
