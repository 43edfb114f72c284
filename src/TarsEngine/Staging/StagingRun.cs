using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Staging;

/// <summary>What one run of the steps has come to so far.</summary>
internal sealed class StagingRun(StagingRequest request, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<Finding> findings = [];
    private readonly List<StagedTransaction> done = [];
    private readonly Dictionary<string, long> started = new(StringComparer.Ordinal);

    public StagingRequest Request => request;
    public VirtualFileSystem Tree => request.Tree;
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>What each step changed, under its transaction's name, in order.</summary>
    public IReadOnlyList<StagedTransaction> Done => done;

    private string WorkspaceName(ExecutionStep step) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{request.Name}-step-{IndexOf(step) + 1}");

    public void Start(ExecutionStep step)
    {
        started[step.Id] = clock.GetTimestamp();
        Tell(new StepStarted(step.Id));
    }

    /// <summary>Begins a step of which the work was done before.</summary>
    public void TakeOver(ExecutionStep step)
    {
        started[step.Id] = clock.GetTimestamp();
        Tell(new LogWritten(LogLevel.Info, $"{step.Id}: its agent had come to its end when an execution before was killed; what it made is taken over."));
    }

    /// <summary>Lets a step take effect, checks what it promised, and takes its effects back when it failed. True when it is done.</summary>
    public async Task<bool> SettleAsync(ExecutionStep step, Func<Task<IReadOnlyList<Finding>>> effect)
    {
        var before = Tree.Checkpoint();
        var settled = false;
        try
        {
            var found = await effect();
            if (!Failed(found)) found = [.. found, .. ExpectationCheck.Run(step.Expectations, Tree)];
            foreach (var finding in found) Find(finding);
            settled = !Failed(found);
            var error = settled ? null : string.Join('\n', found.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Message));
            if (settled) done.Add(new(step.Transaction, Tree.ChangesSince(before)));
            if (settled && step.Action is AgentAction) request.AgentDone?.Invoke(step, done[^1].Changes);
            Tell(new StepFinished(step.Id, settled ? StepState.Done : StepState.Failed, clock.GetElapsedTime(started[step.Id]), error));
            return settled;
        }
        finally
        {
            if (!settled) Tree.RestoreTo(before);
        }
    }

    public void Find(Finding finding)
    {
        findings.Add(finding);
        Tell(new FindingAdded(finding));
    }

    private void Output(ExecutionStep step, Terminal.OutputLine line) =>
        Tell(new OutputWritten(line.Source == Terminal.OutputSource.Error ? "err" : "out", line.Text, step.Id));

    private void Connected(ExecutionStep step, SandboxConnection connection) => Tell(new LogWritten(
        connection.Outcome is ConnectionOutcome.Refused or ConnectionOutcome.Failed ? LogLevel.Warning : LogLevel.Info, $"{step.Id}: {connection}"));

    public void Used(AgentUsageReported usage) => Tell(usage);

    /// <summary>Where a step's program runs: what policy hides of the tree is not there.</summary>
    public StepGround GroundOf(ExecutionStep step, TreeSnapshot tree)
    {
        var (visible, hidden) = request.Policy.Paths.Visible(tree);
        var below = request.Policy.Paths.Visible(Tree.Base).Tree;
        var basis = new WorkspaceBasis(below, WithRepository: hidden.Count == 0 && below.Hash == Tree.Base.Hash);
        return new(tree, visible, hidden, basis, request.Policy, request.Ignored, WorkspaceName(step))
        {
            KeepFailed = request.KeepFailedWorkspace,
            Output = line => Output(step, line),
            Connected = connection => Connected(step, connection),
        };
    }

    private static bool Failed(IReadOnlyList<Finding> found) => found.Any(finding => finding.Severity == Severity.Error);

    private int IndexOf(ExecutionStep step)
    {
        for (var i = 0; i < request.Plan.Steps.Count; i++)
        {
            if (ReferenceEquals(request.Plan.Steps[i], step)) return i;
        }
        throw new ArgumentException($"Step '{step.Id}' is not of this plan.", nameof(step));
    }

    private void Tell(ExecutionEvent what)
    {
        if (request.Events is null) return;
        lock (gate) request.Events(what);
    }
}
