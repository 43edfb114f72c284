using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TarsEngine.Storage;

/// <summary>
/// A checksum over one row's values, kept in the row itself: SQLite's own checks miss most flipped bytes in a row's content.
/// Values are framed by type and length, so that no two different rows look alike.
/// </summary>
public static class RowChecksum
{
    /// <summary>Length of a stored checksum in bytes.</summary>
    public const int Size = 16;

    /// <param name="table">The table's name, so that a row can't stand in for another table's.</param>
    /// <param name="values">Every other column, in a fixed order, the key included; the types that <see cref="StateConnection"/> takes.</param>
    public static byte[] Of(string table, params ReadOnlySpan<object?> values)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(digest, 't', Encoding.UTF8.GetBytes(table));
        foreach (var value in values) AddValue(digest, value);
        return digest.GetHashAndReset()[..Size];
    }

    /// <summary>Checks a row that was read.</summary>
    /// <param name="row">Names the row for people: 'CTX-7', 'step 3 of CTX-7'.</param>
    /// <exception cref="StateException">The row is not what was written.</exception>
    public static void Verify(string table, string row, byte[] stored, params ReadOnlySpan<object?> values)
    {
        if (!Of(table, values).AsSpan().SequenceEqual(stored))
            throw Damaged(table, row);
    }

    /// <summary>The same words for every row that can't be trusted.</summary>
    public static StateException Damaged(string table, string row, Exception? cause = null) => new(StateProblem.Corrupt,
        $"The state database is damaged: {row} in table '{table}' is not what was written. Nothing was guessed from it. "
        + "Restore the state folder from a backup, or move it away to begin anew; the codebase itself is untouched.", cause);

    /// <summary>Framed bytes of a value, for checksums and for the audit chain.</summary>
    internal static void AddValue(IncrementalHash digest, object? value)
    {
        switch (StateValue.ToStored(value))
        {
            case null: Add(digest, 'n', []); break;
            case long number:
                Span<byte> eight = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(eight, number);
                Add(digest, 'i', eight);
                break;
            case string text: Add(digest, 's', Encoding.UTF8.GetBytes(text)); break;
            case byte[] bytes: Add(digest, 'b', bytes); break;
            case var other: throw new ArgumentException($"A row can't hold {other.GetType()}.", nameof(value));
        }
    }

    private static void Add(IncrementalHash digest, char kind, ReadOnlySpan<byte> bytes)
    {
        Span<byte> frame = stackalloc byte[9];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(frame[1..], bytes.Length);
        digest.AppendData(frame);
        digest.AppendData(bytes);
    }
}
