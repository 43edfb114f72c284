using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TarsEngine.Documents;

/// <summary>One value of a document, with the place where it stands (both from 1).</summary>
public abstract record DocumentNode(int Line, int Column)
{
    /// <summary>What it is, for messages: 'a list', 'a number', …</summary>
    public abstract string Description { get; }
}

/// <summary>Keys with their values, in the order of the file; each key once.</summary>
public sealed record MapNode(int Line, int Column, IReadOnlyList<MapEntry> Entries) : DocumentNode(Line, Column)
{
    public override string Description => "a map";

    public DocumentNode? this[string key] => Entries.FirstOrDefault(e => e.Key == key)?.Value;
}

/// <summary>A key with the place where it stands, and its value.</summary>
public sealed record MapEntry(string Key, int Line, int Column, DocumentNode Value);

/// <summary>Values in order.</summary>
public sealed record ListNode(int Line, int Column, IReadOnlyList<DocumentNode> Items) : DocumentNode(Line, Column)
{
    public override string Description => "a list";
}

/// <summary>A text, number, truth value or null, exactly as it stands in the file.</summary>
/// <param name="IsText">True when quotes or a block mark it as text; else its look decides what it is.</param>
public sealed record ScalarNode(int Line, int Column, string Text, bool IsText) : DocumentNode(Line, Column)
{
    public bool IsNull => !IsText && Text is "" or "~" or "null" or "Null" or "NULL";

    public bool IsBool => !IsText && Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE";

    /// <summary>True for what YAML 1.2 reads as a number, the infinities and NaN included.</summary>
    public bool IsNumber => !IsText && Text.Length > 0 && LooksLikeNumber(Text);

    public override string Description =>
        IsNull ? "nothing" : IsBool ? "true or false" : IsNumber ? "a number" : "a text";

    [SuppressMessage("Globalization", "CA1308", Justification = "YAML's spellings are lower-case ASCII.")]
    private static bool LooksLikeNumber(string text)
    {
        var bare = text.TrimStart('+', '-');
        if (bare.ToLowerInvariant() is ".inf" or ".nan") return true;
        if (bare.StartsWith("0x", StringComparison.Ordinal) || bare.StartsWith("0o", StringComparison.Ordinal))
            return bare.Length > 2 && bare[2..].All(char.IsAsciiHexDigit);
        return (char.IsAsciiDigit(bare.Length > 0 ? bare[0] : ' ') || bare.StartsWith('.'))
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }
}
