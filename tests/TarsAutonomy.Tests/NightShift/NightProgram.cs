using System.Diagnostics;

namespace TarsAutonomy.Tests.NightShift;

/// <summary>The real program in a world of its own.</summary>
internal static class NightProgram
{
    private static readonly string program = Path.Combine(AppContext.BaseDirectory, "tarscli.dll");

    public sealed record Ended(int Code, string Answer, string Talk, bool IsKilled);

    /// <param name="killAfter">SIGKILL then, if it has not ended by itself.</param>
    /// <param name="variables">Besides those of this process.</param>
    public static Ended Run(NightWorld world, IEnumerable<string> arguments, TimeSpan? killAfter = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo("dotnet", [program, "-C", world.Repository.Folder, "--config", world.ConfigurationFile, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        start.Environment["XDG_STATE_HOME"] = world.StateHome;
        start.Environment["HOME"] = "/nonexistent";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (talk, answer) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        var isKilled = killAfter is { } after && !process.WaitForExit(after);
        if (isKilled) process.Kill();
        process.WaitForExit();
        return new(process.ExitCode, answer.GetAwaiter().GetResult(), talk.GetAwaiter().GetResult(), isKilled);
    }
}
