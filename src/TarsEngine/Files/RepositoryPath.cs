using System.Text;

namespace TarsEngine.Files;

/// <summary>
/// A path inside a codebase: relative to its root, parted by '/', exact to the byte.
/// Bytes that are not UTF-8 live in <see cref="Value"/> as U+DC80..U+DCFF (PEP 383), so no name is ever altered.
/// </summary>
public readonly record struct RepositoryPath : IComparable<RepositoryPath>
{
    /// <summary>The longest name of one segment that Linux file systems take, in bytes.</summary>
    public const int MaxNameBytes = 255;

    private readonly string? value;

    private RepositoryPath(string value) => this.value = value;

    /// <summary>The path as text; bytes that are not UTF-8 stand as lone low surrogates.</summary>
    public string Value => value ?? "";

    /// <summary>The last segment.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The folder that holds it, or null at the codebase's root.</summary>
    public RepositoryPath? Parent => Value.LastIndexOf('/') is var at and > 0 ? new RepositoryPath(Value[..at]) : null;

    /// <summary>True for what the system and git keep for themselves: '.git' at any depth and '.tars' at the root, in any letter case.</summary>
    public bool IsMetadata
    {
        get
        {
            var path = Value.AsSpan();
            foreach (var range in path.Split('/'))
            {
                var segment = path[range];
                if (IsNamed(segment, ".git") || IsNamed(segment, "git~1") || (range.Start.Value == 0 && IsNamed(segment, ".tars"))) return true;
            }
            return false;

            static bool IsNamed(ReadOnlySpan<char> segment, string name) => segment.Equals(name, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Reads a path that a person, a file or a patch gave; <paramref name="problem"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, out RepositoryPath path, out string problem)
    {
        path = default;
        problem = Problem(text);
        if (problem.Length > 0) return false;
        path = new(text);
        return true;
    }

    /// <exception cref="FormatException">The text is no path inside a codebase.</exception>
    public static RepositoryPath Parse(string text) =>
        TryParse(text, out var path, out var problem) ? path : throw new FormatException(problem);

    /// <exception cref="FormatException">The bytes are no path inside a codebase.</exception>
    public static RepositoryPath FromBytes(ReadOnlySpan<byte> bytes) => Parse(ByteText.Decode(bytes));

    /// <summary>The bytes that the file system sees.</summary>
    public byte[] ToBytes() => ByteText.Encode(Value);

    /// <summary>The path of <paramref name="name"/> inside this folder.</summary>
    public RepositoryPath Child(string name) => Parse(Value + "/" + name);

    /// <summary>True when this lies below <paramref name="folder"/>; a folder is not below itself, and 'ab/c' is not below 'a'.</summary>
    public bool IsUnder(RepositoryPath folder) => Value.StartsWith(folder.Value + "/", StringComparison.Ordinal);

    /// <summary>Every folder above it, the outermost first.</summary>
    public IEnumerable<RepositoryPath> Ancestors()
    {
        for (var at = Value.IndexOf('/'); at > 0; at = Value.IndexOf('/', at + 1))
            yield return new RepositoryPath(Value[..at]);
    }

    /// <summary>In the order of the bytes' code units, '/' before all others, so that a folder's content stands together.</summary>
    public int CompareTo(RepositoryPath other)
    {
        string a = Value, b = other.Value;
        var at = a.AsSpan().CommonPrefixLength(b);
        if (at == a.Length || at == b.Length) return a.Length.CompareTo(b.Length);
        if (a[at] == '/') return -1;
        return b[at] == '/' ? 1 : a[at].CompareTo(b[at]);
    }

    public static bool operator <(RepositoryPath left, RepositoryPath right) => left.CompareTo(right) < 0;
    public static bool operator >(RepositoryPath left, RepositoryPath right) => left.CompareTo(right) > 0;
    public static bool operator <=(RepositoryPath left, RepositoryPath right) => left.CompareTo(right) <= 0;
    public static bool operator >=(RepositoryPath left, RepositoryPath right) => left.CompareTo(right) >= 0;

    /// <summary>For people: control, invisible and undecodable characters escaped.</summary>
    public override string ToString() => ByteText.Display(Value);

    private static string Problem(string text)
    {
        if (text.Length == 0) return "The path is empty; name a file inside the codebase.";
        if (text.Contains('\0')) return $"The path '{Shown()}' holds a NUL byte.";
        if (text[0] == '/') return $"The path '{Shown()}' is absolute; give it relative to the codebase's root.";
        if (text.Length > 1 && text[1] == ':' && char.IsAsciiLetter(text[0]))
            return $"The path '{Shown()}' begins with a drive letter; give it relative to the codebase's root.";
        if (text.Contains('\\')) return $"The path '{Shown()}' holds a backslash; part folders with '/'.";
        foreach (var range in text.AsSpan().Split('/'))
        {
            var segment = text.AsSpan(range);
            if (segment.IsEmpty) return $"The path '{Shown()}' has an empty segment.";
            if (segment is "." or "..") return $"The path '{Shown()}' holds '{segment}'; a path may not step out of the codebase.";
            if (Encoding.UTF8.GetMaxByteCount(segment.Length) > MaxNameBytes && ByteText.Encode(segment.ToString()).Length > MaxNameBytes)
                return $"The path '{Shown()}' has a name of more than {MaxNameBytes} bytes.";
        }
        return "";

        string Shown() => ByteText.Display(text);
    }
}
