using System.Globalization;

namespace TarsEngine.Improvements;

/// <summary>The modes that git writes into patches.</summary>
internal static class PatchModes
{
    public const int File = 0x81A4;        // 0100644
    public const int Executable = 0x81ED;  // 0100755
    public const int Symlink = 0xA000;     // 0120000
    private const int Submodule = 0xE000;  // 0160000

    /// <summary>Reads a mode that may be changed; <paramref name="problem"/> says what is wrong with any other.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out int mode, out string problem)
    {
        mode = 0;
        problem = "";
        var shown = PatchNames.Show(text);
        if (text.Length is < 1 or > 7 || text.ContainsAnyExceptInRange((byte)'0', (byte)'7'))
        {
            problem = $"'{shown}' is not a file mode; git writes six octal digits, such as 100644.";
            return false;
        }
        foreach (var digit in text) mode = (mode << 3) | (digit - '0');
        if (mode is File or Executable or Symlink) return true;
        problem = Explain(mode, shown);
        return false;
    }

    public static string Format(int mode) => Convert.ToString(mode, 8).PadLeft(6, '0').ToString(CultureInfo.InvariantCulture);

    private static string Explain(int mode, string shown)
    {
        var type = mode & 0xF000;
        if (mode == Submodule) return $"the mode {shown} is a submodule (gitlink); a change of a submodule can't be executed, leave it out of the patch.";
        if (type == 0x8000 && (mode & 0xE00) != 0) return $"the mode {shown} is setuid, setgid or sticky; only 100644 and 100755 may be set.";
        if (type == 0x8000 && (mode & 0b010) != 0) return $"the mode {shown} is writable for everybody; only 100644 and 100755 may be set.";
        var kind = type switch
        {
            0x1000 => "a FIFO",
            0x2000 => "a character device",
            0x4000 => "a folder",
            0x6000 => "a block device",
            0xC000 => "a socket",
            _ => "nothing that git keeps",
        };
        return type == 0x8000
            ? $"the mode {shown} is none that git keeps; only 100644 and 100755 may be set."
            : $"the mode {shown} is {kind}; a patch may hold files (100644, 100755) and symlinks (120000).";
    }
}
