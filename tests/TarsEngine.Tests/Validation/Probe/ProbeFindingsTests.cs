using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation.Probe;

namespace TarsEngine.Tests.Validation.Probe;

public sealed class ProbeFindingsTests
{
    private static IReadOnlyList<Finding> Of(ProbeMode mode, params FaultOutcome[] outcomes) => ProbeFindings.Of(
        [.. outcomes.Select((o, i) => new TriedFault(new(RepositoryPath.Parse("a.cs"), i + 1, FaultKind.Comparison, "F", 0, "a < b", "a <= b"), o))], TimeSpan.FromSeconds(12), new() { Mode = mode });

    [Fact]
    public void A_change_that_no_test_would_miss_is_told_or_held_as_policy_says()
    {
        var told = Of(ProbeMode.Tell, FaultOutcome.Unnoticed, FaultOutcome.NotCompiled, FaultOutcome.Unnoticed);
        Assert.Equal((Severity.Warning, "probe/unnoticed", 1), (told[0].Severity, told[0].Rule, told[0].Line));
        Assert.Contains("Of 2 faults put into the changed lines, one at a time, tests noticed 0 (in 12 s).", told[0].Message, StringComparison.Ordinal);
        Assert.Equal(Severity.Hold, Of(ProbeMode.Hold, FaultOutcome.Unnoticed)[0].Severity);
    }

    [Fact]
    public void One_fault_that_a_test_notices_is_enough_and_the_others_are_shown()
    {
        var findings = Of(ProbeMode.Hold, FaultOutcome.Noticed, FaultOutcome.Unnoticed);
        Assert.Equal(["probe/noticed", "probe/survivor"], findings.Select(f => f.Rule));
        Assert.All(findings, f => Assert.Equal(Severity.Info, f.Severity));
        Assert.Equal("No test notices when 'a < b' becomes 'a <= b'.", findings[1].Message);
    }

    [Fact]
    public void Nothing_is_claimed_where_nothing_could_be_tried()
    {
        Assert.Equal("probe/nothing-tried", Assert.Single(Of(ProbeMode.Hold)).Rule);
        Assert.Equal((Severity.Info, "probe/nothing-tried"), (Assert.Single(Of(ProbeMode.Hold, FaultOutcome.NotCompiled, FaultOutcome.Unclear)).Severity, "probe/nothing-tried"));
    }

    [Fact]
    public void A_codebase_can_ask_for_more_and_not_for_less()
    {
        var loaded = ConfigurationLoader.Load("probe: {mode: tell, faults: 8}", "probe: {mode: hold, faults: 3, time: 1h}");
        Assert.Equal((ProbeMode.Hold, 8, TimeSpan.FromMinutes(2)), (loaded.Configuration.Probe.Mode, loaded.Configuration.Probe.Faults, loaded.Configuration.Probe.Time));
        Assert.Equal(["probe.time", "probe.faults"], loaded.Notices.Select(n => n.Key));
        Assert.Equal(ProbeMode.Hold, ConfigurationLoader.Load("probe: {mode: hold}", "probe: {mode: off}").Configuration.Probe.Mode);
    }
}
