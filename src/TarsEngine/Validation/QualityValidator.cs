using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Quality;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation;

/// <summary>What a reviewer can't see, must not miss, or surely did not mean: by text, before anything is built. Only what is new counts.</summary>
internal sealed class QualityValidator(Func<RepositoryPath, FileState, byte[]> content)
{
    private const long MaxBytes = 8 * 1024 * 1024;
    private const int MostPerFile = 20;

    /// <param name="tree">The base.</param>
    public IReadOnlyList<Finding> Validate(TreeSnapshot tree, ChangeSet changes)
    {
        var findings = CheckLines(changes);
        findings.AddRange(CSharpCode.OnLargeStack(() => CheckFiles(tree, changes)));
        return findings;
    }

    private List<Finding> CheckFiles(TreeSnapshot tree, ChangeSet changes)
    {
        var findings = new List<Finding>();
        var result = changes.ApplyTo(tree);
        var tests = TestCode.In(content, tree, result);
        var settings = new EditorConfig(result, content);
        var headers = new LicenceHeaders(tree, content);
        var texts = changes.Where(c => c.Before?.Hash != c.After?.Hash).Select(c => ChangedText.Read(c, content)).ToList();
        foreach (var text in texts)
        {
            findings.AddRange(AddedDependencies.Find(text));
            findings.AddRange(Formatting.Find(text, HasMark(text.Path, text.Change.After), HasMark(text.Path, text.Change.Before), settings.For(text.Path)));
            findings.AddRange(SizeLimits.Find(text));
            findings.AddRange(headers.Find(text.Change));
        }
        findings.AddRange(new ApiBreaks(tree, content).Find([.. texts.Where(t => !tests.Is(t.Path, t.Before, t.After))]));
        return findings;
    }

    private bool HasMark(RepositoryPath path, FileState? state) => state is { Kind: EntryKind.File, Size: > 2 and <= MaxBytes } && content(path, state).AsSpan().StartsWith("\uFEFF"u8);

    private List<Finding> CheckLines(ChangeSet changes)
    {
        var findings = new List<Finding>();
        foreach (var change in changes)
        {
            if (change.After is not { } after) continue;
            if (change.Before is null) CheckName(change.Path, findings);
            if (after is not { Kind: EntryKind.File, Size: > 0 and <= MaxBytes } || after.Hash == change.Before?.Hash) continue;
            var bytes = content(change.Path, after);
            if (bytes.AsSpan(0, Math.Min(bytes.Length, 8000)).Contains((byte)0)) continue;
            CheckLines(change, Encoding.UTF8.GetString(bytes), findings);
        }
        return findings;
    }

    private static void CheckName(RepositoryPath path, List<Finding> findings)
    {
        if (path.Value.EnumerateRunes().Any(IsBidirectional))
            findings.Add(new(Severity.Hold, "quality/bidirectional", $"The file name '{path}' holds bidirectional control characters: it reads as another name.", path));
        else if (path.Value.EnumerateRunes().Any(IsInvisible))
            findings.Add(new(Severity.Hold, "quality/invisible", $"The file name '{path}' holds invisible characters.", path));
    }

    private void CheckLines(FileChange change, string text, List<Finding> findings)
    {
        HashSet<string>? old = null;
        int number = 0, found = 0;
        var isTest = TestCode.HasTestName(change.Path) || change.Path.Value.Contains("test", StringComparison.OrdinalIgnoreCase);
        foreach (var span in text.AsSpan().EnumerateLines())
        {
            number++;
            if (LineProblem(span, number, isTest) is not { } problem) continue;
            old ??= OldLines(change);
            if (old.Contains(span.ToString()) || found++ >= MostPerFile) continue;
            findings.Add(new(problem.Severity, problem.Rule, problem.Message, change.Path, number));
        }
        if (found > MostPerFile)
            findings.Add(new(Severity.Warning, "quality/more", $"'{change.Path}' has {found - MostPerFile} more such lines.", change.Path));
    }

    private HashSet<string> OldLines(FileChange change)
    {
        var lines = new HashSet<string>(StringComparer.Ordinal);
        if (change.Before is not { Kind: EntryKind.File, Size: <= MaxBytes } before) return lines;
        foreach (var line in Encoding.UTF8.GetString(content(change.Path, before)).AsSpan().EnumerateLines()) lines.Add(line.ToString());
        return lines;
    }

    private static (Severity Severity, string Rule, string Message)? LineProblem(ReadOnlySpan<char> line, int number, bool isTest)
    {
        if (line.StartsWith("<<<<<<< ") || line.StartsWith(">>>>>>> "))
            return (Severity.Hold, "quality/conflict-marker", "The line is the mark of a merge conflict.");
        if (line.Contains("-----BEGIN ", StringComparison.Ordinal) && line.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            return (Severity.Hold, "quality/secret", "A private key begins here.");
        if (SecretScan.Find(line, isTest) is { } secret) return (secret.Severity, "quality/secret", secret.Message);
        if (System.Text.Ascii.IsValid(line)) return null;
        var position = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (IsBidirectional(rune))
                return (Severity.Hold, "quality/bidirectional", $"The line holds the bidirectional control character {Name(rune)}: it may read differently from what it does.");
            if (IsInvisible(rune) && !(number == 1 && position == 0 && rune.Value == 0xFEFF))
                return (Severity.Warning, "quality/invisible", $"The line holds the invisible character {Name(rune)}.");
            position++;
        }
        return null;
    }

    private static string Name(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");

    private static bool IsBidirectional(Rune rune) => rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    // The zero-width joiner and the variation selectors shape emoji and scripts: they are not counted.
    private static bool IsInvisible(Rune rune) => rune.Value is 0x00AD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180E or 0x200B or 0x200C
        or (>= 0x2060 and <= 0x2064) or (>= 0x206A and <= 0x206F) or 0x3164 or 0xFEFF or 0xFFA0 or (>= 0xE0000 and <= 0xE007F);
}
