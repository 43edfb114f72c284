using TarsEngine;
using TarsEngine.Files;

namespace TarsAutonomy.Tasks;

/// <summary>A document as it lies in the working tree.</summary>
/// <param name="Bytes">Null where there is no regular file.</param>
/// <param name="IsCommitted">False where the last commit has another one, or none: a night works with the commit's.</param>
public sealed record WorkingDocument(RepositoryPath Path, byte[]? Bytes, bool IsCommitted)
{
    /// <summary>Looks at the working tree and at HEAD; without git, what lies there counts as committed.</summary>
    public static async Task<WorkingDocument> ReadAsync(Codebase codebase, RepositoryPath path, CancellationToken cancellation = default)
    {
        var bytes = Read(codebase, path);
        if (codebase.Location.Git is not { } place) return new(path, bytes, true);
        var committed = await codebase.Git.RunAsync(place, ["cat-file", "blob", "HEAD:" + path.Value], cancellation: cancellation);
        return new(path, bytes, bytes is null ? !committed.Succeeded : committed.Succeeded && committed.Output.AsSpan().SequenceEqual(bytes));
    }

    /// <summary>Follows no symlink, and reads no more than a plan may have.</summary>
    private static byte[]? Read(Codebase codebase, RepositoryPath path)
    {
        using var root = codebase.Files.OpenRoot(codebase.Root);
        using var folder = codebase.Files.OpenDirectory(root, path.Parent);
        if (folder is null || codebase.Files.Stat(folder, path.Name)?.Kind != NodeKind.File) return null;
        using var stream = codebase.Files.OpenRead(folder, path.Name);
        return TarsEngine.Improvements.BoundedBytes.Read(stream, PlanText.MaxBytes) ?? new byte[PlanText.MaxBytes + 1];
    }
}
