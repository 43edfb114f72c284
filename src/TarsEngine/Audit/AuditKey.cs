using System.Security.Cryptography;

namespace TarsEngine.Audit;

/// <summary>A secret of one user for one codebase. Who doesn't have it can't sign an entry.</summary>
internal sealed class AuditKey
{
    public const int Size = 32;
    private readonly byte[] secret;

    public AuditKey(byte[] secret)
    {
        this.secret = secret;
        Id = Convert.ToHexStringLower(SHA256.HashData([.. "tars audit key id "u8, .. secret]))[..16];
    }

    /// <summary>Names the key without telling anything about it.</summary>
    public string Id { get; }

    public byte[] Sign(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(secret, bytes);

    public bool HasSigned(ReadOnlySpan<byte> bytes, byte[] signature) => CryptographicOperations.FixedTimeEquals(Sign(bytes), signature);
}
