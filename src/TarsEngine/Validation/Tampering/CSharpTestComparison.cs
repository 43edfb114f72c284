using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>What became of the tests of all changed files together, so that a test that only moved isn't taken for a removed one.</summary>
internal sealed class CSharpTestComparison
{
    private const int MostNamed = 10;
    private readonly List<Finding> findings = [];
    private readonly List<CSharpTest> edited = [];

    /// <summary>Tests and asserting helpers of the base that the change edited or removed, with their new form; null for a removed one.</summary>
    public List<(CSharpTest Before, CSharpTest? After)> Touched { get; } = [];

    public IReadOnlyList<Finding> Findings => findings;

    public static CSharpTestComparison Compare(IReadOnlyList<CSharpTest> before, IReadOnlyList<CSharpTest> after)
    {
        var comparison = new CSharpTestComparison();
        comparison.Pair(before, after);
        return comparison;
    }

    private void Pair(IReadOnlyList<CSharpTest> before, IReadOnlyList<CSharpTest> after)
    {
        var left = new UnpairedTests(after);
        var missing = new List<CSharpTest>();
        foreach (var old in before)
        {
            if (left.TakeSame(old) is { } same) Compare(old, same);
            else missing.Add(old);
        }
        foreach (var old in missing)
        {
            // Under another name or in another class.
            if (left.TakeMoved(old) is { } moved)
            {
                Compare(old, moved);
                continue;
            }
            Touched.Add((old, null));
            if (old.IsTest) Add("tests/removed", $"The test {old.Name} is gone.", old, old.Path, null);
        }
        if (edited.Count == 0) return;
        var names = string.Join(", ", edited.Take(MostNamed).Select(t => t.Name)) + (edited.Count > MostNamed ? $" and {edited.Count - MostNamed} more" : "");
        findings.Add(new(Severity.Info, "tests/edited", $"Tests or helpers of tests that were there before are edited: {names}.", edited[0].Path, edited[0].Line));
    }

    private void Compare(CSharpTest old, CSharpTest now)
    {
        if (old.Whole == now.Whole && old.IsFound == now.IsFound && old.Skips == now.Skips && old.Retries == now.Retries) return;
        Touched.Add((old, now));
        edited.Add(now);
        if (old.IsTest && !now.IsTest) Add("tests/removed", $"{old.Name} is no test any more: its attribute is gone.", now, now.Path, now.Line);
        else if (old is { IsTest: true, IsFound: true } && !now.IsFound) Add("tests/removed", $"The test {old.Name} or its class is no longer public: runners don't find it.", now, now.Path, now.Line);
        if (now.Skips.Length > 0 && old.Skips != now.Skips) Add("tests/skipped", $"The test {old.Name} is skipped now: {now.Skips}.", now, now.Path, now.Line);
        if (now.Retries && !old.Retries) Add("tests/weakened", $"The test {old.Name} may now fail and be tried again.", now, now.Path, now.Line);
        if (now.Cases < old.Cases) Add("tests/weakened", $"The test {old.Name} has {now.Cases} rows of data, and had {old.Cases}.", now, now.Path, now.Line);
        CompareAsserts(old, now);
    }

    private void CompareAsserts(CSharpTest old, CSharpTest now)
    {
        var (was, its) = (old.Asserts, now.Asserts);
        var name = (old.IsTest ? "The test " : "The helper ") + old.Name;
        var idle = its.Idle > was.Idle ? $" {its.Idle - was.Idle} can't fail: always true, never reached, not awaited, or the failure is caught." : "";
        if (its.Count == 0 && was.Count > 0) Add("tests/emptied", $"{name} asserts nothing any more; it had {Assertions(was.Count)}.{idle}", now, now.Path, now.Line);
        else if (its.Count < was.Count) Add("tests/weakened", $"{name} has {Assertions(its.Count)}, and had {was.Count}.{idle}", now, now.Path, now.Line);
        else if (its.Strength < was.Strength && its.Count == was.Count) Add("tests/weakened", $"{name} asks less than before: weaker assertions stand where stronger ones stood.{idle}", now, now.Path, now.Line);
        else if (its.Unconditional < was.Unconditional) Add("tests/weakened", $"{name} asserts only under a condition what it always asserted before.{idle}", now, now.Path, now.Line);
        else if (was.Count == 0 && old.IsTest && IsEmpty(now.Body) && !IsEmpty(old.Body)) Add("tests/emptied", $"{name} does nothing any more.", now, now.Path, now.Line);
    }

    private static bool IsEmpty(string body) => body is "{ }" or "{ return ; }" or "";

    private static string Assertions(int count) => count == 1 ? "1 assertion" : $"{count} assertions";

    private void Add(string rule, string message, CSharpTest form, RepositoryPath path, int? line) =>
        findings.Add(new(Severity.Hold, rule, message, path, line, "A person must see why; put it back if it was not meant.", Excerpt: FirstLines(form.Source)));

    private static string FirstLines(string source) => string.Join('\n', source.ReplaceLineEndings("\n").Split('\n').Take(3));
}
