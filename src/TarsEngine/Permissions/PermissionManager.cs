using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>
/// What a change may do at all, before anyone asks whether it is good: paths, modes, links and size. Errors refuse it, holds
/// leave it to a person. Looks at the frozen change only, so nothing that a step claims can talk its way past.
/// </summary>
/// <param name="readLink">The target of a symlink of the change, as bytes.</param>
public sealed class PermissionManager(Func<RepositoryPath, FileState, byte[]> readLink)
{
    private const int SpecialBits = 0b111_000_000_000;
    private const int WorldWritable = 0b000_000_010;

    /// <summary>Everything that speaks against the change, errors first.</summary>
    public IReadOnlyList<Finding> Check(ChangeSet changes, TreeSnapshot baseTree, PermissionPolicy policy)
    {
        var findings = new List<Finding>();
        foreach (var change in changes)
        {
            CheckPath(change, policy.Paths, findings);
            CheckMode(change, baseTree, findings);
            CheckLink(change, findings);
        }
        CheckSize(changes, policy.Changes, findings);
        findings.AddRange(TreeShape.Check(changes, baseTree));
        return [.. findings.OrderByDescending(f => f.Severity)];
    }

    private static void CheckPath(FileChange change, PathPolicy paths, List<Finding> findings)
    {
        var path = change.Path;
        var decision = paths.Decide(path, PathPolicy.AccessOf(change));
        if (Of(decision, path) is { } finding) findings.Add(finding);
        if (change.RenamedFrom is { } from && from != path && decision.Decision == Decision.Allow && Of(paths.Decide(from, PathAccess.Delete), path) is { Severity: Severity.Hold } origin)
            findings.Add(origin with { Message = $"'{path}' comes from '{from}'. {origin.Message}" });
    }

    /// <summary>A decision on a path as a finding; null where it is allowed.</summary>
    public static Finding? Of(PolicyDecision decision, RepositoryPath path) => decision switch
    {
        { Decision: Decision.Allow } => null,
        { Rule: PathPolicy.MetadataRule } => new(Severity.Error, "path/metadata", decision.Reason, path, Remedy: "Leave it out of the change."),
        { Decision: Decision.Deny } => new(Severity.Error, "path/denied", decision.Reason, path, Remedy: $"Leave it out of the change. 'tarscli policy check path {path}' shows the rule."),
        { Rule: "policy-file" } => new(Severity.Hold, "path/policy", decision.Reason, path),
        _ => new(Severity.Hold, "path/protected", decision.Reason, path),
    };

    private static void CheckMode(FileChange change, TreeSnapshot baseTree, List<Finding> findings)
    {
        if (change.After is not { Kind: EntryKind.File } after) return;
        var before = change.Before ?? (change.RenamedFrom is { } from ? baseTree[from] : null);
        var added = after.Mode & ~(before is { Kind: EntryKind.File } ? before.Mode : 0);
        if ((added & SpecialBits) != 0)
            findings.Add(new(Severity.Error, "mode/special", $"'{change.Path}' would get the set-user, set-group or sticky bit (mode {Octal(after.Mode)}).", change.Path, Remedy: "Use mode 644 or 755."));
        if ((added & WorldWritable) != 0)
            findings.Add(new(Severity.Error, "mode/world-writable", $"'{change.Path}' would be writable for everyone (mode {Octal(after.Mode)}).", change.Path, Remedy: "Use mode 644 or 755."));
    }

    private void CheckLink(FileChange change, List<Finding> findings)
    {
        if (change.After is not { Kind: EntryKind.Symlink } link) return;
        var target = Encoding.Latin1.GetString(readLink(change.Path, link));
        var shown = ByteText.Display(ByteText.Decode(Encoding.Latin1.GetBytes(target)));
        if (target.Length == 0 || target.Contains('\0'))
            findings.Add(new(Severity.Error, "link/target", $"The symlink '{change.Path}' has no valid target.", change.Path));
        else if (Resolve(change.Path, target) is not { } resolved)
            findings.Add(new(Severity.Error, "link/escapes", $"The symlink '{change.Path}' leads out of the codebase, to '{shown}'.", change.Path, Remedy: "Link to a path inside the codebase, relative to the link."));
        else if (resolved.Length > 0 && RepositoryPath.TryParse(resolved, out var path, out _) && path.IsMetadata)
            findings.Add(new(Severity.Error, "link/metadata", $"The symlink '{change.Path}' leads to '{shown}', which belongs to git or to this system.", change.Path));
    }

    private static void CheckSize(ChangeSet changes, ChangeLimits limits, List<Finding> findings)
    {
        if (changes.Count > limits.ChangedFiles)
            findings.Add(new(Severity.Error, "limit/changed-files", $"The change touches {changes.Count} files; the limit is {limits.ChangedFiles}.", Remedy: "Split it, or raise 'limits.changed-files' in your own configuration."));
        foreach (var change in changes.Where(c => c.After?.Size > limits.FileBytes))
            findings.Add(new(Severity.Error, "limit/file-bytes", $"'{change.Path}' would have {change.After!.Size} bytes; the limit is {limits.FileBytes}.", change.Path, Remedy: "Raise 'limits.file-bytes' in your own configuration if that is meant."));
        // In decimal: a sum of sizes that someone made up must not wrap around.
        var total = changes.Sum(c => (decimal)(c.After?.Size ?? 0));
        if (total > limits.ChangeBytes)
            findings.Add(new(Severity.Error, "limit/change-bytes", $"The change writes {total} bytes; the limit is {limits.ChangeBytes}.", Remedy: "Split it, or raise 'limits.change-bytes' in your own configuration."));
    }

    // Where a relative target ends, by its text alone; null when it is absolute or steps out. '' is the root itself.
    private static string? Resolve(RepositoryPath link, string target)
    {
        if (target[0] == '/') return null;
        var segments = new List<string>(link.Parent?.Value.Split('/') ?? []);
        foreach (var segment in target.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") segments.Add(segment);
            else if (segments.Count == 0) return null;
            else segments.RemoveAt(segments.Count - 1);
        }
        return string.Join('/', segments);
    }

    private static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');
}
