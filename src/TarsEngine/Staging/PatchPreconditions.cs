using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;

namespace TarsEngine.Staging;

/// <summary>What must be true of the tree before a patch is tried on it; every obstacle is named, not only git's first.</summary>
internal static class PatchPreconditions
{
    public static IReadOnlyList<Finding> Check(IReadOnlyList<PatchFile> sections, VirtualFileSystem tree)
    {
        var leaves = sections.Where(s => s.Kind is PatchFileKind.Delete or PatchFileKind.Rename).Select(s => s.OldPath!.Value).ToHashSet();
        return [.. sections.Select(section => CheckOne(section, leaves, tree)).OfType<Finding>()];
    }

    private static Finding? CheckOne(PatchFile section, HashSet<RepositoryPath> leaves, VirtualFileSystem tree)
    {
        foreach (var path in new[] { section.OldPath, section.NewPath }.OfType<RepositoryPath>())
        {
            foreach (var folder in path.Ancestors().Where(folder => !leaves.Contains(folder)))
            {
                if (tree[folder] is { Kind: EntryKind.Symlink })
                    return new(Severity.Error, VirtualFileSystem.ThroughSymlinkRule, $"'{path}' lies behind the symlink '{folder}'; nothing is changed through a symlink.", path, section.Line, "Name the file by its real path.");
                if (tree[folder] is not null && path == section.NewPath)
                    return new(Severity.Error, "edit/file-in-file", $"'{path}' can't be made: '{folder}' is a file, not a folder.", path, section.Line, "Delete that file in the same patch.");
            }
        }
        if (section.OldPath is { } old)
        {
            if (tree[old] is not { } there)
                return Conflict(section, old, $"'{old}' is not there: expected the file that the patch changes, found {(tree.IsFolder(old) ? "a folder" : "nothing")}.");
            if (section.OldMode is { } mode && (mode == PatchModes.Symlink) != (there.Kind == EntryKind.Symlink))
                return there.Kind == EntryKind.Symlink
                    ? new(Severity.Error, VirtualFileSystem.ThroughSymlinkRule, $"'{old}' is a symlink: expected a file; nothing is changed through a symlink.", old, section.Line, "Name the file that it points to.")
                    : Conflict(section, old, $"'{old}' is a file: expected a symlink.");
            if (section.OldMode is null && there.Kind == EntryKind.Symlink && section.Kind == PatchFileKind.Modify && section.IsPlain)
                return new(Severity.Error, VirtualFileSystem.ThroughSymlinkRule, $"'{old}' is a symlink; nothing is changed through a symlink.", old, section.Line, "Name the file that it points to.");
        }
        if (section.NewPath is { } made && section.Kind is PatchFileKind.Create or PatchFileKind.Rename or PatchFileKind.Copy
            && tree[made] is not null && !leaves.Contains(made))
            return Conflict(section, made, $"'{made}' is there already: expected nothing, found a {(tree[made]!.Kind == EntryKind.File ? "file" : "symlink")} of {tree[made]!.Size} bytes.");
        return null;
    }

    private static Finding Conflict(PatchFile section, RepositoryPath path, string message) =>
        new(Severity.Error, PatchConflict.Rule, message, path, section.Line, PatchConflict.Remedy);
}
