using TarsEngine.Changes;
using TarsEngine.CSharp.Answering;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Semantics;

/// <summary>
/// Asks the C# compiler, without a build, what a build would say of a change. It can refuse a change early; to land, a change is built
/// and tested all the same. Keeps its worker for the next change on the same base or on a near one, until it is disposed.
/// </summary>
public sealed class SemanticValidator(TreeContent content, WorkspaceFactory workspaces, StateFolder state, TerminalExecutor terminal, TimeProvider clock) : IAsyncDisposable
{
    private const int MostFiles = 2_000, Attempts = 2;
    private const long MostBytes = 32L << 20, MostMemory = 1200L << 20;
    private static readonly TimeSpan time = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim turn = new(1);
    private (TreeSnapshot Tree, ContentHash Checks, CompilerWorker Worker, LoneRun Run)? running;

    private bool isDistrusted;

    /// <summary>Adds the errors that a build would show; nothing when there are none or only a build can tell.</summary>
    /// <param name="isBuilt">What isn't refused here is built, and comes back to <see cref="Audit"/>: some errors are left to that too.</param>
    internal async Task<SemanticVerdict> JudgeAsync(OneValidation validation, ContentHash checks, bool isBuilt, CancellationToken cancellation)
    {
        var (before, after) = (validation.Visible(validation.Request.Base), validation.Visible(validation.Result));
        validation.Begin("semantics");
        var verdict = await InTurnAsync(before, after, checks, cancellation);
        switch (verdict)
        {
            case SemanticVerdict.Broken when isBuilt && SemanticAudit.IsSampled(validation.Result.Hash):
                validation.Say("The compiler finds errors. It is built all the same, as some changes are, to see whether the build finds them too.");
                break;
            case SemanticVerdict.Broken broken:
                validation.Add(broken.Findings);
                break;
            case SemanticVerdict.Clean clean:
                validation.Say($"The compiler finds no error in the {clean.Projects} projects that it compiled for the change.");
                break;
            case SemanticVerdict.Unsure unsure:
                validation.Say($"The compiler alone can't judge the change: {unsure.Reason}. It is built.");
                break;
        }
        return verdict;
    }

    /// <summary>Compares what was said of a change with its build; whoever disagrees with a build isn't asked again.</summary>
    internal IEnumerable<Finding> Audit(SemanticVerdict said, CheckRun run)
    {
        if (SemanticAudit.Disagreement(said, run) is not { } disagreement) return [];
        isDistrusted = true;
        return [disagreement];
    }

    /// <summary>Ends the compiler until the next question: what it stands on is free then.</summary>
    internal async Task RestAsync()
    {
        await turn.WaitAsync();
        try
        {
            await EndWorkerAsync();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<SemanticVerdict> InTurnAsync(TreeSnapshot before, TreeSnapshot after, ContentHash checks, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return await JudgeAsync(before, after, checks, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<SemanticVerdict> JudgeAsync(TreeSnapshot before, TreeSnapshot after, ContentHash checks, CancellationToken cancellation)
    {
        if (isDistrusted) return new SemanticVerdict.Unsure("it disagreed with a build before");
        if (!ChangeSet.Between(before, after).Any(IsSource)) return new SemanticVerdict.Unsure("it changes no C# source");
        // What was built for an earlier change serves as long as the compiler knows the way from there.
        var kept = running is { } now && now.Checks == checks && now.Worker.IsAlive ? now.Tree : null;
        var known = kept is null ? null : await JudgeAsync(kept);
        if (known is not (null or SemanticVerdict.Unsure)) return known;
        if (workspaces.FindBuilt(before, checks) is not { } nearest) return new SemanticVerdict.Unsure("nothing was built yet that it could stand on");
        return known is not null && kept!.Hash == nearest.Hash ? known : await JudgeAsync(nearest);

        async Task<SemanticVerdict> JudgeAsync(TreeSnapshot built)
        {
            var found = await AskAsync(built, after, checks, cancellation);
            // What was built differs from the codebase: errors of the difference are not the change's.
            if (found is not SemanticVerdict.Broken broken || built.Hash == before.Hash) return found;
            return await AskAsync(built, before, checks, cancellation) switch
            {
                SemanticVerdict.Clean => broken,
                SemanticVerdict.Broken => new SemanticVerdict.Unsure("the codebase has errors without it"),
                var unsure => unsure,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndWorkerAsync();
        turn.Dispose();
    }

    private async Task EndWorkerAsync()
    {
        if (running is not { } kept) return;
        running = null;
        await kept.Worker.DisposeAsync();
        kept.Run.Dispose();
    }

    private async Task<SemanticVerdict> AskAsync(TreeSnapshot built, TreeSnapshot tree, ContentHash checks, CancellationToken cancellation)
    {
        var changes = ChangeSet.Between(built, tree);
        if (changes.IsEmpty) return new SemanticVerdict.Clean(0);
        if (Files(changes) is not { } files) return new SemanticVerdict.Unsure("it is too large, or changes what is no plain file");
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var worker = await WorkerAsync(built, checks);
            if (worker is null) return new SemanticVerdict.Unsure("what was built is gone");
            var answer = await worker.AskAsync(new(0, files, Layer.Verdict, Analyzers: false, Warnings: false, Emit: false), time, cancellation);
            if (answer is { MemoryBytes: > MostMemory }) await EndWorkerAsync();
            if (answer is not null) return Answers.Read(answer);
        }
        // A dead one would hold on to what was built.
        await EndWorkerAsync();
        return new SemanticVerdict.Unsure("its compiler gave no answer");
    }

    private async Task<CompilerWorker?> WorkerAsync(TreeSnapshot built, ContentHash checks)
    {
        if (running is { } kept && kept.Tree.Hash == built.Hash && kept.Checks == checks && kept.Worker.IsAlive) return kept.Worker;
        await EndWorkerAsync();
        var run = LoneRun.Start(state, "compiler");
        var workspace = workspaces.Create(built, content, run.Name, new(built, checks));
        if (!workspace.HasOutputs || !WorkerProgram.Serves(workspace))
        {
            workspace.Dispose();
            run.Dispose();
            return null;
        }
        var worker = new CompilerWorker(terminal, workspace, clock);
        running = (built, checks, worker, run);
        return worker;
    }

    private List<ChangedFile>? Files(ChangeSet changes)
    {
        if (changes.Count > MostFiles || changes.Sum(change => change.After?.Size ?? 0) > MostBytes || changes.Any(change => !IsPlain(change.Before) || !IsPlain(change.After))) return null;
        return [.. changes.Select(change => new ChangedFile(change.Path.Value, change.Before is not null, change.After is { } after ? IsSource(change) ? content.Read(change.Path, after) : [] : null))];
    }

    private static bool IsPlain(FileState? state) => state is null or { Kind: EntryKind.File };

    private static bool IsSource(FileChange change) => change.Path.Name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);
}
