using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Review;

namespace TarsCli.Output;

/// <summary>Findings for people: what, where, the line of source that is meant, and how to go on.</summary>
internal static class FindingText
{
    private const int TabWidth = 4;

    public static void Write(Screen screen, IReadOnlyList<ReportFinding> findings)
    {
        if (findings.Count == 0) return;
        screen.Answer("Findings", Style.Strong);
        foreach (var finding in findings) Write(screen, finding);
    }

    public static void Write(Screen screen, ReportFinding finding)
    {
        var place = finding.Path is null ? "" : $"  {finding.Path}{Place(finding.Line, finding.Column)}";
        screen.Answer(($"  {finding.Severity}", Words.StyleOf(finding.Severity)), ($"  {finding.Rule}{place}", Style.Dim));
        screen.Answer("    " + finding.Message.Replace("\n", "\n    ", StringComparison.Ordinal));
        foreach (var line in Excerpt(finding.Line, finding.Column, finding.EndLine, finding.EndColumn, finding.Excerpt)) screen.Answer("    " + line, Style.Dim);
        if (finding.Remedy is not null) screen.Answer("    → " + finding.Remedy, Style.Accent);
    }

    /// <summary>':12:5', as editors read it.</summary>
    public static string Place(int? line, int? column) =>
        line is null ? "" : string.Create(CultureInfo.InvariantCulture, $":{line}") + (column is null ? "" : string.Create(CultureInfo.InvariantCulture, $":{column}"));

    /// <summary>The line of source with its number and, under it, carets; nothing where there is no excerpt.</summary>
    public static IEnumerable<string> Excerpt(int? line, int? column, int? endLine, int? endColumn, string? excerpt)
    {
        if (line is null || string.IsNullOrWhiteSpace(excerpt)) yield break;
        var number = string.Create(CultureInfo.InvariantCulture, $"{line,5}");
        yield return $"{number} │ {Shown(excerpt)}";
        if (column is not { } from || from < 1 || from > excerpt.Length + 1) yield break;
        var to = endLine is null || endLine == line ? Math.Clamp(endColumn ?? from + 1, from + 1, Math.Max(from + 1, excerpt.Length + 1)) : excerpt.Length + 1;
        var before = Shown(excerpt[..(from - 1)]).Length;
        var width = Math.Max(1, Shown(excerpt[(from - 1)..Math.Min(to - 1, excerpt.Length)]).Length);
        yield return $"{new string(' ', number.Length)} │ {new string(' ', before)}{new string('^', width)}";
    }

    private static string Shown(string text) => SafeText.Line(text.Replace("\t", new string(' ', TabWidth), StringComparison.Ordinal)).TrimEnd('\r');
}

/// <summary>A finding as reports have it.</summary>
internal static class ReportFindings
{
    public static ReportFinding Of(Finding finding) => new(
        Words.Id(finding.Severity), finding.Rule, finding.Message, finding.Path?.ToString(), finding.Line, finding.Remedy,
        finding.Column, finding.EndLine, finding.EndColumn, finding.Excerpt);
}
