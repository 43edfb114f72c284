using System.Globalization;

namespace TarsEngine.Sandbox;

/// <summary>
/// Names whose a control group or a sandbox is: 'tars-NAMESPACE-PROCESS-START-NUMBER'. The start time tells a dead owner from another
/// process that was given its id, and the namespace of process ids tells whether that id means anything here.
/// </summary>
internal static class OwnerMark
{
    public const string Pattern = "tars-*";
    private static readonly string home = new([.. Path.GetFileName(File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? "").Where(char.IsAsciiDigit)]);
    private static readonly string own = string.Create(CultureInfo.InvariantCulture, $"tars-{home}-{Environment.ProcessId}-{StartOf(Environment.ProcessId)}");
    private static int counter;

    /// <summary>Of this process, and never the same again.</summary>
    public static string New() => string.Create(CultureInfo.InvariantCulture, $"{own}-{Interlocked.Increment(ref counter)}");

    /// <summary>True when its owner was a process of this namespace, and is dead.</summary>
    public static bool IsLeft(string name) =>
        name.Split('-') is ["tars", var space, var process, var start, _] && space == home
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && StartOf(id) != start;

    /// <summary>In ticks since the machine's start; empty when there is no such process.</summary>
    private static string StartOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            // The name, in parentheses, may hold anything; what follows it are fields 3, 4, …
            return text[(text.LastIndexOf(')') + 2)..].Split(' ')[22 - 3];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
