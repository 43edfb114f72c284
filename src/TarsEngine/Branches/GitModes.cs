using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Branches;

/// <summary>Git keeps one permission bit: what goes onto a branch has the modes that come out of it again.</summary>
internal static class GitModes
{
    public static ChangeSet Of(ChangeSet changes) => new(changes.Select(change => new FileChange(change.Path, Of(change.Before), Of(change.After), change.RenamedFrom)));

    private static FileState? Of(FileState? state) => state switch
    {
        null => null,
        { Kind: EntryKind.File } file => file with { Mode = file.IsExecutable ? 0b111_101_101 : 0b110_100_100 },
        var other => other,
    };
}
