using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>
/// An edit of one whole file. A closed family: <see cref="CreateEdit"/>, <see cref="ReplaceEdit"/>, <see cref="DeleteEdit"/>,
/// <see cref="RenameEdit"/>, <see cref="SetModeEdit"/>, <see cref="SymlinkEdit"/>.
/// </summary>
public abstract record FileEdit(RepositoryPath Path);

/// <summary>Makes a file; refused when something is there already.</summary>
/// <param name="Content">In the object store.</param>
/// <param name="Mode">Permission bits.</param>
public sealed record CreateEdit(RepositoryPath Path, ContentHash Content, long Size, int Mode = 0b110_100_100) : FileEdit(Path);

/// <summary>Gives an existing file new content; its mode stays unless <paramref name="Mode"/> is given.</summary>
/// <param name="Expected">The content that must be there before; null takes any.</param>
public sealed record ReplaceEdit(RepositoryPath Path, ContentHash Content, long Size, int? Mode = null, ContentHash? Expected = null) : FileEdit(Path);

/// <summary>Removes an existing file or symlink.</summary>
/// <param name="Expected">The content that must be there before; null takes any.</param>
public sealed record DeleteEdit(RepositoryPath Path, ContentHash? Expected = null) : FileEdit(Path);

/// <summary>Moves a file or symlink from <see cref="FileEdit.Path"/> to <paramref name="To"/>, where nothing may be.</summary>
public sealed record RenameEdit(RepositoryPath Path, RepositoryPath To) : FileEdit(Path);

/// <summary>Sets the permission bits of an existing file.</summary>
public sealed record SetModeEdit(RepositoryPath Path, int Mode) : FileEdit(Path);

/// <summary>Makes a symlink, or points an existing one elsewhere; refused when a regular file is there.</summary>
/// <param name="Target">The link's text as bytes, in the object store.</param>
public sealed record SymlinkEdit(RepositoryPath Path, ContentHash Target, long Size) : FileEdit(Path);
