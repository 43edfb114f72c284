using Microsoft.Win32.SafeHandles;

namespace TarsEngine.Files;

/// <summary>An open directory. Calls relative to it can't be led elsewhere by renames or symlinks above it.</summary>
public sealed class DirectoryHandle : SafeHandleMinusOneIsInvalid
{
    internal DirectoryHandle(int descriptor, string path) : base(ownsHandle: true)
    {
        SetHandle(descriptor);
        Path = path;
    }

    /// <summary>Where it was when it was opened (lossless text, not for display).</summary>
    public string Path { get; }

    public ulong Device { get; internal set; }
    public ulong Inode { get; internal set; }

    /// <summary>The number that the kernel knows it by; valid while this is not disposed.</summary>
    internal int Descriptor => (int)handle;

    /// <summary>The path that its entry <paramref name="name"/> had when this was opened.</summary>
    internal string PathOf(string name) => Path.EndsWith('/') ? Path + name : Path + "/" + name;

    protected override bool ReleaseHandle() => Native.Close((int)handle) == 0;
}

/// <summary>An open regular file.</summary>
public sealed class FileHandle : SafeHandleMinusOneIsInvalid
{
    internal FileHandle(int descriptor, string path) : base(ownsHandle: true)
    {
        SetHandle(descriptor);
        Path = path;
    }

    /// <summary>Where it was when it was opened (lossless text, not for display).</summary>
    public string Path { get; }

    /// <summary>The number that the kernel knows it by; valid while this is not disposed.</summary>
    internal int Descriptor => (int)handle;

    protected override bool ReleaseHandle() => Native.Close((int)handle) == 0;
}
