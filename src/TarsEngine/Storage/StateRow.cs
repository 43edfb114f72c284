using Microsoft.Data.Sqlite;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>One row of a query. Types are strict: a number where text was stored means damage, and is said.</summary>
public readonly struct StateRow
{
    private readonly SqliteDataReader reader;

    internal StateRow(SqliteDataReader reader) => this.reader = reader;

    public bool IsNull(int column) => reader.IsDBNull(column);

    public long Long(int column) => reader.GetValue(column) is long value ? value : throw Unexpected(column, "a number");

    public int Int(int column) => Long(column) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Unexpected(column, "a small number");

    public bool Bool(int column) => Long(column) switch { 0 => false, 1 => true, _ => throw Unexpected(column, "0 or 1") };

    public string Text(int column) => reader.GetValue(column) is string value ? value : throw Unexpected(column, "text");

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => reader.GetValue(column) is byte[] value ? value : throw Unexpected(column, "bytes");

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : Bytes(column);

    public DateTimeOffset Time(int column) =>
        StateValue.TryTime(Text(column), out var time) ? time : throw Unexpected(column, "a time");

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public TimeSpan Span(int column) => new(Long(column));

    /// <summary>An enumeration's member by its exact name.</summary>
    public T Name<T>(int column) where T : struct, Enum =>
        Enum.TryParse<T>(Text(column), ignoreCase: false, out var value) && value.ToString() == Text(column)
            ? value
            : throw Unexpected(column, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    public ContentHash Hash(int column)
    {
        try
        {
            return ContentHash.Parse(Text(column));
        }
        catch (FormatException)
        {
            throw Unexpected(column, "a content hash");
        }
    }

    public ContentHash? HashOrNull(int column) => IsNull(column) ? null : Hash(column);

    public RepositoryPath Path(int column)
    {
        try
        {
            return RepositoryPath.FromBytes(Bytes(column));
        }
        catch (FormatException)
        {
            throw Unexpected(column, "a path inside the codebase");
        }
    }

    public RepositoryPath? PathOrNull(int column) => IsNull(column) ? null : Path(column);

    private StateException Unexpected(int column, string expected) => new(StateProblem.Corrupt,
        $"The state database is damaged: column '{reader.GetName(column)}' does not hold {expected}. Nothing was guessed from it. "
        + "Restore the state folder from a backup, or move it away to begin anew; the codebase itself is untouched.");
}
