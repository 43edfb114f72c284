using System.Text.Json;
using TarsEngine.Improvements;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>A plan's steps as rows, so that a killed run is known to the step.</summary>
internal static class PlanRows
{
    private const string Columns = "context, ordinal, wave, step, definition, rollback, state, error, started, finished, checksum";

    public static void Insert(StateConnection tx, ContextId context, ExecutionPlan plan)
    {
        tx.Execute("DELETE FROM steps WHERE context = $context", ("$context", context));
        for (var i = 0; i < plan.Steps.Count; i++) Write(tx, new(context, i, plan.Steps[i]));
    }

    public static ExecutionPlan? Read(StateConnection tx, ContextId context, ImprovementId improvement)
    {
        var rows = tx.Query($"SELECT {Columns} FROM steps WHERE context = $context ORDER BY ordinal", Read, ("$context", context));
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Ordinal != i) throw RowChecksum.Damaged("steps", $"step {i} of {context}");
        }
        return rows.Count == 0 ? null : new(improvement, [.. rows.Select(r => r.Step)]);
    }

    /// <summary>The step before and after; null when the plan has no such step.</summary>
    public static (ExecutionStep Before, ExecutionStep After)? SetState(StateConnection tx, ContextId context, string step, StepState state, string? error)
    {
        if (tx.QueryOne($"SELECT {Columns} FROM steps WHERE context = $context AND step = $step", Read, ("$context", context), ("$step", step)) is not { } row) return null;
        var after = row.Step with
        {
            State = state,
            Error = error,
            Started = state == StepState.Running ? tx.Now : row.Step.Started,
            Finished = state is StepState.Done or StepState.Failed or StepState.Skipped ? tx.Now : null,
        };
        Write(tx, row with { Step = after });
        return (row.Step, after);
    }

    private static void Write(StateConnection tx, Row row)
    {
        var (context, ordinal, step) = row;
        var definition = StepJson.Write(new StepDefinition(step.Id, step.Action, step.DependsOn, step.Description, step.Transaction, step.Expectations));
        var rollback = step.Rollback.Paths is { } paths ? JsonSerializer.Serialize([.. paths], PlanningJson.Default.RepositoryPathArray) : null;
        tx.Execute($"INSERT OR REPLACE INTO steps({Columns}) VALUES($context, $ordinal, $wave, $step, $definition, $rollback, $state, $error, $started, $finished, $checksum)",
            ("$context", context), ("$ordinal", ordinal), ("$wave", step.Wave), ("$step", step.Id), ("$definition", definition), ("$rollback", rollback),
            ("$state", step.State), ("$error", step.Error), ("$started", step.Started), ("$finished", step.Finished),
            ("$checksum", Checksum(row, definition, rollback)));
    }

    private static Row Read(StateRow row)
    {
        var context = new ContextId(row.Long(0));
        var name = $"step {row.Long(1) + 1} of {context}";
        try
        {
            var definition = StepJson.ReadOne(row.Text(4));
            var paths = row.IsNull(5) ? null : JsonSerializer.Deserialize(row.Text(5), PlanningJson.Default.RepositoryPathArray);
            var step = new ExecutionStep(row.Text(3), definition.Action, definition.DependsOn, definition.Transaction, definition.Expectations,
                new RollbackProcedure(definition.Transaction, paths), row.Name<StepState>(6))
            {
                Description = definition.Description, Wave = row.Int(2), Error = row.TextOrNull(7), Started = row.TimeOrNull(8), Finished = row.TimeOrNull(9),
            };
            var read = new Row(context, row.Int(1), step);
            if (!Checksum(read, row.Text(4), row.TextOrNull(5)).AsSpan().SequenceEqual(row.Bytes(10))) throw RowChecksum.Damaged("steps", name);
            return read;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw RowChecksum.Damaged("steps", name, error);
        }
    }

    private static byte[] Checksum(Row row, string definition, string? rollback) => RowChecksum.Of("steps",
        row.Context, row.Ordinal, row.Step.Wave, row.Step.Id, definition, rollback, row.Step.State, row.Step.Error, row.Step.Started, row.Step.Finished);

    private sealed record Row(ContextId Context, int Ordinal, ExecutionStep Step);
}
