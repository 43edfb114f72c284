using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Storage;

namespace TarsAutonomy.Sessions;

/// <summary>Sessions and their tasks in the state database; every row carries a checksum.</summary>
public sealed class NightStore(StateDatabase database)
{
    private const string Nights = "nights", Tasks = "night_tasks";

    /// <summary>Begins a session.</summary>
    public NightSession Begin(NightSession session) => database.Write("begin a session", tx =>
    {
        var id = new NightId((tx.QueryNumber("SELECT seq FROM sqlite_sequence WHERE name = 'nights'") ?? 0) + 1);
        var begun = session with { Id = id, Tasks = [] };
        var body = Body(begun);
        tx.Execute("INSERT INTO nights(id, state, body, checksum) VALUES($id, $state, $body, $checksum)",
            ("$id", id.Number), ("$state", begun.State), ("$body", body), ("$checksum", RowChecksum.Of(Nights, id.Number, begun.State, body)));
        return begun;
    });

    /// <summary>Stores where a session stands; its tasks are stored one by one.</summary>
    public void Save(NightSession session) => database.Write($"save {session.Id}", tx =>
    {
        var body = Body(session);
        tx.Execute("UPDATE nights SET state = $state, body = $body, checksum = $checksum WHERE id = $id",
            ("$id", session.Id.Number), ("$state", session.State), ("$body", body), ("$checksum", RowChecksum.Of(Nights, session.Id.Number, session.State, body)));
    });

    /// <summary>Stores where a task stands.</summary>
    public void Save(NightId night, NightTask task) => database.Write($"save task {task.TaskId} of {night}", tx =>
    {
        var body = JsonSerializer.Serialize(task, NightJson.Default.NightTask);
        tx.Execute("INSERT OR REPLACE INTO night_tasks(night, ordinal, task, body, checksum) VALUES($night, $ordinal, $task, $body, $checksum)",
            ("$night", night.Number), ("$ordinal", (long)task.Ordinal), ("$task", task.TaskId), ("$body", body),
            ("$checksum", RowChecksum.Of(Tasks, night.Number, (long)task.Ordinal, task.TaskId, body)));
    });

    public NightSession? Get(NightId id) => database.Read($"read {id}", tx =>
        tx.QueryOne("SELECT id, state, body, checksum FROM nights WHERE id = $id", ReadNight, ("$id", id.Number)) is { } night ? night with { Tasks = ReadTasks(tx, id) } : null);

    /// <summary>The sessions with their tasks, the oldest first.</summary>
    /// <param name="last">Only so many, the newest.</param>
    public IReadOnlyList<NightSession> List(int last = int.MaxValue) => database.Read("list the sessions", tx =>
        (IReadOnlyList<NightSession>)[.. tx.Query("SELECT id, state, body, checksum FROM nights ORDER BY id DESC LIMIT $last", ReadNight, ("$last", (long)last))
            .Reverse().Select(night => night with { Tasks = ReadTasks(tx, night.Id) })]);

    private static IReadOnlyList<NightTask> ReadTasks(StateConnection tx, NightId night) => tx.Query(
        "SELECT night, ordinal, task, body, checksum FROM night_tasks WHERE night = $night ORDER BY ordinal", ReadTask, ("$night", night.Number));

    private static string Body(NightSession session) => JsonSerializer.Serialize(session with { Tasks = [] }, NightJson.Default.NightSession);

    private static NightSession ReadNight(StateRow row)
    {
        var name = new NightId(row.Long(0)).ToString();
        RowChecksum.Verify(Nights, name, row.Bytes(3), row.Long(0), row.Text(1), row.Text(2));
        return Parse(Nights, name, row.Text(2), NightJson.Default.NightSession);
    }

    private static NightTask ReadTask(StateRow row)
    {
        var name = $"task {row.Text(2)} of {new NightId(row.Long(0))}";
        RowChecksum.Verify(Tasks, name, row.Bytes(4), row.Long(0), row.Long(1), row.Text(2), row.Text(3));
        return Parse(Tasks, name, row.Text(3), NightJson.Default.NightTask);
    }

    private static T Parse<T>(string table, string row, string body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw RowChecksum.Damaged(table, row);
        }
        catch (JsonException error)
        {
            throw RowChecksum.Damaged(table, row, error);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(NightSession))]
[JsonSerializable(typeof(NightTask))]
internal sealed partial class NightJson : JsonSerializerContext;
