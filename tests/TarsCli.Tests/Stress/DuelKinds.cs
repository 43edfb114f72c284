using System.Globalization;
using TarsEngine;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsCli.Tests.Stress;

/// <summary>Makes the duels: what is added, waits for review or has landed before the two commands start. Paths are new in each round.</summary>
internal sealed class DuelKinds(Codebase codebase, int round)
{
    private const int Done = 0, Conflict = 4;
    private readonly string folder = string.Create(CultureInfo.InvariantCulture, $"r{round}");

    public static IReadOnlyList<Func<DuelKinds, Task<Duel>>> All { get; } =
    [
        d => d.SameImprovement(), d => d.SameFile(), d => d.OtherFiles(), d => d.TwoApprovals(), d => d.ApproveAndReject(),
        d => d.ApproveAndRollBackAnother(), d => d.ApproveAndRollBackWhatItStandsOn(), d => d.TwoRollbacks(), d => d.TwoFilesBack(),
        d => d.FileAndAllBack(), d => d.ExecuteAndRollBack(), d => d.ApproveAndRollBack(), d => d.ExecuteAndApprove(), d => d.ExecuteAndVerify(),
    ];

    private string One => folder + "/one.txt";
    private string Two => folder + "/two.txt";
    private string Log => folder + "/log.txt";

    private Task<Duel> SameImprovement()
    {
        var id = Create(One);
        return Task.FromResult(new Duel("two runs of one improvement", Execute(id), Execute(id),
            new(Done, Conflict, (One, One)), new(Conflict, Done, (One, One))));
    }

    // A lost update would show: each line that landed is there, however the two came to follow each other.
    private async Task<Duel> SameFile()
    {
        await LandAsync(Create(Log, "END"));
        return new("two changes of one file", Execute(Append("A")), Execute(Append("B")),
            new(Done, Conflict, (Log, "A END")), new(Conflict, Done, (Log, "B END")),
            new(Done, Done, (Log, "A B END")), new(Done, Done, (Log, "B A END")));
    }

    // Neither is in the other's way, so both land: the later one on top of what the first has left.
    private Task<Duel> OtherFiles() => Task.FromResult(new Duel("two changes of two files", Execute(Create(One)), Execute(Create(Two)),
        new DuelEnd(Done, Done, (One, One), (Two, Two))));

    private async Task<Duel> TwoApprovals()
    {
        var context = await WaitAsync(Create(One));
        return new("two approvals of one context", Approve(context), Approve(context),
            new(Done, Conflict, (One, One)), new(Conflict, Done, (One, One)));
    }

    private async Task<Duel> ApproveAndReject()
    {
        var context = await WaitAsync(Create(One));
        return new("approve and reject of one context", Approve(context), ["execute", "review", "--context-id", $"{context}", "--reject"],
            new(Done, Conflict, (One, One)), new(Conflict, Done, (One, null)));
    }

    private async Task<Duel> ApproveAndRollBackAnother()
    {
        var landed = await LandAsync(Create(Two));
        var waiting = await WaitAsync(Create(One));
        return new("an approval and a rollback, of two files in one folder", Approve(waiting), RollBack(landed), new DuelEnd(Done, Done, (One, One), (Two, null)));
    }

    private async Task<Duel> ApproveAndRollBackWhatItStandsOn()
    {
        await LandAsync(Create(Log, "END"));
        var below = await LandAsync(Append("A"));
        var waiting = await WaitAsync(Append("B"));
        return new("an approval and the rollback of what it stands on", Approve(waiting), RollBack(below),
            new(Done, Conflict, (Log, "A B END")), new(Conflict, Done, (Log, "END")));
    }

    private async Task<Duel> TwoRollbacks()
    {
        var landed = await LandAsync(Create(One));
        return new("two rollbacks of one context", RollBack(landed), RollBack(landed), new DuelEnd(Done, Done, (One, null)));
    }

    private async Task<Duel> TwoFilesBack()
    {
        var landed = await LandAsync(CreateAll(One, Two));
        return new("two files of one context rolled back", RollBack(landed, One), RollBack(landed, Two), new DuelEnd(Done, Done, (One, null), (Two, null)));
    }

    private async Task<Duel> FileAndAllBack()
    {
        var landed = await LandAsync(CreateAll(One, Two));
        return new("a file and all of one context rolled back", RollBack(landed, One), RollBack(landed), new DuelEnd(Done, Done, (One, null), (Two, null)));
    }

    private async Task<Duel> ExecuteAndRollBack()
    {
        var id = Create(One);
        var landed = await LandAsync(id);
        return new("a rollback, and the same improvement executed again", RollBack(landed), Execute(id),
            new(Done, Conflict, (One, null)), new(Done, Done, (One, One)));
    }

    private async Task<Duel> ApproveAndRollBack()
    {
        var context = await WaitAsync(Create(One));
        return new("approve and rollback of one context", Approve(context), RollBack(context),
            new(Done, Done, (One, null)), new(Done, Done, (One, One)));
    }

    private async Task<Duel> ExecuteAndApprove()
    {
        var waiting = await WaitAsync(Create(Two));
        return new("a run and an approval", Execute(Create(One)), Approve(waiting), new DuelEnd(Done, Done, (One, One), (Two, Two)));
    }

    private Task<Duel> ExecuteAndVerify() => Task.FromResult(new Duel("a run while the audit trail is verified", Execute(Create(One)), ["audit", "verify"],
        new DuelEnd(Done, Done, (One, One))));

    private ImprovementId Create(string path, string? content = null) => Add($"create {path}", $"""
        edits:
          - create: {path}
            content: {content ?? path}
        """);

    private ImprovementId CreateAll(params string[] paths) => Add($"create {string.Join(" and ", paths)}",
        "edits:\n" + string.Concat(paths.Select(p => $"  - create: {p}\n    content: {p}\n")));

    private ImprovementId Append(string line) => Add($"append {line} to {Log}", $"""
        replace:
          path: {Log}
          search: END
          replacement: {line} END
        """);

    private ImprovementId Add(string title, string yaml) => StressWorld.Add(codebase, $"schema: tars/improvement/v1\ntitle: {title}\n{yaml}");

    private async Task<ContextId> LandAsync(ImprovementId id) =>
        Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true })).Context;

    private async Task<ContextId> WaitAsync(ImprovementId id) =>
        Assert.IsType<ExecutionOutcome.AwaitingReview>(await codebase.Execution.ExecuteAsync(id, new ExecutionOptions())).Context;

    private static string[] Execute(ImprovementId id) => ["execute", "improvement", "--id", $"{id}", "--approve-when-valid"];

    private static string[] Approve(ContextId id) => ["execute", "review", "--context-id", $"{id}", "--approve"];

    private static string[] RollBack(ContextId id, string? file = null) =>
        ["execute", "rollback", "--context-id", $"{id}", .. file is null ? (string[])["--all"] : ["--file-path", file]];
}
