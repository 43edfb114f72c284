using System.Diagnostics;

namespace TarsEngine.Tests.Scenarios;

/// <summary>
/// One folder under tests/Scenarios. 'improvement.yaml', '.json' or '.patch' is what is proposed, or 'improvement.sh' prints it;
/// 'input/' is the codebase, 'setup.sh' makes in it what git can't carry; 'outcome.txt' names the outcome (applies, finding,
/// refused, conflict, nothing) and, line by line, what must be said; 'expected/' or 'expected.sh' is the codebase afterwards.
/// </summary>
internal sealed class Scenario(string folder)
{
    public static string Root { get; } = Path.Combine(Repository(), "tests", "Scenarios");

    public static IEnumerable<string> Names => Directory.EnumerateDirectories(Root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    public string Outcome => Lines[0];

    public IReadOnlyList<string> Said => [.. Lines.Skip(1)];

    private string[] Lines { get; } = File.ReadAllLines(Path.Combine(folder, "outcome.txt"));

    /// <summary>Makes the codebase as it is before.</summary>
    public void MakeInput(string into)
    {
        if (Directory.Exists(At("input"))) Shell(into, "cp -a \"$0\"/. .", At("input"));
        if (File.Exists(At("setup.sh"))) Shell(into, "sh \"$0\"", At("setup.sh"));
    }

    /// <summary>Makes the codebase as it should be afterwards; false when this scenario expects no change.</summary>
    public bool MakeExpected(string into)
    {
        if (Directory.Exists(At("expected")))
        {
            Shell(into, "cp -a \"$0\"/. .", At("expected"));
            return true;
        }
        if (!File.Exists(At("expected.sh"))) return false;
        MakeInput(into);
        Shell(into, "sh \"$0\"", At("expected.sh"));
        return true;
    }

    /// <summary>Lets <paramref name="read"/> read what is proposed, as a file or as a program's output.</summary>
    public T ReadImprovement<T>(string codebase, Func<Stream, string, string?, T> read)
    {
        if (!File.Exists(At("improvement.sh")))
        {
            var file = Directory.EnumerateFiles(folder, "improvement.*").Single();
            using var stream = File.OpenRead(file);
            return read(stream, Path.GetFileName(file), folder);
        }
        using var process = Start(codebase, "sh \"$0\"", At("improvement.sh"), output: true);
        try
        {
            return read(process.StandardOutput.BaseStream, "-", null);
        }
        finally
        {
            process.StandardOutput.Close(); // ends a program that would print for ever
            process.WaitForExit();
        }
    }

    private string At(string name) => Path.Combine(folder, name);

    private static void Shell(string where, string script, string argument)
    {
        using var process = Start(where, script, argument, output: false);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{argument} ended with {process.ExitCode}.");
    }

    private static Process Start(string where, string script, string argument, bool output)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "umask 022; " + script, argument]) { WorkingDirectory = where, UseShellExecute = false, RedirectStandardOutput = output };
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start)!;
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tars.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
