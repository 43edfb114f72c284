using System.Globalization;
using System.Text;

namespace TarsEngine.Terminal;

/// <summary>The full output of one command on disk, up to a limit.</summary>
internal sealed class CommandLog : IDisposable
{
    private readonly FileStream file;
    private readonly long limit;
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
                file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
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

    public void Write(string text, bool endsLine)
    {
        if (full) return;
        var bytes = Encoding.UTF8.GetBytes(endsLine ? text + "\n" : text);
        written += bytes.Length;
        full = written > limit;
        file.Write(full ? Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n… [the log ends here, after {limit} bytes; the command ran on]\n")) : bytes);
    }

    public void Dispose() => file.Dispose();
}
