using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>What a rule says that it means, tried on it when it is loaded: 'examples: {match: […], not: […]}'.</summary>
internal static class Examples
{
    /// <param name="matches">Whether the rule speaks of a text; null when that can't be said, and is among the problems.</param>
    public static void Check(MapReader rule, bool check, Func<string, DocumentNode, bool?> matches) => Check(
        rule, check, (map, key) => map.OptionalList(key) ?? [],
        node => DocumentValue.Text(node, "an example", rule.Problems) is { } text ? matches(text, node) : null);

    /// <param name="matches">For rules on commands: an example is a list of words, or a line that spaces part.</param>
    public static void Check(MapReader rule, bool check, Func<IReadOnlyList<string>, DocumentNode, bool> matches) => Check(
        rule, check, (map, key) => map.OptionalList(key) ?? [],
        node => Words(node, rule.Problems) is { Count: > 0 } words ? matches(words, node) : null);

    private static void Check(MapReader rule, bool check, Func<MapReader, string, IReadOnlyList<DocumentNode>> list, Func<DocumentNode, bool?> matches)
    {
        if (rule.OptionalMap("examples") is not { } examples) return;
        foreach (var (key, expected) in (ReadOnlySpan<(string, bool)>)[("match", true), ("not", false)])
        {
            foreach (var node in list(examples, key))
            {
                if (!check || matches(node) is not { } matched || matched == expected) continue;
                var shown = node is ScalarNode scalar ? ByteText.Display(scalar.Text) : string.Join(' ', Words(node, rule.Problems) ?? []);
                rule.Problems.Add(node, expected
                    ? $"The example '{shown}' should match this rule, and does not. Mend the rule, or the example."
                    : $"The example '{shown}' should not match this rule, and does. Mend the rule, or the example.");
            }
        }
        examples.Done();
    }

    private static IReadOnlyList<string>? Words(DocumentNode node, DocumentProblems problems) => node switch
    {
        ListNode list => [.. list.Items.Select(item => DocumentValue.Text(item, "a word of an example", problems)).OfType<string>()],
        _ => DocumentValue.Text(node, "an example", problems)?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };
}
