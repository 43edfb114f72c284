using TarsCli.Output;
using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Sandbox;
using TarsEngine.Storage;

namespace TarsCli.Tests;

/// <summary>Every way in which a command ends has its exit code, the message that people search for, and a way to go on.</summary>
public sealed class EndingsTests
{
    private static readonly ContextId Context = new(7);
    private static readonly Finding Error = new(Severity.Error, "syntax/csharp", "; expected", RepositoryPath.Parse("a.cs"), 3, "Add it.");
    private static readonly FileConflict Edited = new(RepositoryPath.Parse("a.cs"), null, null, "It was edited.", "/kept/here");

    [Fact]
    public void An_unknown_improvement_is_not_found() =>
        Ends(Endings.Of(new ExecutionOutcome.NotFound("improvement", "IMP-99")), ExitCode.NotFound, "Improvement not found: IMP-99");

    [Fact]
    public void An_unknown_context_is_not_found() =>
        Ends(Endings.Of(new ExecutionOutcome.NotFound("context", "CTX-99")), ExitCode.NotFound, "Execution context not found: CTX-99");

    [Fact]
    public void A_refused_plan_names_every_problem()
    {
        var ending = Endings.Of(new ExecutionOutcome.PlanRefused(Context,
            [new(PlanProblemKind.Cycle, "a", "a → b → a"), new(PlanProblemKind.UnknownDependency, "c", "'c' needs 'x'")]));
        Ends(ending, ExitCode.Failed, "Execution plan validation failed");
        Assert.Equal(["a → b → a", "'c' needs 'x'"], ending.Details);
    }

    [Fact]
    public void A_failed_change_names_place_rule_and_remedy()
    {
        var ending = Endings.Of(new ExecutionOutcome.Failed(Context, ExecutionOutcome.Failed.Validation, [Error]));
        Ends(ending, ExitCode.Failed, "Validation failed: CTX-7");
        Assert.Contains("a.cs:3: ; expected [syntax/csharp] Add it.", ending.Details);
    }

    [Fact]
    public void Denied_is_5() => Ends(Endings.Of(new ExecutionOutcome.Denied(Context, [Error])), ExitCode.Denied, "Denied by policy");

    [Fact]
    public void A_conflict_is_4_and_says_where_the_bytes_are()
    {
        var ending = Endings.Of(new ExecutionOutcome.Conflicted(Context, [Edited]));
        Ends(ending, ExitCode.Conflict, "Conflict: CTX-7");
        Assert.Contains("Your bytes are kept in /kept/here.", ending.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_its_state_does_not_allow_is_a_conflict_with_a_remedy() =>
        Ends(Endings.Of(new ExecutionOutcome.NotPossible("IMP-1 has landed already.", "Roll it back first.")), ExitCode.Conflict, "Not possible now: IMP-1");

    [Fact]
    public void Cancelled_is_130() => Assert.Equal(ExitCode.Cancelled, Endings.Of(new ExecutionOutcome.Cancelled(Context)).Code);

    [Fact]
    public void A_rejection_that_was_asked_for_is_done() => Assert.Equal(Ending.Done, Endings.Of(new ExecutionOutcome.Rejected(Context)));

    [Fact]
    public void Nothing_to_do_is_done_and_said() =>
        Assert.Equal((ExitCode.Done, "Nothing to do: The patch is empty."), (Endings.Of(new ExecutionOutcome.NothingToDo(Context, "The patch is empty.")) is var e ? e.Code : default, e.Message));

    public static TheoryData<RollbackOutcome, int> Rollbacks => new()
    {
        { new RollbackOutcome.Conflicted([Edited], []), 4 },
        { new RollbackOutcome.Conflicted([Edited], [new(9)]), 4 },
        { new RollbackOutcome.BackupCorrupt([new(RepositoryPath.Parse("a.cs"), ContentHash.Empty, "It is damaged.")]), 7 },
        { new RollbackOutcome.NoBackup([new(9)]), 1 },
        { new RollbackOutcome.NotFound("TX-1 is not a transaction of CTX-7."), 3 },
        { new RollbackOutcome.Refused([Error]), 1 },
    };

    [Theory]
    [MemberData(nameof(Rollbacks), DisableDiscoveryEnumeration = true)]
    public void A_rollback_that_fails_says_so_and_why(RollbackOutcome outcome, int code)
    {
        var ending = Endings.Of(Context, outcome);
        Assert.Equal(code, (int)ending.Code);
        Assert.StartsWith("Rollback failed: ", ending.Message, StringComparison.Ordinal);
        Assert.NotEmpty(ending.Hints.Concat(ending.Details));
    }

    public static TheoryData<Exception, int> Exceptions => new()
    {
        { new OperationCanceledException(), 130 },
        { new UsageException("x", "y"), 2 },
        { new NoCodebaseException("x", "y"), 3 },
        { new SandboxUnavailableException("x", "y"), 6 },
        { new RecoveryNeededException("x"), 7 },
        { new StateException(StateProblem.Corrupt, "x"), 7 },
        { new StateException(StateProblem.Missing, "x"), 7 },
        { new StateException(StateProblem.NewerVersion, "x"), 7 },
        { new StateException(StateProblem.OutcomeUnknown, "x"), 7 },
        { new StateException(StateProblem.Busy, "x"), 4 },
        { new StateException(StateProblem.Disk, "x"), 1 },
        { new IOException("x"), 1 },
        { new UnauthorizedAccessException("x"), 1 },
        { new InvalidOperationException("x"), 70 },
    };

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void A_broken_environment_has_its_code_and_a_message(Exception error, int code)
    {
        var ending = Endings.Of(error);
        Assert.Equal(code, (int)ending.Code);
        Assert.False(string.IsNullOrWhiteSpace(ending.Message));
    }

    [Fact]
    public void Every_outcome_of_the_engine_has_an_ending()
    {
        foreach (var type in typeof(ExecutionOutcome).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(ExecutionOutcome))))
            Assert.Contains($"ExecutionOutcome.{type.Name}", Source, StringComparison.Ordinal);
        foreach (var type in typeof(RollbackOutcome).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(RollbackOutcome))))
            Assert.Contains($"RollbackOutcome.{type.Name}", Source, StringComparison.Ordinal);
    }

    private static string Source { get; } = File.ReadAllText(Repository.In("src", "TarsCli", "Endings.cs"));

    private static void Ends(Ending ending, ExitCode code, string begin)
    {
        Assert.Equal(code, ending.Code);
        Assert.StartsWith(begin, ending.Message, StringComparison.Ordinal);
        Assert.NotEmpty(ending.Hints);
    }
}
