using System.Globalization;

namespace TarsEngine.Sandbox;

/// <summary>A process and all below it, as the host sees them. Nothing leaves the tree of a PID namespace's first process.</summary>
internal static class ProcessTree
{
    public static IEnumerable<int> Of(int first)
    {
        var pending = new Stack<int>([first]);
        while (pending.TryPop(out var process))
        {
            yield return process;
            foreach (var child in Children(process)) pending.Push(child);
        }
    }

    /// <summary>Bytes that belong to these processes alone: what they share with others (programs, libraries) is left out.</summary>
    public static long OwnMemory(IEnumerable<int> processes) => processes.Sum(process =>
        Read($"/proc/{process}/statm").Split(' ') is [_, var resident, var shared, ..]
            ? (long.Parse(resident, CultureInfo.InvariantCulture) - long.Parse(shared, CultureInfo.InvariantCulture)) * Environment.SystemPageSize
            : 0);

    private static IEnumerable<int> Children(int process)
    {
        string[] threads;
        try
        {
            threads = Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (IOException)
        {
            return [];
        }
        return threads.SelectMany(thread => Read(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture));
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
