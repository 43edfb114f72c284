using System.Text.Json;
using TarsEngine.Changes;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>Contexts and their changes as rows, each with its checksum.</summary>
internal static class ContextRows
{
    private const string Columns = "id, improvement, state, options, base_tree, result_tree, verdict, error, created, updated, steps_done, steps_total, checksum";

    private static readonly string AtRest = string.Join(", ", Enum.GetValues<ContextState>().Where(state => state.IsAtRest()).Select(state => $"'{state}'"));

    public static ContextId Insert(StateConnection tx, ImprovementId improvement, ExecutionOptions options)
    {
        // The number first: the checksum covers it.
        var next = (tx.QueryNumber("SELECT seq FROM sqlite_sequence WHERE name = 'contexts'") ?? 0) + 1;
        var context = new ExecutionContext(new(next), improvement, ContextState.Planning, options.DryRun, options, null, null, null, null, null, tx.Now, tx.Now, 0, 0);
        tx.Execute($"INSERT INTO contexts({Columns}) VALUES({Parameters})", Values(context));
        return context.Id;
    }

    public static void Update(StateConnection tx, ExecutionContext context) => tx.Execute(
        "UPDATE contexts SET improvement = $improvement, state = $state, options = $options, base_tree = $base_tree, result_tree = $result_tree, verdict = $verdict, "
        + "error = $error, created = $created, updated = $updated, steps_done = $steps_done, steps_total = $steps_total, checksum = $checksum WHERE id = $id",
        Values(context));

    public static ExecutionContext? Find(StateConnection tx, ContextId id, bool withChanges)
    {
        var context = tx.QueryOne($"SELECT {Columns} FROM contexts WHERE id = $id", Read, ("$id", id));
        if (context is null || !withChanges || ReadParts(tx, id) is not { } parts) return context;
        return context with { Parts = parts, Changes = NamedChange.Net(parts) };
    }

    public static IReadOnlyList<ExecutionContext> List(StateConnection tx, ImprovementId? improvement) => tx.Query(
        $"SELECT {Columns} FROM contexts WHERE $improvement IS NULL OR improvement = $improvement ORDER BY id", Read, ("$improvement", improvement));

    /// <summary>Those in a running state. Not asked for by that: a state whose word is damaged must be met here.</summary>
    public static IReadOnlyList<ExecutionContext> Running(StateConnection tx) => tx.Query(
        $"SELECT {Columns} FROM contexts WHERE state NOT IN ({AtRest}) ORDER BY id", Read);

    public static void WriteParts(StateConnection tx, ContextId id, IReadOnlyList<NamedChange> parts)
    {
        var text = ChangeSetJson.Write(parts);
        tx.Execute("INSERT INTO context_changes(context, parts, checksum) VALUES($id, $parts, $checksum) "
            + "ON CONFLICT(context) DO UPDATE SET parts = excluded.parts, checksum = excluded.checksum",
            ("$id", id), ("$parts", text), ("$checksum", RowChecksum.Of("context_changes", id, text)));
    }

    private static IReadOnlyList<NamedChange>? ReadParts(StateConnection tx, ContextId id) => tx.QueryOne(
        "SELECT parts, checksum FROM context_changes WHERE context = $id",
        row =>
        {
            RowChecksum.Verify("context_changes", id.ToString(), row.Bytes(1), id, row.Text(0));
            try
            {
                return ChangeSetJson.Read(row.Text(0));
            }
            catch (FormatException error)
            {
                throw RowChecksum.Damaged("context_changes", id.ToString(), error);
            }
        },
        ("$id", id));

    private const string Parameters =
        "$id, $improvement, $state, $options, $base_tree, $result_tree, $verdict, $error, $created, $updated, $steps_done, $steps_total, $checksum";

    private static ReadOnlySpan<(string, object?)> Values(ExecutionContext context)
    {
        var options = JsonSerializer.Serialize(context.Options, PlanningJson.Default.ExecutionOptions);
        return new (string, object?)[]
        {
            ("$id", context.Id), ("$improvement", context.Improvement), ("$state", context.State), ("$options", options),
            ("$base_tree", context.BaseTree), ("$result_tree", context.ResultTree), ("$verdict", context.Verdict), ("$error", context.Error),
            ("$created", context.Created), ("$updated", context.Updated), ("$steps_done", context.StepsDone), ("$steps_total", context.StepsTotal),
            ("$checksum", Checksum(context, options)),
        };
    }

    private static ExecutionContext Read(StateRow row)
    {
        var id = new ContextId(row.Long(0));
        try
        {
            var options = JsonSerializer.Deserialize(row.Text(3), PlanningJson.Default.ExecutionOptions) ?? throw new JsonException("null");
            var context = new ExecutionContext(id, new(row.Long(1)), row.Name<ContextState>(2), options.DryRun, options, row.HashOrNull(4), row.HashOrNull(5), null,
                row.TextOrNull(6), row.TextOrNull(7), row.Time(8), row.Time(9), row.Int(10), row.Int(11));
            if (!Checksum(context, row.Text(3)).AsSpan().SequenceEqual(row.Bytes(12))) throw RowChecksum.Damaged("contexts", id.ToString());
            return context;
        }
        catch (JsonException error)
        {
            throw RowChecksum.Damaged("contexts", id.ToString(), error);
        }
    }

    private static byte[] Checksum(ExecutionContext context, string options) => RowChecksum.Of("contexts",
        context.Id, context.Improvement, context.State, options, context.BaseTree, context.ResultTree, context.Verdict, context.Error,
        context.Created, context.Updated, context.StepsDone, context.StepsTotal);
}
