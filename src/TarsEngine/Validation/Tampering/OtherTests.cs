using System.Text.RegularExpressions;
using TarsEngine.Changes;

namespace TarsEngine.Validation.Tampering;

/// <summary>Tests in other languages, at the depth of their text: how many there are, which are skipped, how much they assert.</summary>
internal static partial class OtherTests
{
    private static readonly string[] Sources =
    [
        ".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".go", ".rs", ".java", ".kt", ".scala", ".fs", ".vb", ".rb", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".sh", ".bats", ".exs", ".dart", ".swift", ".php",
    ];

    public static IEnumerable<Finding> Compare(ChangedText text)
    {
        if (!Sources.Contains(Path.GetExtension(text.Path.Name), StringComparer.OrdinalIgnoreCase) || text.Before is null) yield break;
        var (before, after) = (Of(text.Before), Of(text.After ?? ""));
        if (text.After is null && text.Change.After is null)
        {
            if (before.Tests.Count > 0) yield return Hold("tests/removed", $"The file with {Count(before.Tests.Count, "test")} is gone: {Names(before.Tests)}.", text, null);
            yield break;
        }
        if (text.After is null) yield break;
        var gone = before.Tests.Except(after.Tests, StringComparer.Ordinal).ToList();
        if (gone.Count > 0 && after.Tests.Count < before.Tests.Count) yield return Hold("tests/removed", $"{Count(gone.Count, "test")} {(gone.Count == 1 ? "is" : "are")} gone: {Names(gone)}.", text, null);
        else if (gone.Count > 0) yield return Hold("tests/removed", $"{Count(gone.Count, "test")} stand under other names, or are gone: {Names(gone)}.", text, null);
        if (after.Skips > before.Skips) yield return Hold("tests/skipped", "More tests are skipped, or singled out so that the others don't run.", text, Line(Skip(), text));
        if (after.Asserts < before.Asserts) yield return Hold("tests/weakened", $"{Count(after.Asserts, "assertion")}, and {before.Asserts} before.", text, null);
        if (after.Idle > before.Idle) yield return Hold("tests/weakened", "Assertions that can't fail were added.", text, Line(Idle(), text));
        if (after.Exits > before.Exits) yield return Hold("tests/early-exit", "The test process may end before its tests do.", text, Line(Exit(), text));
    }

    private static Finding Hold(string rule, string message, ChangedText text, int? line) => new(Severity.Hold, rule, message, text.Path, line, "A person must see why; put it back if it was not meant.");

    private static Shape Of(string text) => new(
        [.. Test().Matches(text).Select(m => m.Groups["name"].Value.Trim()).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)],
        Skip().Count(text), Assertion().Count(text) - Idle().Count(text), Idle().Count(text), Exit().Count(text));

    private static int? Line(Regex what, ChangedText text)
    {
        var known = (text.Before ?? "").Split('\n').Select(l => l.Trim()).ToHashSet(StringComparer.Ordinal);
        var lines = text.After!.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!known.Contains(lines[i].Trim()) && what.IsMatch(lines[i])) return i + 1;
        }
        return null;
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Take(10)) + (names.Count > 10 ? $" and {names.Count - 10} more" : "");

    private sealed record Shape(IReadOnlyList<string> Tests, int Skips, int Asserts, int Idle, int Exits);

    [GeneratedRegex("""(?m)^[ \t]*((async )?def (?<name>test\w*)|func (?<name>Test\w+|Benchmark\w+|Fuzz\w+)|(it|test|specify)(\.each\([^\n]*\))?\(\s*["'`](?<name>[^"'`\n]+)|(describe)\(\s*["'`](?<name>[^"'`\n]+)|class (?<name>Test\w*)|@Test[^\n]*\n[^(\n]*\b(?<name>\w+)\(|#\[(\w+::)?test\]\s*(pub )?(async )?fn (?<name>\w+)|TEST(_F|_P)?\((?<name>[^)\n]+)\)|add_test\(\s*(NAME )?(?<name>[\w.-]+)|\[<(Fact|Test|Theory|Property)>\][^\n]*\n?\s*(let|member)[^`\n]*(?<name>``[^`\n]+``|\w+)|@test ["'](?<name>[^"'\n]+))""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Test();

    [GeneratedRegex("""(@pytest\.mark\.(skip|skipif|xfail)|@?unittest\.(skip|expectedFailure)|pytest\.skip\(|self\.skipTest\(|importorskip\(|\b(it|test|describe|suite|bench)\.(skip|todo|only|fails|skipIf|runIf|failing)\b|\b(xit|xdescribe|xtest|fit|fdescribe)\(|\bskip: ?true|\bt\.Skip(f|Now)?\(|testing\.Short\(\)|#\[ignore|@(Ignore|Disabled|Flaky|Retry)\b|assumeTrue\(|assumeFalse\(|GTEST_SKIP|\bDISABLED_\w|flaky\(|retry:)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Skip();

    [GeneratedRegex("""((?m)^[ \t]*assert\b|\bself\.assert\w*\(|\bself\.fail\(|pytest\.raises|\bexpect(\.\w+)?\(|\bassert(\.\w+)*\(|\bassert\w*!?\(|\brequire\.\w+\(|\bt\.(Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|\b(EXPECT|ASSERT)_\w+\(|\bpanic!\(|should_panic|\.should\b|\bAssert\.\w+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Assertion();

    [GeneratedRegex("""((?m)^[ \t]*assert (True|1|not False|1 == 1|"[^"\n]*"|'[^'\n]*')\s*(,|#|$)|self\.assertTrue\(True|self\.assertEqual\((1, 1|True, True)\)|expect\((true|1)\)\.(toBe|toEqual|toBeTruthy|to\.be)|assert(\.ok|\.equal)?\((true|1, 1|true, true)\)|assert!\(true\)|assert_eq!\((1, 1|true, true)\)|assertTrue\(true\)|assertEquals\(1, 1\)|(EXPECT|ASSERT)_TRUE\((true|1)\)|expect\.anything\(\))""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Idle();

    [GeneratedRegex("""(\bos\._exit\(|\bsys\.exit\(|\bpytest\.exit\(|\bprocess\.(exit|reallyExit|abort|kill)\(|\bos\.Exit\(|process::exit\(|System\.exit\(|\bexitProcess\(|Runtime\.getRuntime\(\)\.halt|\b_exit\(|\bquick_exit\(|os\.kill\(os\.getpid|\batexit\b|process\.exitCode)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Exit();
}
