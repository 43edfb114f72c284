using System.Text;

namespace TarsAutonomy.Constraints;

/// <summary>
/// Finds words in a text as people mean them: whole words, in plural too, 'PaymentService' being two of them. In a phrase the first word may be
/// conjugated and articles may stand between: 'delete file' is in 'Deleting all the files', and not in 'Show deleted files'.
/// </summary>
internal sealed class WordSearch
{
    private const int MostBetween = 3;

    private static readonly HashSet<string> Between = new(StringComparer.Ordinal)
    {
        "the", "a", "an", "this", "that", "these", "those", "any", "all", "some", "its", "their", "our", "my", "of", "new", "old", "more", "few", "several", "every", "each", "unused", "obsolete", "existing",
    };

    private readonly IReadOnlyList<string> words;

    public WordSearch(string text) => words = Split(text);

    public bool Has(string phrase)
    {
        var wanted = Split(phrase);
        if (wanted.Count == 0) return false;
        for (var start = 0; start < words.Count; start++)
        {
            if (wanted.Count == 1 ? IsNoun(words[start], wanted[0]) : IsVerb(words[start], wanted[0]) && Follows(start, wanted)) return true;
        }
        return false;
    }

    /// <summary>Small letters; 'UserAuth' and 'user_auth' are two words each.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!char.IsLetterOrDigit(c) || (char.IsUpper(c) && word.Length > 0 && (char.IsLower(text[i - 1]) || (i + 1 < text.Length && char.IsLower(text[i + 1]))))) End();
            if (char.IsLetterOrDigit(c)) word.Append(char.ToLowerInvariant(c));
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    private bool Follows(int start, IReadOnlyList<string> wanted)
    {
        var at = start + 1;
        foreach (var next in wanted.Skip(1))
        {
            var between = 0;
            while (at < words.Count && between < MostBetween && !IsNoun(words[at], next) && Between.Contains(words[at])) (at, between) = (at + 1, between + 1);
            if (at >= words.Count || !IsNoun(words[at], next)) return false;
            at++;
        }
        return true;
    }

    private static bool IsNoun(string word, string noun) =>
        word == noun || word == noun + "s" || word == noun + "es" || (noun.EndsWith('y') && word == noun[..^1] + "ies");

    private static bool IsVerb(string word, string verb) => IsNoun(word, verb) || word == verb + "ing" || word == verb + verb[^1] + "ing"
        || (verb.EndsWith('e') && word == verb[..^1] + "ing");
}
