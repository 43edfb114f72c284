using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>The changed sources with the base's tests: their code, data and settings.</summary>
/// <param name="Restored">What stands there as the base has it, or not at all where the base has nothing.</param>
internal sealed record BaseForm(TreeSnapshot Tree, IReadOnlyList<RepositoryPath> Restored)
{
    private const int MostFiles = 2_000;

    /// <summary>Null where the change's own run shows as much: it touched no test, only added to them, or touched nothing else.</summary>
    public static BaseForm? Of(TreeSnapshot tree, ChangeSet changes, TestCode tests, Func<RepositoryPath, FileState, byte[]> content) => CSharpCode.OnLargeStack(() =>
    {
        var ofTests = changes.Where(c => IsTests(c, tests, content)).ToList();
        if (ofTests.Count == 0) return null;
        var known = new Lazy<IReadOnlySet<string>?>(() => Identifiers(tree, tests, content));
        if (ofTests.TrueForAll(c => IsHarmless(c, known, content))) return null;
        var projects = tree.Entries.Keys.Where(p => p.Name.EndsWith("proj", StringComparison.OrdinalIgnoreCase)).Select(p => p.Parent?.Value ?? "").ToHashSet(StringComparer.Ordinal);
        // A project that the base doesn't have stays: the changed solution may name it.
        var restored = ofTests.Where(c => c.Before is not null || IsInProjectOf(c.Path, projects) || TestCode.HasTestName(c.Path) || RunnerSettings.IsRunnersOwn(c.Path)).ToList();
        return restored.Count == 0 || restored.Count == changes.Count ? null : With(tree, changes, restored.Select(c => c.Path));
    });

    /// <summary>The same without restoring some of it.</summary>
    public BaseForm? Without(TreeSnapshot tree, ChangeSet changes, IReadOnlySet<RepositoryPath> left) =>
        Restored.Where(p => !left.Contains(p)).ToList() is { Count: > 0 } fewer ? With(tree, changes, fewer) : null;

    private static BaseForm With(TreeSnapshot tree, ChangeSet changes, IEnumerable<RepositoryPath> restored)
    {
        var paths = restored.ToHashSet();
        return new(new ChangeSet(changes.Where(c => !paths.Contains(c.Path))).ApplyTo(tree), [.. paths.Order()]);
    }

    private static bool IsTests(FileChange change, TestCode tests, Func<RepositoryPath, FileState, byte[]> content)
    {
        if (RunnerSettings.IsRunnersOwn(change.Path) || tests.IsInTestProject(change.Path) || TestCode.HasTestName(change.Path)) return true;
        if (!TestCode.IsCSharp(change.Path)) return false;
        // Where code and tests share a project, a file belongs to the tests when it did before.
        return tests.Is(change.Path, ChangedText.Text(change.Path, change.Before ?? change.After, content));
    }

    private static bool IsHarmless(FileChange change, Lazy<IReadOnlySet<string>?> known, Func<RepositoryPath, FileState, byte[]> content)
    {
        if (change.After is null || RunnerSettings.IsRunnersOwn(change.Path)) return false;
        if (!TestCode.IsCSharp(change.Path)) return change.Before is null && !change.Path.Name.EndsWith("proj", StringComparison.OrdinalIgnoreCase) && !change.Path.Name.EndsWith(".props", StringComparison.OrdinalIgnoreCase) && !change.Path.Name.EndsWith(".targets", StringComparison.OrdinalIgnoreCase);
        if (change.Before is { } before && before.Mode == change.After.Mode && before.Hash == change.After.Hash) return true;
        return known.Value is { } identifiers && ChangedText.Text(change.Path, change.After, content) is { } after
            && (change.Before is null ? new AddedTestCode(identifiers).IsHarmless(null, after)
                : ChangedText.Text(change.Path, change.Before, content) is { } text && new AddedTestCode(identifiers).IsHarmless(text, after));
    }

    private static bool IsInProjectOf(RepositoryPath path, HashSet<string> projects) => path.Ancestors().Any(f => projects.Contains(f.Value)) || projects.Contains("");

    // Null when there are too many to look through.
    private static HashSet<string>? Identifiers(TreeSnapshot tree, TestCode tests, Func<RepositoryPath, FileState, byte[]> content)
    {
        var files = tree.Entries.Where(e => TestCode.IsCSharp(e.Key) && tests.IsInTestProject(e.Key)).Take(MostFiles + 1).ToList();
        if (files.Count > MostFiles) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, state) in files)
        {
            if (ChangedText.Text(path, state, content) is not { } text) continue;
            foreach (var token in SyntaxFactory.ParseTokens(text, options: Syntax.CSharpParser.Options))
            {
                if (token.IsKind(SyntaxKind.IdentifierToken)) names.Add(token.ValueText);
            }
        }
        return names;
    }
}
