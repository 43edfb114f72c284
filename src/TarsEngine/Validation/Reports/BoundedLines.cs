using System.Text;

namespace TarsEngine.Validation.Reports;

/// <summary>The lines of a text that is not trusted, each cut at a length: one without end takes no more memory than that.</summary>
internal static class BoundedLines
{
    public static IEnumerable<string> Read(Stream stream, int most)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 64 * 1024, leaveOpen: true);
        var buffer = new char[32 * 1024];
        var line = new StringBuilder();
        int read;
        var any = false;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            var start = 0;
            for (int end; (end = Array.IndexOf(buffer, '\n', start, read - start)) >= 0; start = end + 1)
            {
                Append(line, buffer.AsSpan(start, end - start), most);
                yield return Take(line);
                any = false;
            }
            Append(line, buffer.AsSpan(start, read - start), most);
            any |= start < read;
        }
        if (any) yield return Take(line);
    }

    private static void Append(StringBuilder line, ReadOnlySpan<char> more, int most) => line.Append(more[..Math.Min(more.Length, most - line.Length)]);

    private static string Take(StringBuilder line)
    {
        if (line.Length > 0 && line[^1] == '\r') line.Length--;
        var text = line.ToString();
        line.Clear();
        return text;
    }
}
