using System.Xml;

namespace TarsEngine.Validation.Reports;

/// <summary>What every reader of reports keeps to: code that is not trusted wrote them.</summary>
internal static class ReportText
{
    /// <summary>A quarter of a gigabyte: some million tests.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    public const int MaxDepth = 64;
    public const int MaxName = 2_000;
    public const int MaxMessage = 4_000;

    /// <summary>No document type, no entity, nothing fetched.</summary>
    public static XmlReader OpenXml(Stream stream) => XmlReader.Create(stream, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxBytes, CheckCharacters = false,
        IgnoreComments = true, IgnoreProcessingInstructions = true, CloseInput = false,
    });

    public static string Shorten(string text, int most) => text.Length <= most ? text : text[..most] + "…";

    /// <summary>Standing on an element: its texts up to its end, at most <see cref="MaxMessage"/> characters; the reader then stands on the end.</summary>
    /// <param name="end">Keep the last characters instead of the first: where a log tells at its end what went wrong.</param>
    /// <exception cref="XmlException">Broken, or nested too deep.</exception>
    public static string ReadText(XmlReader reader, bool end = false)
    {
        if (reader.IsEmptyElement) return "";
        var depth = reader.Depth;
        var buffer = new char[MaxMessage];
        var overflow = end ? new char[MaxMessage] : [];
        var length = 0;
        while (reader.Read() && reader.Depth > depth)
        {
            CheckDepth(reader);
            if (reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)) continue;
            while (true)
            {
                if (length == buffer.Length && !end) break;
                if (length == buffer.Length)
                {
                    // The older half makes room.
                    Array.Copy(buffer, MaxMessage / 2, overflow, 0, MaxMessage / 2);
                    (buffer, overflow, length) = (overflow, buffer, MaxMessage / 2);
                }
                if (reader.ReadValueChunk(buffer, length, buffer.Length - length) is not (var read and > 0)) break;
                length += read;
            }
        }
        return new string(buffer, 0, length).Trim();
    }

    /// <exception cref="XmlException">Too deep.</exception>
    public static void CheckDepth(XmlReader reader)
    {
        if (reader.Depth > MaxDepth) throw new XmlException($"it nests deeper than {MaxDepth} levels.");
    }
}
