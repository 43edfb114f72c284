using TarsEngine.Audit;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Improvements;
using TarsEngine.Permissions;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Staging;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Tests.Sandbox;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Scenarios;

/// <summary>Where a scenario came to: its outcome, all that was said, and the tree where there is a new one.</summary>
internal sealed record ScenarioResult(string Outcome, string Said, TreeSnapshot? Tree);

/// <summary>Takes one scenario from the proposal over plan and staging to permission, on a codebase of its own.</summary>
internal sealed class ScenarioRun : IDisposable
{
    private readonly FileSystem files = new();
    private readonly GitProgram git = GitProgram.Find(GitRepository.Environment);
    private readonly TempFolder folder = new();
    private readonly StateFolder state;
    private readonly ObjectStore objects;
    private readonly StateDatabase database;
    private readonly DirectoryHandle root;

    public ScenarioRun()
    {
        Directory.CreateDirectory(Codebase);
        Directory.CreateDirectory(folder.File("expected"));
        // Beside the codebase, so that what a scenario puts at '.tars' is all there is.
        Directory.CreateDirectory(folder.File("state"));
        state = StateFolder.Create(folder.File("state"), null, files);
        objects = new ObjectStore(state, files);
        database = StateDatabase.Open(state.Database, TimeProvider.System);
        root = files.OpenRoot(Codebase);
    }

    public string Codebase => folder.File("codebase");

    public string Expected => folder.File("expected");

    public async Task<TreeSnapshot> CaptureAsync(string where, CancellationToken cancellation) =>
        (await new CodebaseCapture(git, new CodebaseLocation(where, null), files, state).CaptureAsync(cancellation)).Tree;

    public async Task<ScenarioResult> RunAsync(Scenario scenario, CancellationToken cancellation)
    {
        var proposal = scenario.ReadImprovement(Codebase, (stream, name, place) =>
            ImprovementSource.Read(stream, name, place is null ? null : new SiblingFiles(files, place)));
        switch (proposal)
        {
            case ProposalRefused refused:
                return new("refused", string.Join('\n', refused.Problems), null);
            case NothingProposed nothing:
                return new("nothing", nothing.Explanation, null);
            default:
                var catalog = new ImprovementCatalog(database, objects, new AuditTrailService(database, files, folder.File("user")));
                return await PlanAsync(catalog.Add(((Proposed)proposal).Improvements.Single(), "tester").Improvement, cancellation);
        }
    }

    public void Dispose()
    {
        root.Dispose();
        database.Dispose();
        folder.Dispose();
    }

    private async Task<ScenarioResult> PlanAsync(Improvement improvement, CancellationToken cancellation)
    {
        var tree = await CaptureAsync(Codebase, cancellation);
        switch (new ExecutionPlanner(objects).Plan(improvement, tree))
        {
            case PlanRefused refused:
                return new("refused", string.Join('\n', refused.Problems.Select(p => p.Message)), null);
            case PlanEmpty empty:
                return new("nothing", empty.Explanation, null);
            case Planned planned:
                return await StageAsync(planned, tree, cancellation);
            case var other:
                throw new InvalidOperationException($"{other.GetType()} is no known result.");
        }
    }

    private async Task<ScenarioResult> StageAsync(Planned planned, TreeSnapshot tree, CancellationToken cancellation)
    {
        var content = new TreeContent(files, root, objects);
        var staged = new VirtualFileSystem(tree, content, objects);
        var environment = new SafeExecutionEnvironment(SandboxPaths.Discover(SandboxFixture.HostEnvironment, state.Root));
        var executor = new StepExecutor(git, files, state, objects, content, new WorkspaceFactory(state, files, TimeProvider.System), new TerminalExecutor(environment, state), TimeProvider.System);
        var rules = new CodebaseCapture(git, new CodebaseLocation(Codebase, null), files, state).RulesOf(tree, content);
        var outcome = await executor.RunAsync(new StagingRequest(planned.Plan, staged, rules, "CTX-1"), cancellation);
        List<Finding> findings = [.. planned.Warnings, .. outcome.Findings];
        if (outcome is StepFailed failed)
            return new(failed.Findings.Any(f => f is { Severity: Severity.Error, Rule: "patch/conflict" or "edit/conflict" }) ? "conflict" : "refused", Said(findings), null);
        var changes = ((Staged)outcome).Net;
        findings.AddRange(new PermissionManager(content.Read).Check(changes, tree, PermissionPolicy.Default));
        if (findings.Exists(f => f.Severity == Severity.Error)) return new("refused", Said(findings), null);
        findings.AddRange(new QualityValidator(content.Read).Validate(tree, changes));
        var isFinding = findings.Exists(f => f.Severity is Severity.Hold or Severity.Warning);
        return new(changes.IsEmpty ? "nothing" : isFinding ? "finding" : "applies", Said(findings), staged.ToSnapshot());
    }

    private static string Said(IEnumerable<Finding> findings) => string.Join('\n', findings.Select(f => $"{f.Rule}: {f.Path} {f.Line}: {f.Message}"));
}
