namespace TarsEngine.Validation.Tampering;

/// <summary>Tests of the changed files that no test of the base was found to be yet; each is taken once.</summary>
internal sealed class UnpairedTests(IReadOnlyList<CSharpTest> tests)
{
    private readonly HashSet<CSharpTest> taken = new(ReferenceEqualityComparer.Instance);
    private readonly ILookup<(string, string), CSharpTest> byKeyAndPath = tests.ToLookup(t => (t.Key, t.Path.Value));
    private readonly ILookup<string, CSharpTest> byKey = tests.ToLookup(t => t.Key, StringComparer.Ordinal);
    private readonly ILookup<(string, string), CSharpTest> byNameAndPath = tests.ToLookup(t => (t.Name, t.Path.Value));
    private readonly ILookup<string, CSharpTest> byBody = tests.Where(t => t.Body.Length > 0).ToLookup(t => t.Body, StringComparer.Ordinal);
    private readonly ILookup<string, CSharpTest> byMethod = tests.ToLookup(Method, StringComparer.Ordinal);

    /// <summary>The one of the same class and name.</summary>
    public CSharpTest? TakeSame(CSharpTest old) =>
        Take(byKeyAndPath[(old.Key, old.Path.Value)]) ?? Take(byKey[old.Key]) ?? Take(byNameAndPath[(old.Name, old.Path.Value)]);

    /// <summary>The one that does the same, or has the same name in another class.</summary>
    public CSharpTest? TakeMoved(CSharpTest old) => Take(byBody[old.Body]) ?? Take(byMethod[Method(old)]);

    // Only the first few: a change with a thousand alike is made to take time.
    private CSharpTest? Take(IEnumerable<CSharpTest> candidates) => candidates.Take(50).FirstOrDefault(taken.Add);

    private static string Method(CSharpTest test) => test.Name[(test.Name.LastIndexOf('.') + 1)..];
}
