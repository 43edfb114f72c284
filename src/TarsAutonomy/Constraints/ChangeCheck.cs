using TarsEngine.Changes;
using TarsEngine.Files;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Constraints;

/// <summary>What an agent really changed against the constraints.</summary>
internal sealed class ChangeCheck(ChangeSet change, TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> read, AutonomousConstraints constraints, PlannedTask? task)
{
    private readonly List<Violation> found = [];

    public IReadOnlyList<Violation> Check()
    {
        found.AddRange(ConstraintCheck.Unreadable(constraints));
        var texts = new ChangedTexts(change, read, path => PathCheck.IsAllowed(path, constraints));
        foreach (var file in change)
        {
            found.AddRange(PathCheck.Check(file.Path, constraints, task));
            CheckKind(file, texts);
        }
        CheckContent(texts);
        CheckSize(texts);
        return found;
    }

    private void CheckKind(FileChange file, ChangedTexts texts)
    {
        if (file.Kind == ChangeKind.Delete)
        {
            if (!texts.IsMoved(file.Path)) Add("constraints/delete", Violation.Critical, $"Deleting files: {file.Path}", file.Path, "An agent deletes no file; a move within approved directories is none.");
            return;
        }
        var (before, after) = (file.Before, file.After!);
        if (after.Kind == EntryKind.Symlink) CheckLink(file, after);
        else if (before is { Kind: EntryKind.Symlink }) Add("constraints/link", Violation.High, $"A symlink becomes a file: {file.Path}", file.Path);
        else if (before is not null && before.IsExecutable != after.IsExecutable) Add("constraints/mode", Violation.High, $"Changing whether a file can be run: {file.Path}", file.Path);
        else if (before is null && after.IsExecutable && texts.OriginOf(file.Path) is not { IsExecutable: true })
            found.Add(new("constraints/mode", Violation.High, $"A new file that can be run: {file.Path}", file.Path, Blocked: false) { Remedy = "A person must look at it." });
        if (texts.IsUnreadable(file.Path)) Add("constraints/binary", Violation.High, $"No text that can be counted and read: {file.Path}", file.Path, "An agent changes text files of at most 1 MiB.");
    }

    // Lexically, and refused where a symlink stands on the way: what leads through another link can lead anywhere.
    private void CheckLink(FileChange file, FileState link)
    {
        if (file.Before is { Kind: EntryKind.File }) Add("constraints/link", Violation.High, $"A file becomes a symlink: {file.Path}", file.Path);
        var target = ByteText.Decode(read(file.Path, link));
        if (Resolve(file.Path, target) is not { } resolved || !PathCheck.IsAllowed(resolved, constraints) || resolved.Ancestors().Append(resolved).Any(IsLinkAfterwards))
            Add("constraints/link", Violation.High, $"The symlink '{file.Path}' leads out of the approved directories, or through another symlink: '{ByteText.Display(target)}'", file.Path);
    }

    private bool IsLinkAfterwards(RepositoryPath path) =>
        (change.FirstOrDefault(c => c.Path == path) is { } changed ? changed.After : tree[path]) is { Kind: EntryKind.Symlink };

    private void CheckContent(ChangedTexts texts)
    {
        foreach (var (path, text) in texts.All)
        {
            foreach (var rule in constraints.ForbiddenContent.Where(rule => text.AddedWords.Contains(ChangedTexts.Words(rule.Text), StringComparison.Ordinal)).DistinctBy(rule => rule.Rule))
                Add(rule.Rule, Violation.Critical, $"{rule.Message}: '{rule.Text}' in {path}", path);
        }
    }

    // A person who approved a larger task approved its lines.
    private void CheckSize(ChangedTexts texts)
    {
        var limit = task is { IsApprovedByPerson: true, EstimatedLines: { } estimated } ? Math.Max(constraints.MaxLines, estimated) : constraints.MaxLines;
        var all = texts.All.Sum(t => t.Text.Lines);
        var outside = texts.All.Where(t => !PathCheck.IsTest(t.Path)).Sum(t => t.Text.Lines);
        if (outside > limit) Add("constraints/lines", Violation.High, $"Task too large: {outside} lines", null, $"The limit is {limit} lines added and removed outside of tests. Split the task.");
        var most = Math.Max(constraints.MaxLinesWithTests, limit);
        if (all > most) Add("constraints/lines", Violation.High, $"Task too large: {all} lines with its tests", null, $"The limit is {most} lines added and removed in all. Split the task.");
    }

    private void Add(string rule, string severity, string message, RepositoryPath? path, string? remedy = null) => found.Add(new(rule, severity, message, path, Blocked: true) { Remedy = remedy });

    private static RepositoryPath? Resolve(RepositoryPath link, string target)
    {
        if (target.Length == 0 || target[0] == '/') return null;
        var segments = new List<string>(link.Parent?.Value.Split('/') ?? []);
        foreach (var segment in target.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") segments.Add(segment);
            else if (segments.Count == 0) return null;
            else segments.RemoveAt(segments.Count - 1);
        }
        return RepositoryPath.TryParse(string.Join('/', segments), out var path, out _) ? path : null;
    }
}
