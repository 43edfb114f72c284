using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>
/// What a change did to whatever judges it: tests, the settings of runners and builds, analyzers, and the server's checks.
/// By text alone and before anything is run; what is held here waits for a person and is never refused for it.
/// </summary>
internal sealed class TamperingValidator(Func<RepositoryPath, FileState, byte[]> content)
{
    private const int MostPerRule = 20;

    public TamperingResult Validate(TreeSnapshot tree, ChangeSet changes) => CSharpCode.OnLargeStack(() => Read(tree, changes));

    private TamperingResult Read(TreeSnapshot tree, ChangeSet changes)
    {
        var tests = TestCode.In(content, tree, changes.ApplyTo(tree));
        var texts = changes.Where(c => c.Before?.Hash != c.After?.Hash).Select(c => ChangedText.Read(c, content)).ToList();
        var findings = new List<Finding>();
        var comparison = CompareCSharp(texts.Where(t => TestCode.IsCSharp(t.Path)), tests, findings);
        findings.AddRange(comparison.Findings);
        foreach (var text in texts)
        {
            if (TestCode.HasTestName(text.Path) || tests.IsInTestProject(text.Path)) findings.AddRange(OtherTests.Compare(text));
            findings.AddRange(ProjectGates.Compare(text, tests.IsInTestProject(text.Path), texts));
            findings.AddRange(SolutionGates.Compare(text, path => tests.IsInTestProject(path)));
            findings.AddRange(AnalyzerGates.Compare(text));
            findings.AddRange(RunnerSettings.Compare(text));
        }
        return new(Bounded(findings), comparison.Touched, tests);
    }

    private static CSharpTestComparison CompareCSharp(IEnumerable<ChangedText> texts, TestCode tests, List<Finding> findings)
    {
        List<CSharpTest> before = [], after = [];
        foreach (var text in texts)
        {
            var symbols = CSharpCode.Symbols(text.Before);
            IReadOnlyList<CompilationUnitSyntax> old = CSharpCode.Parse(text.Before, symbols), now = CSharpCode.Parse(text.After, symbols);
            var isTest = tests.Is(text.Path, text.Before, text.After);
            if (isTest)
            {
                before.AddRange(CSharpTestReader.Read(text.Path, old));
                after.AddRange(CSharpTestReader.Read(text.Path, now));
            }
            findings.AddRange(Trap.New(Traps(old), Traps(now)).Select(t => Told(t, text.Path, isTest)).OfType<Finding>());
        }
        return CSharpTestComparison.Compare(before, after);
    }

    private static IEnumerable<Trap> Traps(IReadOnlyList<CompilationUnitSyntax> units) => CSharpTraps.Read(units).Concat(CSharpSuppressions.Read(units));

    private static Finding? Told(Trap trap, RepositoryPath path, bool isTest) =>
        (isTest ? trap.InTests : trap.Elsewhere) is { } severity ? new(severity, trap.Rule, trap.Message, path, trap.Line) : null;

    // A thousand tests that went are told as twenty and a number.
    private static List<Finding> Bounded(List<Finding> findings)
    {
        var kept = new List<Finding>();
        foreach (var rule in findings.GroupBy(f => f.Rule, StringComparer.Ordinal))
        {
            kept.AddRange(rule.OrderByDescending(f => f.Severity).Take(MostPerRule));
            if (rule.Count() is var all and > MostPerRule) kept.Add(new(rule.Max(f => f.Severity), rule.Key, $"And {all - MostPerRule} more of this kind."));
        }
        return kept;
    }
}

/// <param name="Touched">Tests and asserting helpers in C# that the change edited or removed, in both forms.</param>
/// <param name="Tests">Which files are tests'.</param>
internal sealed record TamperingResult(IReadOnlyList<Finding> Findings, IReadOnlyList<(CSharpTest Before, CSharpTest? After)> Touched, TestCode Tests);
