using TarsEngine;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsCli.Tests.Stress;

/// <summary>Which command is killed.</summary>
internal enum KilledCommand
{
    Execute,
    Approve,
    RollbackAll,
    RollbackTransaction,
    RollbackFile,
}

/// <summary>One shape of change with one command on it: brings the world to where the command is given, and away from whatever it left.</summary>
internal sealed class KillCase(StressWorld world, ChangeShape shape, KilledCommand command, ImprovementId improvement, bool isChecked)
{
    private int prepared;

    /// <summary>Does everything that comes before the command.</summary>
    /// <returns>The command's arguments, and the context that it is about; an execution makes its own.</returns>
    public async Task<(string[] Arguments, ContextId? Context)> PrepareAsync()
    {
        ContextId? context = null;
        string[] arguments = ["execute", "improvement", "--id", improvement.ToString(), "--approve-when-valid"];
        using (var codebase = await world.OpenAsync())
        {
            if (command == KilledCommand.Approve)
            {
                context = Endings.ContextOf(await codebase.Execution.ExecuteAsync(improvement, new()));
                arguments = ["execute", "review", "--context-id", $"{context}", "--approve"];
            }
            else if (command != KilledCommand.Execute)
            {
                context = Endings.ContextOf(await codebase.Execution.ExecuteAsync(improvement, new() { ApproveWhenValid = true }));
                var first = (codebase.Transactions.List(context) is [var one, ..] ? one.Id : (TarsEngine.Storage.TransactionId?)null) ?? new(1);
                arguments = ["execute", "rollback", "--context-id", $"{context}", .. command switch
                {
                    KilledCommand.RollbackAll => (string[])["--all"],
                    KilledCommand.RollbackTransaction => ["--transaction-id", $"{first}"],
                    _ => ["--file-path", shape.Path],
                }];
            }
        }
        // The codebase moved since: the approval has to check the change again, and can be killed there.
        if (isChecked && command == KilledCommand.Approve) world.Cli.Write("notes.md", $"edited {++prepared} times");
        if (shape.IsDisturbed) world.Cli.Write("a.txt", "the user's own");
        return (arguments, context);
    }

    /// <summary>Nothing is stuck: what did not land can be executed or approved and then lands, and all of it can be taken back.</summary>
    public async Task ResetAsync()
    {
        if (shape.IsDisturbed) world.Cli.Write("a.txt", command >= KilledCommand.RollbackAll ? "A2" : "a.txt as it was");
        using var codebase = await world.OpenAsync();
        if (shape.IsEmpty)
        {
            Assert.IsType<ExecutionOutcome.NothingToDo>(await codebase.Execution.ExecuteAsync(improvement, new()));
            return;
        }
        var outcome = codebase.Improvements.Get(improvement)!.State switch
        {
            ImprovementState.Landed => null,
            ImprovementState.AwaitingReview => await codebase.Execution.ApproveAsync(Last(codebase, ContextState.AwaitingReview), "tester", null),
            _ => await codebase.Execution.ExecuteAsync(improvement, new() { ApproveWhenValid = true }),
        };
        if (outcome is not null) Assert.IsType<ExecutionOutcome.Landed>(outcome);
        StressWorld.RollBack(codebase, Last(codebase, ContextState.Landed, ContextState.PartlyRolledBack));
        Assert.Equal(ImprovementState.RolledBack, codebase.Improvements.Get(improvement)!.State);
        Assert.True(codebase.Audit.Verify().IsIntact);
    }

    private static ContextId Last(Codebase codebase, params ContextState[] states) => codebase.Contexts.List().Last(c => states.Contains(c.State)).Id;
}
