using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Documents;

/// <summary>One node as a typed value; null, with a problem, when it is of another type or out of range.</summary>
public static class DocumentValue
{
    /// <param name="what">How messages call it, such as "'title'" or "an item of 'paths'".</param>
    public static string? Text(DocumentNode node, string what, DocumentProblems problems)
    {
        if (node is ScalarNode { IsNull: false, IsBool: false, IsNumber: false } scalar) return scalar.Text;
        var remedy = node is ScalarNode { IsNull: false } ? " Put it in quotes." : "";
        problems.Add(node, $"{Capital(what)} is a text, this is {node.Description}.{remedy}");
        return null;
    }

    public static bool? Bool(DocumentNode node, string what, DocumentProblems problems)
    {
        if (node is ScalarNode { IsBool: true } scalar) return scalar.Text[0] is 't' or 'T';
        problems.Add(node, $"{Capital(what)} is true or false, this is {Found(node)}.");
        return null;
    }

    public static long? Integer(DocumentNode node, string what, long min, long max, DocumentProblems problems)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        if (node is ScalarNode { IsText: false } scalar
            && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max) return number;
        problems.Add(node, $"{Capital(what)} is {range}, this is {Found(node)}.");
        return null;
    }

    public static TimeSpan? Duration(DocumentNode node, string what, TimeSpan min, TimeSpan max, DocumentProblems problems)
    {
        if (node is ScalarNode scalar && Durations.TryParse(scalar.Text, out var duration) && duration >= min && duration <= max) return duration;
        problems.Add(node, $"{Capital(what)} is a duration from {Durations.Format(min)} to {Durations.Format(max)}, such as '90s' or '5m'; this is {Found(node)}.");
        return null;
    }

    private static string Found(DocumentNode node) => node is ScalarNode { IsNull: false } scalar
        ? $"'{ByteText.Display(scalar.Text.Length > 60 ? scalar.Text[..60] + "…" : scalar.Text)}'"
        : node.Description;

    private static string Capital(string what) => char.ToUpperInvariant(what[0]) + what[1..];
}
