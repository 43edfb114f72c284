using System.Globalization;
using System.Text;

namespace TarsEngine.Sandbox.Network;

/// <summary>A request's first line and headers, of a shape that every server reads in the same way.</summary>
internal sealed record RequestHead(string Method, string Target, bool IsVersion10, IReadOnlyList<(string Name, string Value)> Headers)
{
    private const int MostHeaders = 100;

    /// <summary>The body's length; null without one or when it comes in chunks.</summary>
    public long? ContentLength { get; private init; }

    public bool IsChunked { get; private init; }

    public string? Host => Values("Host").FirstOrDefault();

    public IEnumerable<string> Values(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    /// <summary>Null, with the reason, for whatever is not exactly a request of HTTP/1: two readers might understand it differently.</summary>
    /// <param name="head">Up to and with the empty line.</param>
    public static RequestHead? Parse(ReadOnlySpan<byte> head, out string problem)
    {
        problem = "";
        foreach (var one in head)
        {
            if (one is (< 0x20 and not ((byte)'\r' or (byte)'\n' or (byte)'\t')) or >= 0x7F) return Fail("The head holds control characters or bytes beyond ASCII.", out problem);
        }
        var lines = Encoding.ASCII.GetString(head).Split("\r\n");
        if (lines.Length < 3 || lines.Any(line => line.Contains('\r', StringComparison.Ordinal) || line.Contains('\n', StringComparison.Ordinal)))
            return Fail("The head's lines do not all end with CR LF.", out problem);
        var words = lines[0].Split(' ');
        if (words is not [{ Length: > 0 } method, { Length: > 0 } target, "HTTP/1.1" or "HTTP/1.0"] || !method.All(IsToken) || target.Contains('\t', StringComparison.Ordinal))
            return Fail("The first line is not 'METHOD target HTTP/1.1'.", out problem);
        // The last two are the empty line and what follows it.
        if (lines.Length - 3 > MostHeaders) return Fail("There are too many headers.", out problem);
        var headers = new List<(string Name, string Value)>();
        foreach (var line in lines.Skip(1).SkipLast(2))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !line[..colon].All(IsToken)) return Fail("A header is not 'Name: value'.", out problem);
            headers.Add((line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }
        return WithBody(new(method, target, words[2] == "HTTP/1.0", headers), out problem);
    }

    private static RequestHead? WithBody(RequestHead head, out string problem)
    {
        problem = "";
        var lengths = head.Values("Content-Length").ToList();
        var codings = head.Values("Transfer-Encoding").ToList();
        if (head.Values("Host").Count() > 1) return Fail("There is more than one 'Host'.", out problem);
        if (lengths.Count > 0 && codings.Count > 0) return Fail("There are both 'Content-Length' and 'Transfer-Encoding'.", out problem);
        if (lengths.Count > 1 || codings.Count > 1) return Fail("The body's length is told more than once.", out problem);
        if (codings is [var coding] && (head.IsVersion10 || !coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)))
            return Fail("A 'Transfer-Encoding' other than 'chunked' (and in HTTP/1.0 any) is not taken.", out problem);
        if (lengths is not [var length]) return head with { IsChunked = codings.Count > 0 };
        return length.Length is > 0 and <= 15 && length.All(char.IsAsciiDigit)
            ? head with { ContentLength = long.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture) }
            : Fail("'Content-Length' is no number.", out problem);
    }

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);

    private static RequestHead? Fail(string reason, out string problem)
    {
        problem = reason;
        return null;
    }
}
