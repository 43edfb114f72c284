using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>One changed file as text; null where it is absent, binary, a symlink, or too large to be read as code.</summary>
internal sealed record ChangedText(FileChange Change, string? Before, string? After)
{
    private const long MaxBytes = 4 * 1024 * 1024;

    public RepositoryPath Path => Change.Path;

    public static ChangedText Read(FileChange change, Func<RepositoryPath, FileState, byte[]> content) =>
        new(change, Text(change.Path, change.Before, content), Text(change.Path, change.After, content));

    /// <summary>Null when it is no text that is worth reading.</summary>
    public static string? Text(RepositoryPath path, FileState? state, Func<RepositoryPath, FileState, byte[]> content)
    {
        if (state is not { Kind: EntryKind.File, Size: <= MaxBytes }) return null;
        var bytes = content(path, state);
        return bytes.AsSpan(0, Math.Min(bytes.Length, 8000)).Contains((byte)0) ? null : Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
    }
}
