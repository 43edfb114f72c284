using System.Globalization;
using System.Text;
using TarsEngine.Processes;

namespace TarsEngine.Sandbox;

/// <summary>
/// Sandboxes whose tarscli was killed. Once they stand they die with it; but a bubblewrap whose parent dies while it is starting
/// can wait for ever for a word from it. It holds nothing then, and has not run the command.
/// </summary>
internal static class AbandonedSandboxes
{
    private const string MarkName = "TARS_SANDBOX";

    /// <summary>Options of bubblewrap that name the owner in the process list, and change nothing.</summary>
    public static IReadOnlyList<string> Mark(string owner) => ["--setenv", MarkName, owner, "--unsetenv", MarkName];

    /// <summary>Kills them.</summary>
    public static void Sweep()
    {
        if (!Directory.Exists("/proc/self")) return;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process) || !IsLeft(process)) continue;
            if (Posix.ProcessDescriptor(process) is not (>= 0 and var descriptor)) continue;
            using var handle = Descriptors.Own(descriptor);
            // The id may have gone to another between the two.
            if (IsLeft(process)) Posix.Signal(handle, Posix.SigKill);
        }
    }

    private static bool IsLeft(int process)
    {
        var arguments = CommandLine(process).Split('\0');
        var at = Array.IndexOf(arguments, MarkName);
        return at > 0 && arguments[at - 1] == "--setenv" && at + 1 < arguments.Length && OwnerMark.IsLeft(arguments[at + 1]);
    }

    private static string CommandLine(int process)
    {
        try
        {
            return Encoding.Latin1.GetString(File.ReadAllBytes($"/proc/{process}/cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
