using System.Globalization;
using System.Text;

namespace TarsCli.Output;

/// <summary>
/// Makes a program's bytes harmless for the terminal that they go to: text, line ends, tabs, colours and the erasing of a line
/// pass; every other control character or sequence (titles, clipboard, keys, cursor) is shown instead of obeyed.
/// </summary>
internal sealed class TerminalGuard
{
    private const byte Escape = 0x1B, LongestSequence = 32, FirstOfControls = 0xC2;
    private readonly List<byte> held = [];

    /// <summary>What may be written for these bytes. An unfinished sequence is held back until it ends.</summary>
    public byte[] Filter(ReadOnlySpan<byte> bytes)
    {
        var safe = new MemoryStream(bytes.Length);
        foreach (var one in bytes) Take(one, safe);
        return safe.ToArray();
    }

    /// <summary>What was held back when nothing more came.</summary>
    public byte[] End()
    {
        var safe = new MemoryStream();
        Show(safe);
        return safe.ToArray();
    }

    private void Take(byte one, MemoryStream safe)
    {
        if (held.Count > 0)
        {
            if (held[0] == FirstOfControls) TakeSecond(one, safe);
            else TakeSequence(one, safe);
        }
        else if (one is Escape or FirstOfControls) held.Add(one);
        else if (one is (byte)'\n' or (byte)'\r' or (byte)'\t' or >= 0x20 and not 0x7F) safe.WriteByte(one);
        else Show(one, safe);
    }

    /// <summary>U+0080 to U+009F are controls too, and begin with the same byte as letters that are none.</summary>
    private void TakeSecond(byte one, MemoryStream safe)
    {
        held.Clear();
        if (one is >= 0x80 and <= 0x9F)
        {
            Show(one, safe);
            return;
        }
        safe.WriteByte(FirstOfControls);
        Take(one, safe);
    }

    private void TakeSequence(byte one, MemoryStream safe)
    {
        var isOpening = held.Count == 1 && one == '[';
        var isParameter = held.Count > 1 && (one is >= (byte)'0' and <= (byte)'9' || one is (byte)';' or (byte)':');
        if (isOpening || (isParameter && held.Count < LongestSequence))
        {
            held.Add(one);
        }
        else if (held.Count > 1 && one is ((byte)'m' or (byte)'K'))
        {
            safe.Write([.. held, one]);
            held.Clear();
        }
        else
        {
            Show(safe);
            Take(one, safe);
        }
    }

    private void Show(MemoryStream safe)
    {
        foreach (var one in held)
        {
            if (one < 0x20) Show(one, safe);
            else safe.WriteByte(one);
        }
        held.Clear();
    }

    private static void Show(byte one, MemoryStream safe) => safe.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{one:x4}")));
}
