using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Documents;

/// <summary>
/// Reads YAML and JSON that people write by hand, strictly: what could mean two things is a problem, not a guess.
/// Duplicate keys, anchors and aliases, tags, several documents, control characters, deep nesting and huge files are refused.
/// </summary>
public static class DocumentReader
{
    /// <summary>Maps and lists inside each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>32 MiB: whole files may stand inside an improvement file.</summary>
    public const int MaxLength = 32 * 1024 * 1024;

    /// <summary>Reads the bytes of a file: UTF-8, with or without a byte order mark.</summary>
    public static DocumentResult Read(ReadOnlySpan<byte> bytes, string sourceName, int maxLength = MaxLength)
    {
        var problems = new DocumentProblems(sourceName);
        if (bytes.Length > maxLength) return TooLong(problems, maxLength);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            problems.Add(1, 1, "The file is UTF-16; save it as UTF-8.");
            return new(null, problems);
        }
        try
        {
            return Read(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes), sourceName, maxLength);
        }
        catch (DecoderFallbackException fault)
        {
            var before = bytes[..Math.Clamp(fault.Index, 0, bytes.Length)];
            problems.Add(before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'), "A byte here is not UTF-8; save the file as UTF-8.");
            return new(null, problems);
        }
    }

    /// <param name="sourceName">For messages; '.json' reads JSON, '.yaml' and '.yml' YAML, any other name what the first character tells.</param>
    public static DocumentResult Read(string text, string sourceName, int maxLength = MaxLength)
    {
        var problems = new DocumentProblems(sourceName);
        if (text.Length > maxLength) return TooLong(problems, maxLength);
        if (text.StartsWith('\uFEFF')) text = text[1..];
        RefuseControlCharacters(text, problems);
        if (problems.Count > 0) return new(null, problems);
        var root = IsJson(text, sourceName) ? JsonNodes.Read(text, problems) : YamlNodes.Read(text, problems);
        return new(root, problems);
    }

    private static DocumentResult TooLong(DocumentProblems problems, int maxLength)
    {
        problems.Add(1, 1, $"The file is longer than {maxLength} bytes, the most that is read.");
        return new(null, problems);
    }

    private static bool IsJson(string text, string sourceName)
    {
        if (sourceName.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return true;
        if (sourceName.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)) return false;
        if (sourceName.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)) return false;
        return text.AsSpan().TrimStart() is ['{' or '[', ..];
    }

    private static void RefuseControlCharacters(string text, DocumentProblems problems)
    {
        int line = 1, start = 0;
        for (var i = 0; i < text.Length && problems.Count == 0; i++)
        {
            if (text[i] == '\n') (line, start) = (line + 1, i + 1);
            else if (IsForbidden(text[i])) problems.Add(line, i - start + 1, $"The character {ByteText.Display(text[i].ToString())} may not stand in this file; in quotes it can be written as an escape.");
        }
    }

    /// <summary>NUL and the other controls, which no editor shows; tab and line ends are fine.</summary>
    internal static bool IsForbidden(char c) => (c < ' ' && c is not ('\t' or '\n' or '\r')) || c == '\u007f';
}
