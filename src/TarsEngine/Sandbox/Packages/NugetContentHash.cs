using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TarsEngine.Sandbox.Packages;

/// <summary>
/// The 'contentHash' of NuGet's lock files: the archive's SHA-512, of a signed one as if its signature had never been put in
/// (its entry and its line in the directory left out, the other offsets moved back).
/// </summary>
internal static class NugetContentHash
{
    private const int EndSize = 22, LineSize = 46, LocalSize = 30;
    private static readonly byte[] signatureName = Encoding.ASCII.GetBytes(".signature.p7s");

    /// <exception cref="InvalidDataException">It is no archive of the plain form that packages have.</exception>
    public static string Of(ReadOnlySpan<byte> archive)
    {
        var end = archive.LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || end + EndSize > archive.Length) throw new InvalidDataException("it is no zip archive.");
        var count = U16(archive, end + 10);
        var directory = checked((int)U32(archive, end + 16));
        var lines = ReadDirectory(archive, directory, count);
        var signature = lines.Where(line => line.IsSignature).ToList();
        if (signature.Count == 0) return Convert.ToBase64String(SHA512.HashData(archive));
        if (signature.Count > 1) throw new InvalidDataException("it has more than one signature.");
        return WithoutSignature(archive, lines, signature[0], directory, end);
    }

    private static string WithoutSignature(ReadOnlySpan<byte> archive, List<Line> lines, Line signature, int directory, int end)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var byOffset = lines.OrderBy(line => line.Offset).ToList();
        var after = byOffset.IndexOf(signature) + 1;
        var size = (after < byOffset.Count ? byOffset[after].Offset : directory) - signature.Offset;
        hash.AppendData(archive[..signature.Offset]);
        hash.AppendData(archive[(signature.Offset + size)..directory]);
        Span<byte> number = stackalloc byte[4];
        foreach (var line in lines.Where(line => line != signature))
        {
            hash.AppendData(archive[line.At..(line.At + 42)]);
            BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)(line.Offset > signature.Offset ? line.Offset - size : line.Offset));
            hash.AppendData(number);
            hash.AppendData(archive[(line.At + LineSize)..(line.At + line.Size)]);
        }
        var last = lines[^1];
        hash.AppendData(archive[(last.At + last.Size)..(end + 8)]);
        BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)(U16(archive, end + 8) - 1));
        hash.AppendData(number[..2]);
        BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)(U16(archive, end + 10) - 1));
        hash.AppendData(number[..2]);
        BinaryPrimitives.WriteUInt32LittleEndian(number, U32(archive, end + 12) - (uint)signature.Size);
        hash.AppendData(number);
        BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)(directory - size));
        hash.AppendData(number);
        hash.AppendData(archive[(end + 20)..]);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static List<Line> ReadDirectory(ReadOnlySpan<byte> archive, int at, int count)
    {
        var lines = new List<Line>();
        for (var i = 0; i < count; i++)
        {
            if (at < 0 || at + LineSize > archive.Length || !archive[at..].StartsWith("PK\u0001\u0002"u8)) throw new InvalidDataException("its directory is damaged.");
            var (name, extra, comment) = (U16(archive, at + 28), U16(archive, at + 30), U16(archive, at + 32));
            var offset = checked((int)U32(archive, at + 42));
            var size = LineSize + name + extra + comment;
            if (at + size > archive.Length || offset + LocalSize > archive.Length) throw new InvalidDataException("its directory is damaged.");
            lines.Add(new(at, size, offset, archive.Slice(at + LineSize, name).SequenceEqual(signatureName)));
            at += size;
        }
        return lines;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    /// <param name="At">Where its line stands in the directory.</param>
    /// <param name="Offset">Where the entry itself stands.</param>
    private sealed record Line(int At, int Size, int Offset, bool IsSignature);
}
