using System.Globalization;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Reports;
using TarsEngine.Validation.Semantics;

namespace TarsEngine.Validation;

/// <summary>Runs a plan's checks in a workspace, inside the sandbox, each with a fresh folder for its report.</summary>
internal sealed class TestExecutor(TerminalExecutor terminal, FileSystem files, TimeProvider clock)
{
    private readonly BuildRecorder recorder = new(terminal);

    /// <summary>Runs builds until one fails, then all tests and commands. A check that failed without naming anything is tried once more.</summary>
    public async Task<CheckRun> RunAsync(Workspace workspace, CheckPlan plan, Action<ExecutionEvent> events, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var results = new List<CheckResult>();
        var isBuilt = false;
        foreach (var check in plan.Checks)
        {
            var isBuild = check.Kind is CheckKind.Restore or CheckKind.Build;
            if (check.Kind == CheckKind.Restore && workspace.HasOutputs)
            {
                results.Add(CheckResult.RestoredBefore(check));
                continue;
            }
            if (!isBuild && !isBuilt && results.Count > 0)
            {
                isBuilt = true;
                await FreezeAsync(workspace, cancellation);
            }
            if (plan.First is { } first && first.ArgumentsFor(check) is { } impacted)
            {
                events(new LogWritten(LogLevel.Info, $"Tests of '{check.Name}' that are named for what the change touches run first."));
                if (await RunAsync(workspace, check, events, cancellation, impacted) is var early && first.AreBrokenIn(early))
                {
                    results.Add(early with { IsPart = true });
                    return End();
                }
            }
            var chosen = plan.Only is { } part && check.Kind == CheckKind.Test ? check.Runner?.Named(part) : null;
            var result = await RunAsync(workspace, check, events, cancellation, chosen);
            // None of its tests has such a name.
            if (chosen is not null && result is { Tests: null or { Figures.Total: 0 }, Status: CheckStatus.Broken or CheckStatus.ToolFault }) result = result with { Status = CheckStatus.Passed, Explanation = "" };
            if (result.Status == CheckStatus.ToolFault)
            {
                events(new LogWritten(LogLevel.Warning, result.Explanation + " It is tried once more."));
                result = await RunAsync(workspace, check, events, cancellation);
            }
            results.Add(result);
            if (isBuild && result.Status != CheckStatus.Passed) return End();
        }
        // Where something else than a build ran first, nothing is kept: it may have written anything.
        if (results.TrueForAll(r => r.Kind is CheckKind.Restore or CheckKind.Build)) await FreezeAsync(workspace, cancellation);
        return End();

        CheckRun End() => new(results, clock.GetElapsedTime(started));
    }

    // What tests write is nobody's output.
    private async Task FreezeAsync(Workspace workspace, CancellationToken cancellation)
    {
        await recorder.RecordAsync(workspace, cancellation);
        workspace.FreezeOutputs();
    }

    /// <summary>Runs one check.</summary>
    /// <param name="chosen">The runner's arguments for some of its tests; null for all of them.</param>
    public async Task<CheckResult> RunAsync(Workspace workspace, PlannedCheck check, Action<ExecutionEvent> events, CancellationToken cancellation, IReadOnlyList<string>? chosen = null)
    {
        var started = clock.GetTimestamp();
        events(new StageStarted(check.Name));
        var root = await terminal.CodebaseOfAsync(workspace, cancellation);
        var output = new CheckOutput(root, check.Folder);
        var bind = workspace.CreateResultsFolder();
        var environment = check.Kind == CheckKind.Build ? recorder.Around(workspace, check.Environment) : check.Environment;
        var command = new SandboxCommand(check.Command(workspace.HasOutputs, chosen), check.Folder, check.Timeout, environment) { Binds = [bind] };
        var ended = await terminal.RunAsync(workspace, command, line =>
        {
            output.Read(line.Text);
            events(new OutputWritten(line.Source == OutputSource.Error ? "err" : "out", line.Text, check.Name));
        }, cancellation);
        // Lines past the limit of the stream are not handed on; its end, where errors stand, always is.
        foreach (var line in ended.Tail) output.Read(line.Text);
        var report = check.Report == ReportFormat.None ? null : ResultsFolder.Read(files, bind.HostFolder, check.Report, root);
        var result = CheckClassifier.Classify(check, ended, output, report);
        var took = clock.GetElapsedTime(started);
        result = result with { Duration = took, Coverage = check.Kind == CheckKind.Test ? CoverageReader.Read(files, bind.HostFolder, root) : null };
        events(result.Status == CheckStatus.Passed
            ? new LogWritten(LogLevel.Info, $"'{check.Name}' passed after {Seconds(took)}.")
            : new LogWritten(LogLevel.Warning, result.Explanation));
        return result;
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
