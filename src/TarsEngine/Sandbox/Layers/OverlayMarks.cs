using TarsEngine.Files;

namespace TarsEngine.Sandbox.Layers;

/// <summary>What overlayfs noted on a folder of a layer.</summary>
/// <param name="IsOpaque">Nothing below it shows.</param>
/// <param name="MovedFrom">Where its content lies in the layers below: a path from the root with '/' in front, or a name beside its own.</param>
internal sealed record OverlayMark(bool IsOpaque, string? MovedFrom);

/// <summary>Reads overlayfs' extended attributes (Documentation/filesystems/overlayfs.rst of the kernel).</summary>
internal sealed class OverlayMarks(FileSystem files, OverlayKind kind)
{
    private readonly string prefix = kind == OverlayKind.Root ? "trusted.overlay." : "user.overlay.";

    public OverlayMark Of(DirectoryHandle parent, string name)
    {
        using var folder = files.OpenFolder(parent, name);
        return Of(folder);
    }

    public OverlayMark Of(DirectoryHandle folder)
    {
        // 'y' is opaque; 'x' only says that there may be whiteouts of another form, which the kernel itself never makes.
        var opaque = files.ReadAttribute(folder, prefix + "opaque") is { } value && value.AsSpan().StartsWith("y"u8);
        return new(opaque, files.ReadAttribute(folder, prefix + "redirect") is { } from ? ByteText.Decode(from.AsSpan().TrimEnd((byte)0)) : null);
    }
}
