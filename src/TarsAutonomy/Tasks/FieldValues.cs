using System.Globalization;
using System.Text.RegularExpressions;

namespace TarsAutonomy.Tasks;

/// <summary>What people write behind a field's name. What could mean two things is not guessed: it reads as nothing.</summary>
internal static partial class FieldValues
{
    private static readonly string[] NoMarks = ["❌", "✗", "✘", "⏳", "⌛", "⚠", "🚫", "🛑", "❓", "☐"];
    private static readonly string[] YesMarks = ["✅", "✔", "✓", "☑", "🟢"];
    private static readonly string[] NoWords = ["no", "not", "none", "nothing", "needs", "need", "needed", "todo", "tbd", "missing", "pending", "later", "undefined", "without", "never", "false", "partly", "partially", "unclear"];
    private static readonly string[] YesWords = ["yes", "y", "true", "defined", "exist", "exists", "existing", "ready"];

    /// <summary>'95/100', '95', '95%', '~95', '95 out of 100'; null for anything else, and for what is no score out of 100.</summary>
    public static int? Score(string value) => Number(ScorePattern(), value) is { } score and <= 100 ? score : null;

    /// <summary>'10', '~10', '10 lines', '≤ 30', '10-15' (the larger counts); null for anything else.</summary>
    public static int? Lines(string value) => Number(LinesPattern(), value);

    /// <summary>A mark or a word that says yes, and none that says no. What stands in parentheses is a note.</summary>
    public static TestsDefined? Tests(string value)
    {
        var said = Notes().Replace(value, " ");
        var words = PlanMarkup.Words(said).Split(' ');
        if (NoMarks.Any(mark => said.Contains(mark, StringComparison.Ordinal)) || words.Any(NoWords.Contains)) return TestsDefined.No;
        var isYes = YesMarks.Any(mark => said.Contains(mark, StringComparison.Ordinal)) || words.Any(YesWords.Contains) || said.Split(' ').Any(NamesTests);
        return isYes ? TestsDefined.Yes : null;
    }

    /// <summary>True where a safety check asks for a person: by a mark, or in words.</summary>
    public static bool NeedsReview(string value)
    {
        var words = " " + PlanMarkup.Words(value) + " ";
        return NoMarks.Any(mark => value.Contains(mark, StringComparison.Ordinal)) || NeedsPerson().IsMatch(words);
    }

    /// <summary>True for what begins with a day, as an approval by a person does: '2025-10-30 09:12 by Ann'.</summary>
    public static bool HasDay(string value) => Day().IsMatch(value);

    /// <summary>The words that a status begins with, in capitals: 'DONE' of '✅ Done (2025-10-30 02:15)'.</summary>
    public static string? Status(string value)
    {
        var start = 0;
        while (start < value.Length && !char.IsLetter(value[start])) start++;
        var end = start;
        while (end < value.Length && (char.IsLetter(value[end]) || value[end] is ' ' or '_' || (value[end] == '-' && end + 1 < value.Length && char.IsLetter(value[end + 1])))) end++;
        var status = PlanMarkup.Words(value[start..end]).ToUpperInvariant();
        return status switch
        {
            "" => null,
            "COMPLETE" or "COMPLETED" or "FINISHED" => PlannedTask.Done,
            _ => status,
        };
    }

    // 'tests/unit/test_models.py' says that there are some.
    private static bool NamesTests(string word) => word.AsSpan().ContainsAny('/', '.')
        && (word.Contains("test", StringComparison.OrdinalIgnoreCase) || word.Contains("spec", StringComparison.OrdinalIgnoreCase));

    private static int? Number(Regex pattern, string value)
    {
        if (pattern.Match(value) is not { Success: true } match) return null;
        var number = int.Parse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return match.Groups["upper"].Length == 0 ? number : Math.Max(number, int.Parse(match.Groups["upper"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^\W*[0-9]{4}-[0-9]{2}-[0-9]{2}\b", RegexOptions.NonBacktracking)]
    private static partial Regex Day();

    // Around the number only marks, and behind it a note in parentheses: '✅ 95/100 (high)'.
    [GeneratedRegex(@"^[\s~≈*_\p{So}\p{Cs}\uFE0F]*(?<number>[0-9]{1,9})\s*(?<upper>)(/\s*100|%|out of 100|points?|)[\s*_.\p{So}\p{Cs}\uFE0F]*(\([^()]*\))?[\s*_.\p{So}\p{Cs}\uFE0F]*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex ScorePattern();

    [GeneratedRegex(@"^[\s~≈<≤=*_\p{So}\p{Cs}\uFE0F]*(about |around |approx\.? |approximately |ca\.? |max\.? |up to |at most |under )?[~≈]?(?<number>[0-9]{1,9})\s*((-|–|—|to|\.\.)\s*(?<upper>[0-9]{1,9}))?\s*(lines?( of code)?|loc)?[\s*_.\p{So}\p{Cs}\uFE0F]*(\([^()]*\))?[\s*_.\p{So}\p{Cs}\uFE0F]*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex LinesPattern();

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Notes();

    [GeneratedRegex(@" ((needs?|requires?|wants?|awaits?|pending|must|should) (a |an |human |manual |be |security )*(review|reviewed|approval|approved|look|person)|unsafe|not safe|dangerous|risky|blocked) ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NeedsPerson();
}
