using System.Text.Json;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>Events and reviews as rows.</summary>
internal static class EventRows
{
    private const string ReviewColumns = "id, context, time, reviewer, decision, comment, tree, checksum";

    public static void Append(StateConnection tx, ContextId context, IReadOnlyList<ExecutionEvent> events)
    {
        var sequence = tx.QueryNumber("SELECT max(sequence) FROM events WHERE context = $context", ("$context", context)) ?? 0;
        foreach (var one in events)
        {
            tx.Execute("INSERT INTO events(context, sequence, time, body) VALUES($context, $sequence, $time, $body)", ("$context", context), ("$sequence", ++sequence),
                ("$time", one.Time == default ? tx.Now : one.Time), ("$body", JsonSerializer.Serialize(one, PlanningJson.Default.ExecutionEvent)));
        }
    }

    public static IReadOnlyList<StoredEvent> Read(StateConnection tx, ContextId context, long after, int most) => tx.Query(
        "SELECT sequence, time, body FROM events WHERE context = $context AND sequence > $after ORDER BY sequence LIMIT $most",
        row =>
        {
            try
            {
                var body = JsonSerializer.Deserialize(row.Text(2), PlanningJson.Default.ExecutionEvent) ?? throw new JsonException("null");
                return new StoredEvent(row.Long(0), body with { Time = row.Time(1) });
            }
            catch (Exception error) when (error is JsonException or NotSupportedException)
            {
                throw RowChecksum.Damaged("events", $"event {row.Long(0)} of {context}", error);
            }
        },
        ("$context", context), ("$after", after), ("$most", most));

    public static void InsertReview(StateConnection tx, ContextId context, ReviewNote review)
    {
        var next = (tx.QueryNumber("SELECT seq FROM sqlite_sequence WHERE name = 'reviews'") ?? 0) + 1;
        tx.Execute($"INSERT INTO reviews({ReviewColumns}) VALUES($id, $context, $time, $reviewer, $decision, $comment, $tree, $checksum)",
            ("$id", next), ("$context", context), ("$time", review.Time), ("$reviewer", review.Reviewer), ("$decision", review.Decision),
            ("$comment", review.Comment), ("$tree", review.Tree), ("$checksum", Checksum(next, context, review)));
    }

    public static IReadOnlyList<ReviewNote> ReadReviews(StateConnection tx, ContextId context) => tx.Query(
        $"SELECT {ReviewColumns} FROM reviews WHERE context = $context ORDER BY id",
        row =>
        {
            var review = new ReviewNote(row.Text(3), row.Name<ReviewDecision>(4), row.TextOrNull(5), row.HashOrNull(6)) { Time = row.Time(2) };
            if (!Checksum(row.Long(0), context, review).AsSpan().SequenceEqual(row.Bytes(7))) throw RowChecksum.Damaged("reviews", $"review {row.Long(0)} of {context}");
            return review;
        },
        ("$context", context));

    private static byte[] Checksum(long id, ContextId context, ReviewNote review) => RowChecksum.Of("reviews",
        id, context, review.Time, review.Reviewer, review.Decision, review.Comment, review.Tree);
}
