using System.Globalization;
using System.Text;
using TarsEngine.Files;
using TarsEngine.Processes;

namespace TarsEngine.Sandbox;

/// <summary>
/// Sandboxes whose tarscli was killed. With bubblewrap, once they stand they die with it; but one whose parent dies while it is starting
/// can wait for ever for a word from it. It holds nothing then, and has not run the command. Without bubblewrap they can live on.
/// </summary>
internal static class AbandonedSandboxes
{
    public const string MarkName = "TARS_SANDBOX";
    private const string Temporary = "/tmp";

    /// <summary>Options of bubblewrap that name the owner in the process list, and change nothing.</summary>
    public static IReadOnlyList<string> Mark(string owner) => ["--setenv", MarkName, owner, "--unsetenv", MarkName];

    /// <summary>Makes a folder with a short path, for a sandbox that can't have a /tmp of its own: sockets can't have long ones.</summary>
    public static string MakeTemporary(string owner)
    {
        var files = new FileSystem();
        using var folder = files.OpenRoot(Temporary);
        files.CreateDirectory(folder, owner, 0b111_000_000);
        return Path.Combine(Temporary, owner);
    }

    public static void RemoveTemporary(string owner)
    {
        var files = new FileSystem();
        using var folder = files.OpenRoot(Temporary);
        files.RemoveTree(folder, owner);
    }

    /// <summary>Kills them, and removes their temporary folders.</summary>
    public static void Sweep()
    {
        if (!Directory.Exists("/proc/self")) return;
        foreach (var process in Processes()) Kill(process, one => MarkOf(one) is { } mark && OwnerMark.IsLeft(mark));
        foreach (var left in Directory.EnumerateDirectories(Temporary, OwnerMark.Pattern).Select(Path.GetFileName).OfType<string>().Where(OwnerMark.IsLeft)) RemoveTemporary(left);
    }

    /// <summary>The processes that carry this mark in their arguments or their environment.</summary>
    public static IEnumerable<int> Marked(string mark) => Processes().Where(process => MarkOf(process) == mark);

    /// <summary>Kills a process if it is still meant when its id can no longer go to another.</summary>
    public static void Kill(int process, Predicate<int> isMeant)
    {
        if (!isMeant(process) || Posix.ProcessDescriptor(process) is not (>= 0 and var descriptor)) return;
        using var handle = Descriptors.Own(descriptor);
        if (isMeant(process)) Posix.Signal(handle, Posix.SigKill);
    }

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0).Where(process => process > 0);

    private static string? MarkOf(int process)
    {
        var arguments = Read(process, "cmdline");
        var at = Array.IndexOf(arguments, MarkName);
        if (at > 0 && arguments[at - 1] == "--setenv" && at + 1 < arguments.Length) return arguments[at + 1];
        return Array.Find(Read(process, "environ"), variable => variable.StartsWith(MarkName + "=", StringComparison.Ordinal))?[(MarkName.Length + 1)..];
    }

    private static string[] Read(int process, string what)
    {
        try
        {
            return Encoding.Latin1.GetString(File.ReadAllBytes($"/proc/{process}/{what}")).Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
