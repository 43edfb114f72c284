using System.Text.RegularExpressions;

namespace TarsEngine.Worlds;

/// <summary>A program's system calls, as strace tells them.</summary>
internal static partial class TracedCalls
{
    /// <summary>All by which a program could change files.</summary>
    public const string Mutating = "open,openat,openat2,creat,write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,splice,truncate,ftruncate,fallocate,"
        + "mkdir,mkdirat,mknod,mknodat,symlink,symlinkat,link,linkat,rename,renameat,renameat2,unlink,unlinkat,rmdir,chmod,fchmod,fchmodat,chown,lchown,fchown,fchownat,"
        + "setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,utime,utimes,futimesat,utimensat,ioctl,fsync,fdatasync,sync_file_range,syncfs,mmap";

    /// <summary>The line of one call that succeeded, in the words of the seam where it has some; null for one that changes no file.</summary>
    public static string? Parse(string line)
    {
        if (Whole().Match(line) is not { Success: true } call || call.Groups["result"].Value.StartsWith('-')) return null;
        var (name, arguments) = (call.Groups["name"].Value, call.Groups["arguments"].Value);
        var entries = Entry().Matches(arguments).Select(entry => entry.Groups["bare"] is { Success: true } bare ? bare.Value : Path.Combine(entry.Groups["folder"].Value, entry.Groups["name"].Value)).ToList();
        var opened = Entry().Match(call.Groups["result"].Value).Groups["folder"].Value;
        var on = Entry().Match(arguments).Groups["folder"].Value;
        return name switch
        {
            "open" or "openat" or "openat2" or "creat" => Writing().IsMatch(arguments) || name == "creat" ? $"open {opened}" : null,
            "renameat2" => $"{Renaming(arguments)} {entries[0]} → {entries[1]}",
            "mkdirat" => $"mkdir {entries[^1]}",
            "symlinkat" => $"symlink {entries[^1]}",
            "mknodat" => $"mknod {entries[^1]}",
            "fchownat" => $"chown {entries[^1]}",
            "unlinkat" => $"{(arguments.Contains("AT_REMOVEDIR", StringComparison.Ordinal) ? "rmdir" : "unlink")} {entries[^1]}",
            "write" or "fsync" or "syncfs" => $"{name} {on}",
            "ftruncate" => $"truncate {on}",
            "fchmod" => $"chmod {on}",
            "fchown" => $"chown {on}",
            "fsetxattr" => $"copy-attributes {on}",
            "utimensat" => $"utimens {on}",
            "ioctl" => arguments.Contains("FICLONE", StringComparison.Ordinal) ? $"clone {on}" : null,
            "mmap" => arguments.Contains("PROT_WRITE", StringComparison.Ordinal) && arguments.Contains("MAP_SHARED", StringComparison.Ordinal) ? $"mmap {on}" : null,
            // None of the seam's: whatever it is on, it is one that goes around it.
            _ => $"{name} {string.Join(" → ", entries)}",
        };
    }

    private static string Renaming(string arguments) => arguments.Contains("RENAME_EXCHANGE", StringComparison.Ordinal) ? "rename-exchange"
        : arguments.Contains("RENAME_NOREPLACE", StringComparison.Ordinal) ? "rename-noreplace" : "rename-replace";

    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)\) += (?<result>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Whole();

    // A descriptor with the path that it stands for, and perhaps a name below it; or a path alone.
    [GeneratedRegex(@"(\d+|AT_FDCWD)<(?<folder>[^>]*)>(\(deleted\))?(, ""(?<name>[^""]*)"")?|""(?<bare>/[^""]*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Entry();

    [GeneratedRegex("O_(WRONLY|RDWR|CREAT|TRUNC)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Writing();
}
