using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;

namespace TarsEngine.Staging;

/// <summary>Edits whole files, in the order in which they are declared; stops at the first that is refused.</summary>
internal static class EditStep
{
    /// <summary>The rule of a finding that says: what is there is not what the edit was made for.</summary>
    public const string ConflictRule = "edit/conflict";

    public static IReadOnlyList<Finding> Run(EditAction action, VirtualFileSystem tree) =>
        action.Edits.Select(edit => Apply(edit, tree)).FirstOrDefault(finding => finding is not null) is { } refused ? [refused] : [];

    private static Finding? Apply(FileEdit edit, VirtualFileSystem tree) => edit switch
    {
        CreateEdit create => tree.Create(create.Path, create.Content, create.Size, create.Mode),
        ReplaceEdit replace => CheckExpected(tree, replace.Path, replace.Expected) ?? tree.Replace(replace.Path, replace.Content, replace.Size, replace.Mode),
        DeleteEdit delete => CheckExpected(tree, delete.Path, delete.Expected) ?? tree.Delete(delete.Path),
        RenameEdit rename => tree.Rename(rename.Path, rename.To),
        SetModeEdit mode => tree.SetMode(mode.Path, mode.Mode),
        SymlinkEdit link => tree[link.Path] is null
            ? tree.CreateSymlink(link.Path, link.Target, link.Size)
            : tree.Retarget(link.Path, link.Target, link.Size),
        _ => throw new ArgumentException($"An edit of an unknown kind: {edit.GetType().Name}.", nameof(edit)),
    };

    private static Finding? CheckExpected(VirtualFileSystem tree, RepositoryPath path, ContentHash? expected) =>
        expected is null || tree[path] is not { } there || there.Hash == expected
            ? null
            : new(Severity.Error, ConflictRule, $"'{path}' is not what the edit expects: expected {expected}, found {there.Hash}.", path,
                Remedy: "Make the edit anew from the file as it is now.");
}
