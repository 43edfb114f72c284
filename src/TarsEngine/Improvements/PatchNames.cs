using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>File names in patches: git's C-style quoting, and the prefixes a/ and b/.</summary>
internal static class PatchNames
{
    /// <summary>The prefixes of git's default and of <c>diff.mnemonicPrefix</c>.</summary>
    private const string Prefixes = "abciwo12";

    public static ReadOnlySpan<byte> NullDevice => "/dev/null"u8;

    /// <summary>A line or name for messages: safe on a terminal, and not endless.</summary>
    public static string Show(ReadOnlySpan<byte> bytes) =>
        ByteText.Display(ByteText.Decode(bytes.Length > 120 ? bytes[..120] : bytes)) + (bytes.Length > 120 ? "…" : "");

    /// <summary>Reads a quoted name at the start of <paramref name="text"/> and moves behind it.</summary>
    public static byte[] Unquote(ref ReadOnlySpan<byte> text, int line)
    {
        var name = new List<byte>(text.Length);
        for (var i = 1; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"')
            {
                text = text[(i + 1)..];
                return [.. name];
            }
            if (c != '\\')
            {
                name.Add(c);
                continue;
            }
            if (++i >= text.Length) break;
            if (text[i] is >= (byte)'0' and <= (byte)'3' && i + 2 < text.Length && IsOctal(text[i + 1]) && IsOctal(text[i + 2]))
            {
                name.Add((byte)(((text[i] - '0') << 6) | ((text[i + 1] - '0') << 3) | (text[i + 2] - '0')));
                i += 2;
                continue;
            }
            var at = "abtnvfr\"\\"u8.IndexOf(text[i]);
            if (at < 0) throw new PatchFormatException(line, $"the quoted name {Show(text)} holds an escape that git doesn't write.");
            name.Add("\a\b\t\n\v\f\r\"\\"u8[at]);
        }
        throw new PatchFormatException(line, $"the quoted name {Show(text)} has no closing quote.");

        static bool IsOctal(byte c) => c is >= (byte)'0' and <= (byte)'7';
    }

    /// <summary>The whole of <paramref name="text"/> as one name, quoted or not.</summary>
    public static byte[] Whole(ReadOnlySpan<byte> text, int line)
    {
        if (text is [(byte)'"', ..])
        {
            var name = Unquote(ref text, line);
            return text.IsEmpty ? name : throw new PatchFormatException(line, $"'{Show(text)}' follows the closing quote of a name.");
        }
        if (text.EndsWith("\r"u8))
            throw new PatchFormatException(line, "the line ends with CR LF: the patch was converted on its way; make it again, or send it as a file, byte for byte.");
        return text.ToArray();
    }

    /// <summary>The name of a '---' or '+++' line: quoted, or up to a tab; what follows the tab is its date.</summary>
    public static byte[] Marked(ReadOnlySpan<byte> text, int line, out string date)
    {
        date = "";
        if (text is [(byte)'"', ..])
        {
            var quoted = Unquote(ref text, line);
            if (text is [(byte)'\t', ..]) date = Show(text[1..]);
            else if (!text.IsEmpty) throw new PatchFormatException(line, $"'{Show(text)}' follows the closing quote of a name.");
            return quoted;
        }
        var tab = text.IndexOf((byte)'\t');
        if (tab < 0) return Whole(text, line);
        date = Show(text[(tab + 1)..].TrimEnd((byte)'\r'));
        return text[..tab].ToArray();
    }

    public static bool HasPrefix(ReadOnlySpan<byte> name) => name.Length > 2 && name[1] == '/' && Prefixes.Contains((char)name[0], StringComparison.Ordinal);

    /// <summary>The name without 'a/' or 'b/'.</summary>
    public static byte[] Strip(byte[] name, int line)
    {
        if (HasPrefix(name)) return name[2..];
        if (!RepositoryPath.TryParse(ByteText.Decode(name), out _, out var problem)) throw new PatchFormatException(line, problem, isDenied: true);
        throw new PatchFormatException(line,
            $"the name '{Show(name)}' doesn't begin with a/ or b/; make the patch with 'git diff --binary --src-prefix=a/ --dst-prefix=b/'.");
    }

    /// <summary>Moves behind <paramref name="name"/>, prefixed and perhaps quoted, at the start of <paramref name="text"/>.</summary>
    public static bool TrySkip(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, int line, out byte prefix)
    {
        prefix = 0;
        if (text is [(byte)'"', ..])
        {
            var quoted = Unquote(ref text, line);
            if (!HasPrefix(quoted) || !quoted.AsSpan(2).SequenceEqual(name)) return false;
            prefix = quoted[0];
            return true;
        }
        if (!HasPrefix(text) || !text[2..].StartsWith(name)) return false;
        prefix = text[0];
        text = text[(2 + name.Length)..];
        return true;
    }

    /// <summary>Quoted when it holds anything but plain ASCII; with spaces too, which git leaves to guessing.</summary>
    public static byte[] Quote(ReadOnlySpan<byte> name)
    {
        if (!name.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !name.ContainsAny((byte)'"', (byte)'\\')) return name.ToArray();
        var text = new StringBuilder("\"");
        foreach (var c in name)
        {
            if (c is (byte)'"' or (byte)'\\') text.Append('\\').Append((char)c);
            else if (c is >= (byte)' ' and <= (byte)'~') text.Append((char)c);
            else text.Append('\\').Append(Convert.ToString(c, 8).PadLeft(3, '0'));
        }
        return Encoding.ASCII.GetBytes(text.Append('"').ToString());
    }
}
