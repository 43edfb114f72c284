using System.Security.Cryptography;

namespace TarsEngine.Files;

/// <summary>The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.</summary>
public readonly record struct ContentHash : IComparable<ContentHash>
{
    private readonly string? hex;

    private ContentHash(string hex) => this.hex = hex;

    /// <summary>The hash of no bytes at all.</summary>
    public static ContentHash Empty { get; } = Of([]);

    /// <summary>64 lower-case hexadecimal digits; empty for the default value.</summary>
    public string Hex => hex ?? "";

    public static ContentHash Of(ReadOnlySpan<byte> bytes) => FromDigest(SHA256.HashData(bytes));

    public static ContentHash Of(Stream stream) => FromDigest(SHA256.HashData(stream));

    /// <param name="digest">Exactly 32 bytes.</param>
    public static ContentHash FromDigest(ReadOnlySpan<byte> digest) =>
        digest.Length == SHA256.HashSizeInBytes
            ? new(Convert.ToHexStringLower(digest))
            : throw new ArgumentException($"A digest has 32 bytes, this has {digest.Length}.", nameof(digest));

    public static ContentHash Parse(string text) =>
        text.Length == 64 && text.All(char.IsAsciiHexDigitLower)
            ? new(text)
            : throw new FormatException($"Not a content hash: '{text}'. It is 64 lower-case hexadecimal digits.");

    public int CompareTo(ContentHash other) => string.CompareOrdinal(Hex, other.Hex);

    public static bool operator <(ContentHash left, ContentHash right) => left.CompareTo(right) < 0;
    public static bool operator >(ContentHash left, ContentHash right) => left.CompareTo(right) > 0;
    public static bool operator <=(ContentHash left, ContentHash right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ContentHash left, ContentHash right) => left.CompareTo(right) >= 0;

    public override string ToString() => Hex;
}
