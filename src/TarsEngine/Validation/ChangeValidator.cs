using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Probe;
using TarsEngine.Validation.Quality;
using TarsEngine.Validation.Semantics;
using TarsEngine.Validation.Syntax.Toolchain;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation;

/// <summary>
/// Judges a frozen change by our own run of it in a clean workspace, compared with the same run of its base. Cheapest checks
/// first; an error ends it.
/// </summary>
/// <param name="semantics">Its compiler stays for the next change.</param>
/// <param name="toolchain">Names the installed tools (such as SDK versions): a baseline holds for the same tools only.</param>
public sealed class ChangeValidator(
    TreeContent content, WorkspaceFactory workspaces, TerminalExecutor terminal, StateDatabase database, FileSystem files, TimeProvider clock,
    SemanticValidator semantics, string toolchain)
{
    private readonly TestExecutor executor = new(terminal, files, clock);
    private readonly SecondRun secondRun = new(new(terminal, files, clock));
    private readonly ProbeRun probe = new(content, workspaces, new(terminal, files, clock), terminal, clock);
    private readonly ToolchainSyntax toolchains = new(workspaces, terminal, content);
    private readonly Baseline baseline = new(database);

    /// <exception cref="SandboxUnavailableException">Nothing could be run; there is no verdict.</exception>
    public async Task<Verdict> ValidateAsync(ValidationRequest request, Action<ExecutionEvent>? events = null, CancellationToken cancellation = default)
    {
        var validation = new OneValidation(request, request.Changes.ApplyTo(request.Base), content.Read, events ?? (_ => { }), clock);
        validation.Add(request.Notices.Select(n => new Finding(Severity.Warning, n.Rule, n.Message, RepositoryPath.Parse(ConfigurationLoader.RepositoryFileName))));

        validation.Begin("syntax");
        validation.Add(new SyntaxValidator(content.Read).Validate(request.Changes));
        if (!validation.IsRefused) validation.Add(await toolchains.ValidateAsync(validation, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (validation.IsRefused || request.Depth == ValidationDepth.Syntax) return validation.End();

        validation.Begin("quality");
        validation.Add(new QualityValidator(content.Read).Validate(request.Base, request.Changes));
        var tampering = new TamperingValidator(content.Read).Validate(request.Base, request.Changes);
        validation.Add(tampering.Findings);
        cancellation.ThrowIfCancellationRequested();
        if (request.Depth == ValidationDepth.Quality) return validation.End();

        if (request.Depth == ValidationDepth.Semantics) await new CompileOnly(content, workspaces, executor, semantics, toolchain).TryAsync(validation, cancellation);
        else await RunChecksAsync(validation, tampering, cancellation);
        return validation.End();
    }

    /// <summary>What is red of a base, or can't be run, as errors.</summary>
    /// <param name="request">Without changes.</param>
    /// <exception cref="SandboxUnavailableException">Nothing could be run.</exception>
    public async Task<IReadOnlyList<Finding>> CheckBaseAsync(ValidationRequest request, Action<ExecutionEvent> events, CancellationToken cancellation = default)
    {
        var validation = new OneValidation(request, request.Base, content.Read, events, clock);
        var plan = CheckPlanner.Plan(request.Configuration, request.Base, content.Read);
        if (plan.Checks.Count == 0) return Proof.Missing(request.Configuration, plan) is { Severity: > Severity.Info } missing ? [missing with { Severity = Severity.Error }] : [];
        validation.Begin("baseline");
        return VerdictJudge.RedOf(await BaselineAsync(validation, plan, cancellation));
    }

    private async Task RunChecksAsync(OneValidation validation, TamperingResult tampering, CancellationToken cancellation)
    {
        var (request, result) = (validation.Request, validation.Result);
        var basePlan = CheckPlanner.Plan(request.Configuration, request.Base, content.Read) with { Only = request.Tests };
        var plan = CheckPlanner.Plan(request.Configuration, result, content.Read) with { Only = request.Tests };
        validation.Add(plan.Findings);
        if (plan.Checks.Count == 0)
        {
            validation.Add([Proof.Missing(request.Configuration, basePlan)]);
            return;
        }

        validation.Begin("baseline");
        var before = await BaselineAsync(validation, basePlan, cancellation);
        validation.Baseline = before.Figures;
        var onBase = VerdictJudge.JudgeBase(before);
        validation.Add(onBase);
        if (onBase.Any(f => f.Severity >= Severity.Warning)) validation.Add(new Pitfalls(request.Base, content.Read).Find());
        // Nothing can be learned from a change to what doesn't build or can't be run.
        if (onBase.Any(f => f.Severity >= Severity.Hold)) return;

        // Errors that the compiler finds by itself need no build; whoever wants to look at what failed wants a workspace in which it was built.
        var compiled = request.KeepFailedWorkspace ? null : await semantics.JudgeAsync(validation, basePlan.Hash(toolchain), isBuilt: true, cancellation);
        if (validation.IsRefused) return;

        validation.Begin("checks");
        var impacted = request.Configuration.Tests.ImpactedFirst && request.Tests is null ? ImpactedTests.Of(request.Changes, plan, before) : null;
        var (run, findings, isSteady) = await RunChangeAsync(validation, plan with { First = impacted }, before, cancellation);
        // What failed was flaky: the rest counts too.
        if (run.IsPart && findings.All(f => f.Severity != Severity.Error)) (run, findings, isSteady) = await RunChangeAsync(validation, plan, before, cancellation);
        validation.Tests = run.Figures;
        validation.Add(findings);
        if (compiled is not null) validation.Add(semantics.Audit(compiled, run));
        validation.Add(NewWarnings.Find(before, run));
        validation.Add(ChangedCoverage.Find(request.Changes, run, tampering.Tests, content.Read));
        validation.Add(Proof.Unproven(request.Configuration, run));
        validation.Proven = !validation.IsRefused && Proof.IsIn(run);
        if (request.Tests is { } parts) validation.Add([Proof.Partial(parts)]);
        else if (!validation.IsRefused) validation.Add(await BaseTests(request.Configuration, basePlan).TryAsync(validation, before, tampering, cancellation));
        if (!validation.IsRefused && validation.Proven && request.Tests is null) validation.Add(await probe.TryAsync(validation, plan, plan.Hash(toolchain), run, tampering.Tests, cancellation));
        // A flaky failure must not become a known one: it would hide a real one later.
        if (!validation.IsRefused && isSteady) baseline.Keep(validation.Visible(result).Hash, Key(plan), NewWarnings.Joined(before, run));
    }

    private BaseTests BaseTests(TarsConfiguration configuration, CheckPlan basePlan) => new(
        content, new CleanRoom(content, workspaces, executor, basePlan.Hash(toolchain)), secondRun, tree => CheckPlanner.Plan(configuration, tree, content.Read));

    private async Task<CheckRun> BaselineAsync(OneValidation validation, CheckPlan plan, CancellationToken cancellation)
    {
        if (plan.Checks.Count == 0) return new([], TimeSpan.Zero);
        var (tree, checks) = (validation.Request.Base, plan.Hash(toolchain));
        if (baseline.Find(validation.Visible(tree).Hash, Key(plan)) is { } known)
        {
            validation.Say("The base was tried before with the same checks; its figures are reused.");
            validation.Report("baseline", known);
            return known;
        }
        var room = new CleanRoom(content, workspaces, executor, checks);
        return await room.TryAsync(validation, validation.Request.Name + "-baseline", tree, plan, run => run.HasPassed, async (workspace, run, earlier) =>
        {
            run = run with { Checks = await secondRun.SteadyFailuresAsync(validation, workspace, plan, run, earlier, cancellation) };
            baseline.Keep(validation.Visible(tree).Hash, Key(plan), run);
            validation.Report("baseline", run);
            if (run.IsLasting) await room.KeepOutputsAsync(validation, workspace, cancellation);
            return run;
        }, cancellation);
    }

    private async Task<(CheckRun Run, IReadOnlyList<Finding> Findings, bool IsSteady)> RunChangeAsync(OneValidation validation, CheckPlan plan, CheckRun before, CancellationToken cancellation)
    {
        var room = new CleanRoom(content, workspaces, executor, plan.Hash(toolchain));
        return await room.TryAsync(validation, validation.Request.Name + "-check", validation.Result, plan, run => VerdictJudge.FailsNothingNew(before, run), async (workspace, run, earlier) =>
        {
            validation.Report("change", run);
            var flaky = await secondRun.FindFlakyAsync(validation, workspace, plan, before, run, earlier, cancellation);
            var findings = VerdictJudge.JudgeChange(before, run, flaky, validation.Request.Configuration);
            var isRefused = findings.Any(f => f.Severity == Severity.Error);
            workspace.Keep = validation.Request.KeepFailedWorkspace && isRefused;
            if (workspace.Keep) validation.Say($"The workspace was kept: {workspace.Folder}");
            if (!isRefused && run.IsLasting) await room.KeepOutputsAsync(validation, workspace, cancellation);
            return (run, findings, flaky.Count == 0);
        }, cancellation);
    }

    // What was built serves whichever tests are run; what they said doesn't.
    private ContentHash Key(CheckPlan plan) => plan.Hash(plan.Only is null ? toolchain : $"{toolchain}\0{string.Join('\0', plan.Only)}");
}
