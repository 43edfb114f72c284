using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>How values become what SQLite stores (null, long, string, bytes) and back, without loss.</summary>
internal static class StateValue
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static object? ToStored(object? value) => value switch
    {
        null => null,
        long or string or byte[] => value,
        int number => (long)number,
        bool flag => flag ? 1L : 0L,
        Enum name => name.ToString(),
        DateTimeOffset time => Time(time),
        TimeSpan span => span.Ticks,
        ContentHash hash => hash.Hex,
        RepositoryPath path => path.ToBytes(),
        ImprovementId id => id.Number,
        ContextId id => id.Number,
        TransactionId id => id.Number,
        _ => throw new ArgumentException($"The state database can't hold {value.GetType()}.", nameof(value)),
    };

    /// <summary>UTC, of fixed width, so that text order is time order.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
