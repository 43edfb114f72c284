using System.Text.Json;
using TarsEngine.Storage;

namespace TarsAutonomy.Alerts;

/// <summary>A message that has not been delivered.</summary>
/// <param name="Channel">'command', 'webhook' or 'mail'.</param>
/// <param name="Due">When it is tried next; null when it was given up.</param>
/// <param name="Error">Why the last attempt failed; null before the first.</param>
public sealed record OutboxItem(long Number, string Channel, string Kind, string Title, DateTimeOffset Created, int Attempts, DateTimeOffset? Due, string? Error);

/// <param name="Body">JSON.</param>
internal sealed record OutboxRow(long Id, string Channel, string Body, DateTimeOffset Created, int Attempts, DateTimeOffset? Due, string? Error)
{
    public AlertMessage Message
    {
        get
        {
            try
            {
                return AlertMessage.FromJson(Body);
            }
            catch (JsonException error)
            {
                throw RowChecksum.Damaged("outbox", $"message {Id}", error);
            }
        }
    }

    public OutboxItem ToItem() => new(Id, Channel, Message.Kind, Message.Title, Created, Attempts, Due, Error);
}

/// <summary>Undelivered messages as rows, each with its checksum.</summary>
internal static class OutboxRows
{
    private const string Columns = "id, channel, body, created, attempts, due, error, checksum";

    public static void Insert(StateConnection tx, string channel, string body)
    {
        // The number first: the checksum covers it.
        var id = (tx.QueryNumber("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'") ?? 0) + 1;
        tx.Execute($"INSERT INTO outbox({Columns}) VALUES($id, $channel, $body, $created, $attempts, $due, $error, $checksum)",
            Values(new(id, channel, body, tx.Now, 0, tx.Now, null)));
    }

    public static void Update(StateConnection tx, OutboxRow row) => tx.Execute(
        "UPDATE outbox SET channel = $channel, body = $body, created = $created, attempts = $attempts, due = $due, error = $error, checksum = $checksum WHERE id = $id", Values(row));

    public static void Delete(StateConnection tx, long id) => tx.Execute("DELETE FROM outbox WHERE id = $id", ("$id", id));

    public static IReadOnlyList<OutboxRow> All(StateConnection tx) => tx.Query($"SELECT {Columns} FROM outbox ORDER BY id", Read);

    private static (string, object?)[] Values(OutboxRow row) =>
    [
        ("$id", row.Id), ("$channel", row.Channel), ("$body", row.Body), ("$created", row.Created), ("$attempts", row.Attempts), ("$due", row.Due), ("$error", row.Error),
        ("$checksum", Checksum(row)),
    ];

    private static byte[] Checksum(OutboxRow row) => RowChecksum.Of("outbox", row.Id, row.Channel, row.Body, row.Created, row.Attempts, row.Due, row.Error);

    private static OutboxRow Read(StateRow row)
    {
        var read = new OutboxRow(row.Long(0), row.Text(1), row.Text(2), row.Time(3), row.Int(4), row.TimeOrNull(5), row.TextOrNull(6));
        RowChecksum.Verify("outbox", $"message {read.Id}", row.Bytes(7), read.Id, read.Channel, read.Body, read.Created, read.Attempts, read.Due, read.Error);
        return read;
    }
}
