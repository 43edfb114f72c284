using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Probe;

/// <summary>
/// Puts small faults into what a change wrote, one at a time, and runs the tests on each: faults that no test notices are where the
/// change itself could be wrong without anybody knowing. In a workspace of its own that is warm from the change's run, bounded in number and time.
/// </summary>
internal sealed class ProbeRun(TreeContent content, WorkspaceFactory workspaces, TestExecutor executor, TerminalExecutor terminal, TimeProvider clock)
{
    private static readonly TimeSpan writeTime = TimeSpan.FromSeconds(30);

    /// <param name="checks">What the plan's outputs are kept under.</param>
    /// <param name="run">The change's own run, which was good.</param>
    public async Task<IReadOnlyList<Finding>> TryAsync(
        OneValidation validation, CheckPlan plan, ContentHash checks, CheckRun run, TestCode tests, CancellationToken cancellation)
    {
        var settings = validation.Request.Configuration.Probe;
        if (settings.Mode == ProbeMode.Off || run.Figures is not { Executed: > 0 }) return [];
        validation.Begin("probe");
        var faults = FaultChoice.Choose(validation.Request.Changes, tests, content.Read, settings.Faults);
        if (faults.Count == 0) return ProbeFindings.Of([], TimeSpan.Zero, settings);
        var started = clock.GetTimestamp();
        var tree = validation.Visible(validation.Result);
        using var workspace = workspaces.Create(tree, content, validation.Request.Name + "-probe", new(tree, checks, validation.HidesNothing));
        var hasty = Hasty(plan, run);
        var tried = new List<TriedFault>();
        var slowest = TimeSpan.Zero;
        foreach (var fault in faults)
        {
            var began = clock.GetTimestamp();
            if (clock.GetElapsedTime(started) + slowest > settings.Time) break;
            var outcome = await TryAsync(workspace, tree, hasty, run, fault, cancellation);
            tried.Add(new(fault, outcome));
            var took = clock.GetElapsedTime(began);
            if (took > slowest) slowest = took;
            validation.Say(string.Create(CultureInfo.InvariantCulture, $"Fault {tried.Count} of {faults.Count}, {fault.Path}:{fault.Line}, {fault.Shown}: {ProbeFindings.Word(outcome)} after {took.TotalSeconds:0.0} s."));
            if (outcome == FaultOutcome.Unclear) break;
        }
        return ProbeFindings.Of(tried, clock.GetElapsedTime(started), settings);
    }

    private async Task<FaultOutcome> TryAsync(Workspace workspace, TreeSnapshot tree, CheckPlan plan, CheckRun run, Fault fault, CancellationToken cancellation)
    {
        var original = content.Read(fault.Path, tree[fault.Path]!);
        var text = Encoding.UTF8.GetString(original);
        var mark = text.StartsWith('\uFEFF') ? "\uFEFF" : "";
        await WriteAsync(workspace, fault.Path, Encoding.UTF8.GetBytes(mark + fault.Apply(text[mark.Length..])), cancellation);
        var faulty = await RunAsync(workspace, plan, run, cancellation);
        await WriteAsync(workspace, fault.Path, original, cancellation);
        return Judge(run, faulty);
    }

    // Until something notices: what would come after it shows nothing more.
    private async Task<CheckRun> RunAsync(Workspace workspace, CheckPlan plan, CheckRun without, CancellationToken cancellation)
    {
        var results = new List<CheckResult>();
        foreach (var check in plan.Checks.Where(c => c.Kind != CheckKind.Restore || !workspace.HasOutputs))
        {
            results.Add(await executor.RunAsync(workspace, check, _ => { }, cancellation));
            if (Judge(without, new(results, TimeSpan.Zero)) != FaultOutcome.Unnoticed) break;
        }
        return new(results, TimeSpan.Zero);
    }

    /// <summary>What a run with a fault says, beside the run without it.</summary>
    public static FaultOutcome Judge(CheckRun without, CheckRun with)
    {
        foreach (var check in with.Checks)
        {
            switch (check.Status)
            {
                case CheckStatus.BuildErrors: return FaultOutcome.NotCompiled;
                case CheckStatus.Surroundings or CheckStatus.ToolFault: return FaultOutcome.Unclear;
                case CheckStatus.Limit when check.Kind is CheckKind.Build or CheckKind.Restore: return FaultOutcome.Unclear;
                // A test that runs on without end notices, too.
                case CheckStatus.Broken or CheckStatus.Limit or CheckStatus.Failed: return FaultOutcome.Noticed;
                case CheckStatus.TestsFailed when VerdictJudge.NewFailures(check, without.Checks.FirstOrDefault(c => c.Name == check.Name)).Count > 0: return FaultOutcome.Noticed;
            }
        }
        return FaultOutcome.Unnoticed;
    }

    private async Task WriteAsync(Workspace workspace, RepositoryPath path, byte[] bytes, CancellationToken cancellation)
    {
        using var input = new MemoryStream(bytes);
        var command = new SandboxCommand(["sh", "-c", "cat > \"$0\"", "./" + path.Value], "", writeTime, new Dictionary<string, string>(StringComparer.Ordinal)) { Input = input };
        await terminal.RunAsync(workspace, command, null, cancellation);
    }

    // A fault may make a test run for ever; it need not be waited for.
    private static CheckPlan Hasty(CheckPlan plan, CheckRun run)
    {
        var most = TimeSpan.FromSeconds(20) + run.Duration;
        return plan with { Checks = [.. plan.Checks.Select(c => c with { Timeout = c.Timeout > most ? most : c.Timeout, Arguments = [.. c.Arguments.Where(a => a is not (PlannedCheck.Collect or PlannedCheck.Coverage))] })] };
    }
}
