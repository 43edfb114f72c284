using System.Text;
using System.Text.RegularExpressions;

namespace TarsEngine.Improvements;

/// <summary>Gathers title, text, author and base from what stands around a patch: a mail of <c>git format-patch</c>, or <c>git show</c>.</summary>
internal sealed partial class PatchMessageReader
{
    private const int MaxLines = 2000, MaxLineBytes = 4000;
    private readonly List<string> lines = [];
    private bool closed;
    private string? baseCommit;

    /// <summary>The first section begins: what follows is no message any more, but may name the base.</summary>
    public void Close() => closed = true;

    public void Add(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line.Length > MaxLineBytes ? line[..MaxLineBytes] : line).TrimEnd('\r');
        if (BasePattern().Match(text) is { Success: true } match) baseCommit = match.Groups["commit"].Value;
        else if (!closed && lines.Count < MaxLines) lines.Add(text);
    }

    public PatchMessage Finish()
    {
        if (lines.Count > 0 && lines[0].StartsWith("commit ", StringComparison.Ordinal)) return FromShow();
        var body = lines.FindIndex(string.IsNullOrEmpty);
        var headers = Unfold(body < 0 ? lines : lines.Take(body));
        if (!headers.TryGetValue("Subject", out var subject)) return PatchMessage.None with { BaseCommit = baseCommit };
        var text = body < 0 ? [] : lines.Skip(body + 1).TakeWhile(l => l is not "---").ToList();
        headers.TryGetValue("From", out var author);
        var title = SubjectTag().Replace(Clean(MailWords.Decode(subject)), "");
        return new(title.Length == 0 ? null : title, Text(text), author is null ? null : Clean(MailWords.Decode(author)), baseCommit);
    }

    private PatchMessage FromShow()
    {
        var author = lines.FirstOrDefault(l => l.StartsWith("Author:", StringComparison.Ordinal))?["Author:".Length..];
        var said = lines.Where(l => l.StartsWith("    ", StringComparison.Ordinal)).Select(l => l[4..]).ToList();
        return new(said.Count == 0 ? null : Clean(said[0]), Text(said.Skip(1)), author is null ? null : Clean(author), baseCommit);
    }

    private static Dictionary<string, string> Unfold(IEnumerable<string> header)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = "";
        foreach (var line in header)
        {
            if (line is [' ' or '\t', ..] && values.TryGetValue(last, out var begun)) values[last] = begun + " " + line.Trim();
            else if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && line.IndexOf(' ', StringComparison.Ordinal) is var space && (space < 0 || space > colon))
                values.TryAdd(last = line[..colon], line[(colon + 1)..].Trim());
            else last = "";
        }
        return values;
    }

    private static string Clean(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines).Trim();

    [GeneratedRegex(@"^(\s*\[[^\]]*\])+\s*", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SubjectTag();

    [GeneratedRegex("^base-commit: (?<commit>[0-9a-f]{40}|[0-9a-f]{64})$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BasePattern();
}
