using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Semantics;

/// <summary>
/// What the compiler alone said, beside the build of the same change. What it lets through is built anyway; of what it refuses, one in
/// thirty-two is built too.
/// </summary>
internal static class SemanticAudit
{
    /// <summary>The same for the same tree, and nothing that a change's author would choose by chance.</summary>
    public static bool IsSampled(ContentHash result) => Convert.ToInt32(result.Hex[..2], 16) % 32 == 0;

    /// <summary>Null where they agree, or where one of them didn't speak.</summary>
    public static Finding? Disagreement(SemanticVerdict said, CheckRun run)
    {
        var refusals = run.Checks.Where(check => check.Status == CheckStatus.BuildErrors).SelectMany(check => check.Errors).Where(error => error.Code.StartsWith("CS", StringComparison.Ordinal)).ToList();
        var isBuilt = run.Checks.Any(check => check is { Kind: Configuration.CheckKind.Build, Status: CheckStatus.Passed }) && run.Checks.All(check => check.Status != CheckStatus.BuildErrors);
        return said switch
        {
            SemanticVerdict.Broken { Findings: [var first, ..] } when isBuilt => Of($"the compiler alone finds {first.Rule} ({first.Message}), and the build does not"),
            SemanticVerdict.Clean when refusals is [var first, ..] => Of($"the build finds {first.Code} ({first.Message}), and the compiler alone did not"),
            _ => null,
        };
    }

    private static Finding Of(string what) => new(Severity.Warning, "semantics/disagreed", $"About this change {what}. The build counts, and the compiler is not asked alone any more.",
        Remedy: "This is a fault of tarscli; please report it with the change.");
}
