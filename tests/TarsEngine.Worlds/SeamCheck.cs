using System.Diagnostics;

namespace TarsEngine.Worlds;

/// <summary>Nothing goes around the seam: what a process changes, as the kernel saw it, is what its seam says. Needs strace.</summary>
internal static class SeamCheck
{
    public const string Command = "seam";
    private const string Around = "around";

    /// <summary>Does a deed in a process of its own and compares.</summary>
    /// <param name="isInterrupted">Every second write is answered with EINTR, as by a signal: it has to be asked for again.</param>
    /// <param name="goesAround">It also writes a file past the seam: then this must be what is found.</param>
    /// <returns>How many calls were compared, and where the two differ first; null for nowhere.</returns>
    public static (int Calls, string? Problem) Compare(Deed deed, bool isInterrupted = false, bool goesAround = false)
    {
        var traces = Directory.CreateDirectory(Path.Combine(deed.Place, "traces")).FullName;
        var world = Deed.Copy(deed.Template, Path.Combine(deed.Place, "seen"));
        var log = Path.Combine(deed.Place, "seam.log");
        string[] strace = ["-ff", "-y", "-s", "0", "-e", "signal=none", "-e", "trace=" + TracedCalls.Mutating, "-o", Path.Combine(traces, "of"), .. isInterrupted ? (string[])["-e", "inject=write,pwrite64:error=EINTR:when=1+2"] : []];
        using (var process = Process.Start("strace", [.. strace, "dotnet", typeof(SeamCheck).Assembly.Location, Command, deed.Name, deed.Place, world, log, goesAround ? Around : ""]))
        {
            process.WaitForExit();
            if (process.ExitCode != 0) throw new InvalidOperationException($"'{deed.Name}' under strace ended with {process.ExitCode}.");
        }
        var lines = Directory.GetFiles(traces).Order(StringComparer.Ordinal).SelectMany(File.ReadLines).ToList();
        Directory.Delete(traces, recursive: true);
        if (isInterrupted && lines.Count(line => line.Contains("EINTR", StringComparison.Ordinal)) < 10) return (0, "hardly anything was interrupted");
        var (seen, said) = (Calls(world, lines.Select(TracedCalls.Parse)), Calls(world, File.ReadLines(log)));
        for (var i = 0; i < Math.Max(seen.Count, said.Count); i++)
            if (seen.ElementAtOrDefault(i) != said.ElementAtOrDefault(i)) return (i, $"call {i}: the kernel saw '{seen.ElementAtOrDefault(i)}', the seam says '{said.ElementAtOrDefault(i)}'");
        return (seen.Count, Aftermath.Problem(world, deed, mustBeDone: true));
    }

    /// <summary>In the process that is watched.</summary>
    public static void Act(string name, string place, string folder, string log, string around)
    {
        var seam = new SeamLog();
        using (var world = new CommitWorld(folder, seam))
        {
            if (!Deed.Try(name, place, world)) throw new InvalidOperationException($"'{name}' is refused.");
            if (around == Around) File.WriteAllText(world.At("around.txt"), "around");
            world.Transactions.CollectStage(TimeSpan.Zero);
        }
        File.WriteAllLines(log, seam.Lines);
    }

    // The codebase, the stage and the objects. A call that the kernel did in two goes is one.
    private static List<string> Calls(string world, IEnumerable<string?> lines)
    {
        var (code, state) = (Path.Combine(world, "code"), Path.Combine(world, "code", ".tars"));
        var calls = new List<string>();
        foreach (var line in lines.OfType<string>())
        {
            var path = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            var isOurs = IsIn(path, code) && (!IsIn(path, state) || IsIn(path, Path.Combine(state, "stage")) || IsIn(path, Path.Combine(state, "objects")));
            var isTwice = calls.Count > 0 && calls[^1] == line && (line.StartsWith("write ", StringComparison.Ordinal) || line.StartsWith("copy-attributes ", StringComparison.Ordinal));
            if (isOurs && !isTwice) calls.Add(line);
        }
        return calls;
    }

    private static bool IsIn(string path, string folder) => path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] is '/' or ' ');
}
