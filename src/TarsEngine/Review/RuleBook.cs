using System.Text.RegularExpressions;

namespace TarsEngine.Review;

/// <summary>What a rule of findings means, and how to go on.</summary>
/// <param name="Id">'syntax/csharp'; '*' stands for what a tool calls it.</param>
public sealed record FindingRule(string Id, string Meaning, string Remedy);

/// <summary>The rules as docs/findings.md explains them, which lies in this assembly.</summary>
public static partial class RuleBook
{
    private static readonly Lazy<Dictionary<string, FindingRule>> Rules = new(() => Read().ToDictionary(rule => rule.Id, StringComparer.Ordinal));

    public static IReadOnlyCollection<FindingRule> All => Rules.Value.Values;

    /// <summary>Null for a rule that has no row.</summary>
    public static FindingRule? Of(string id) =>
        Rules.Value.GetValueOrDefault(id) ?? (id.IndexOf('/', StringComparison.Ordinal) is > 0 and var at && Rules.Value.GetValueOrDefault(id[..at] + "/*") is { } family ? family with { Id = id } : null);

    private static IEnumerable<FindingRule> Read()
    {
        using var page = new StreamReader(typeof(RuleBook).Assembly.GetManifestResourceStream("findings.md")!);
        while (page.ReadLine() is { } line)
        {
            if (!line.StartsWith("| `", StringComparison.Ordinal) || line.Split('|') is not [_, var ids, var meaning, var remedy, _]) continue;
            foreach (Match id in Quoted().Matches(ids)) yield return new(id.Groups["text"].Value, Plain(meaning), Plain(remedy));
        }
    }

    private static string Plain(string cell) => Links().Replace(cell.Trim(), "${text}").Replace('`', '\'');

    [GeneratedRegex(@"`(?<text>[^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]+\)", RegexOptions.NonBacktracking)]
    private static partial Regex Links();
}
