using System.Globalization;

namespace TarsEngine.Storage;

/// <summary>Names an improvement: 'IMP-12'.</summary>
public readonly record struct ImprovementId(long Number)
{
    public const string Prefix = "IMP";

    /// <summary>Reads exactly what <see cref="ToString"/> writes; <paramref name="problem"/> says what is wrong otherwise.</summary>
    public static bool TryParse(string text, out ImprovementId id, out string problem)
    {
        var read = IdentifierText.TryRead(text, Prefix, "an improvement", out var number, out problem);
        id = new(number);
        return read;
    }

    /// <exception cref="FormatException">The text is no such id.</exception>
    public static ImprovementId Parse(string text) =>
        TryParse(text, out var id, out var problem) ? id : throw new FormatException(problem);

    public override string ToString() => IdentifierText.Write(Prefix, Number);
}

/// <summary>Names the execution of an improvement: 'CTX-7'.</summary>
public readonly record struct ContextId(long Number)
{
    public const string Prefix = "CTX";

    /// <summary>Reads exactly what <see cref="ToString"/> writes; <paramref name="problem"/> says what is wrong otherwise.</summary>
    public static bool TryParse(string text, out ContextId id, out string problem)
    {
        var read = IdentifierText.TryRead(text, Prefix, "an execution context", out var number, out problem);
        id = new(number);
        return read;
    }

    /// <exception cref="FormatException">The text is no such id.</exception>
    public static ContextId Parse(string text) =>
        TryParse(text, out var id, out var problem) ? id : throw new FormatException(problem);

    public override string ToString() => IdentifierText.Write(Prefix, Number);
}

/// <summary>Names a transaction: 'TX-9'.</summary>
public readonly record struct TransactionId(long Number)
{
    public const string Prefix = "TX";

    /// <summary>Reads exactly what <see cref="ToString"/> writes; <paramref name="problem"/> says what is wrong otherwise.</summary>
    public static bool TryParse(string text, out TransactionId id, out string problem)
    {
        var read = IdentifierText.TryRead(text, Prefix, "a transaction", out var number, out problem);
        id = new(number);
        return read;
    }

    /// <exception cref="FormatException">The text is no such id.</exception>
    public static TransactionId Parse(string text) =>
        TryParse(text, out var id, out var problem) ? id : throw new FormatException(problem);

    public override string ToString() => IdentifierText.Write(Prefix, Number);
}

/// <summary>The one way in which ids are written and read: a prefix, a dash, a positive number without sign, zeros or spaces.</summary>
internal static class IdentifierText
{
    public static string Write(string prefix, long number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}");

    public static bool TryRead(string text, string prefix, string what, out long number, out string problem)
    {
        number = 0;
        problem = "";
        var shown = Files.ByteText.Display(text.Length > 60 ? text[..60] + "…" : text);
        if (text.Length == 0) problem = $"The id of {what} is empty; it looks like {prefix}-12.";
        else if (text[0] == '-') problem = $"'{shown}' looks like an option, not like the id of {what}; ids look like {prefix}-12.";
        else if (!text.StartsWith(prefix + "-", StringComparison.Ordinal))
            problem = $"'{shown}' is not the id of {what}; ids look like {prefix}-12.";
        else if (text.AsSpan(prefix.Length + 1) is var digits && (digits.Length is 0 || digits[0] == '0' || digits.ContainsAnyExceptInRange('0', '9')))
            problem = $"'{shown}' is not the id of {what}: after '{prefix}-' comes a positive number without sign, leading zeros or spaces.";
        else if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            problem = $"'{shown}' is not the id of {what}: the number is too large.";
        return problem.Length == 0;
    }
}
