using System.Globalization;

namespace TarsEngine.Sandbox;

/// <summary>
/// Names of control groups tell whose they are: 'tars-PROCESS-START-NUMBER'. The start time tells a dead owner from another
/// process that was given its id.
/// </summary>
internal static class ControlGroupName
{
    public const string Pattern = "tars-*";
    private static readonly string own = string.Create(CultureInfo.InvariantCulture, $"tars-{Environment.ProcessId}-{StartOf(Environment.ProcessId)}");

    public static string Of(int number) => string.Create(CultureInfo.InvariantCulture, $"{own}-{number}");

    /// <summary>True when its owner is dead.</summary>
    public static bool IsLeft(string name) =>
        name.Split('-') is [_, var process, var start, _] && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && StartOf(id) != start;

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
