using System.Runtime.InteropServices;

namespace TarsCli;

/// <summary>How wide the terminal is. Asking through <see cref="Console"/> would switch the keypad's mode as well, and cost more.</summary>
internal static partial class TerminalSize
{
    private const nuint GetWindowSize = 0x5413;

    public static int Columns(int byDefault) =>
        ioctl(1, GetWindowSize, out var size) == 0 && size.Columns > 0 ? Math.Clamp((int)size.Columns, 40, 400) : byDefault;

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WindowSize
    {
        public readonly ushort Rows;
        public readonly ushort Columns;
        public readonly ushort Width;
        public readonly ushort Height;
    }
}
