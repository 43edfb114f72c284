namespace TarsEngine.Validation.Checks;

/// <summary>The arguments that run some tests of a check. Their names come from a report of code that is not trusted.</summary>
internal static class ChosenTests
{
    // Beyond these, running all of them is no slower, and command lines end.
    private const int Most = 100;
    private const int MostCharacters = 30_000;

    /// <summary>Null where the runner can't choose them, or should not.</summary>
    public static IReadOnlyList<string>? Of(PlannedCheck check, IReadOnlyList<FailedTest> tests)
    {
        if (check.Runner is null || tests.Count > Most || tests.Any(test => test.Name.Any(char.IsControl) || test.File?.Any(char.IsControl) == true)) return null;
        return check.Runner.Choose(tests) is { } chosen && chosen.Sum(argument => argument.Length) <= MostCharacters ? chosen : null;
    }
}
