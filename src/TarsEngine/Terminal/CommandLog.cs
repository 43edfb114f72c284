using System.Globalization;
using System.Text;

namespace TarsEngine.Terminal;

/// <summary>The full output of one command on disk, up to a limit.</summary>
internal sealed class CommandLog : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private readonly FileStream file;
    private readonly long limit;
    private byte[] encoded = new byte[1024];
    private long written;
    private bool full;

    public CommandLog(string folder, string name, long limit)
    {
        this.limit = limit;
        for (var number = 1; ; number++)
        {
            Path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{number}.log"));
            if (File.Exists(Path)) continue;
            try
            {
                file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);
                return;
            }
            catch (IOException) when (File.Exists(Path))
            {
                // Another run took the number in this very moment.
            }
        }
    }

    public string Path { get; }

    public bool Truncated => full;

    public void Write(ReadOnlySpan<char> text, bool endsLine)
    {
        if (full) return;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        if (encoded.Length < most) encoded = new byte[most];
        var count = Encoding.UTF8.GetBytes(text, encoded);
        if (endsLine) encoded[count++] = (byte)'\n';
        written += count;
        full = written > limit;
        file.Write(full ? Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n… [the log ends here, after {limit} bytes; the command ran on]\n")) : encoded.AsSpan(0, count));
    }

    public void Flush() => file.Flush();

    public void Dispose() => file.Dispose();
}
