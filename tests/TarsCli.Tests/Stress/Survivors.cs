using System.Diagnostics;

namespace TarsCli.Tests.Stress;

/// <summary>Processes and mounts that still have to do with a folder: by command line, environment, or what is mounted for them.</summary>
internal static class Survivors
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits until there are none: the kernel ends the children of a killed process in its own time.</summary>
    /// <returns>Those that stayed.</returns>
    public static async Task<IReadOnlyList<string>> WaitAsync(string folder)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var found = Find(folder);
            if (found.Count == 0 || Stopwatch.GetElapsedTime(start) > Patience) return found;
            await Task.Delay(20);
        }
    }

    private static List<string> Find(string folder)
    {
        var found = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(process)[0])) continue;
            foreach (var part in (string[])["cmdline", "environ", "mountinfo"])
            {
                if (!Read(Path.Combine(process, part)).Contains(folder, StringComparison.Ordinal)) continue;
                found.Add($"{Path.GetFileName(process)} ({part}): {Read(Path.Combine(process, "cmdline")).Replace('\0', ' ')}");
                break;
            }
        }
        return found;
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
