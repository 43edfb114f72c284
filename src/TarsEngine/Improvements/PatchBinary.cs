using System.Buffers.Text;
using System.IO.Compression;

namespace TarsEngine.Improvements;

/// <summary>Checks a 'GIT binary patch' section: every line's length, the base-85 text, and the sizes that it promises.</summary>
internal static class PatchBinary
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
    private static readonly sbyte[] Values = MakeValues();

    /// <summary>Reads what follows the 'GIT binary patch' line: the change, and what undoes it where that is given.</summary>
    /// <returns>The byte after the section.</returns>
    public static long Read(PatchLines lines, PatchLimits limits)
    {
        var marker = lines.Number;
        if (!lines.Next() || !IsHunk(lines))
            throw new PatchFormatException(marker, "'GIT binary patch' is followed by neither 'literal' nor 'delta': the binary hunk is cut.");
        ReadHunk(lines, limits);
        var end = lines.EndOffset;
        if (!lines.Next()) return end;
        if (!IsHunk(lines))
        {
            lines.Unread();
            return end;
        }
        ReadHunk(lines, limits);
        return lines.EndOffset;
    }

    private static bool IsHunk(PatchLines lines) => lines.StartsWith("literal "u8) || lines.StartsWith("delta "u8);

    private static void ReadHunk(PatchLines lines, PatchLimits limits)
    {
        var header = lines.Number;
        var isDelta = lines.StartsWith("delta "u8);
        var number = lines.Current[(isDelta ? 6 : 8)..];
        if (number.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(number, out long size, out var used) || used != number.Length)
            throw lines.Error($"'{PatchNames.Show(lines.Current)}' doesn't say a size in bytes.");
        if (size > limits.MaxFileBytes) throw lines.Error($"the binary hunk makes {size:N0} bytes; the limit is {limits.MaxFileBytes:N0}.");
        using var packed = new MemoryStream();
        while (true)
        {
            if (!lines.Next()) throw lines.Error($"the patch ends inside the binary hunk of line {header}: it is cut.");
            if (lines.Current.IsEmpty) break;
            DecodeLine(lines, packed);
        }
        packed.Position = 0;
        Inflate(packed, size, isDelta, header, limits);
    }

    private static void DecodeLine(PatchLines lines, MemoryStream into)
    {
        var text = lines.Current;
        var bytes = text[0] switch
        {
            >= (byte)'A' and <= (byte)'Z' => text[0] - 'A' + 1,
            >= (byte)'a' and <= (byte)'z' => text[0] - 'a' + 27,
            _ => throw lines.Error($"'{PatchNames.Show(text)}' is no line of a binary hunk: the hunk is cut or mangled."),
        };
        if (text.Length != 1 + (bytes + 3) / 4 * 5 || !lines.HasNewline)
            throw lines.Error($"the line of the binary hunk should carry {bytes} bytes and has {text.Length - 1} characters for them: the hunk is cut or mangled.");
        Span<byte> four = stackalloc byte[4];
        for (var i = 1; i < text.Length; i += 5, bytes -= 4)
        {
            ulong value = 0;
            foreach (var c in text.Slice(i, 5))
            {
                var digit = Values[c];
                if (digit < 0) throw lines.Error("the line of the binary hunk holds a character that base 85 doesn't have.");
                value = value * 85 + (ulong)digit;
            }
            if (value > uint.MaxValue) throw lines.Error("the line of the binary hunk holds a group that is too large.");
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(four, (uint)value);
            into.Write(four[..Math.Min(4, bytes)]);
        }
    }

    private static void Inflate(MemoryStream packed, long size, bool isDelta, int header, PatchLimits limits)
    {
        var start = new byte[32];
        long count = 0;
        try
        {
            using var data = new ZLibStream(packed, CompressionMode.Decompress);
            var buffer = new byte[32 << 10];
            for (int read; (read = data.Read(buffer)) > 0; count += read)
            {
                if (count == 0) buffer.AsSpan(0, Math.Min(read, start.Length)).CopyTo(start);
                if (count + read > size) break;
            }
        }
        catch (InvalidDataException)
        {
            throw new PatchFormatException(header, "the binary hunk's data can't be unpacked: it is cut or mangled.");
        }
        if (count != size) throw new PatchFormatException(header, $"the binary hunk says {size:N0} bytes, but its data unpacks to another size: it is cut or mangled.");
        if (isDelta && DeltaResult(start) > (ulong)limits.MaxFileBytes)
            throw new PatchFormatException(header, $"the binary delta makes a file of more than {limits.MaxFileBytes:N0} bytes, which is the limit.");
    }

    /// <summary>A delta begins with the sizes of what it is made from and of what it makes.</summary>
    private static ulong DeltaResult(ReadOnlySpan<byte> delta)
    {
        var at = 0;
        Varint(delta, ref at);
        return Varint(delta, ref at);

        static ulong Varint(ReadOnlySpan<byte> delta, ref int at)
        {
            ulong value = 0;
            for (var shift = 0; at < delta.Length && shift < 63; shift += 7)
            {
                var one = delta[at++];
                value |= (ulong)(one & 0x7F) << shift;
                if ((one & 0x80) == 0) return value;
            }
            return ulong.MaxValue;
        }
    }

    private static sbyte[] MakeValues()
    {
        var values = new sbyte[256];
        Array.Fill(values, (sbyte)-1);
        for (var i = 0; i < Alphabet.Length; i++) values[Alphabet[i]] = (sbyte)i;
        return values;
    }
}
