namespace TarsAutonomy.Tests.Agents;

/// <summary>A real agent's program, as './run test' installs it.</summary>
internal static class InstalledAgent
{
    /// <summary>The folder of npm's that holds it.</summary>
    public static string Folder { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetEnvironmentVariable("HOME")!, ".cache"), "tars-tests", "agent");

    /// <summary>The user's variables where the agent is on the PATH.</summary>
    /// <param name="program">Its name: 'codex'.</param>
    public static Dictionary<string, string> EnvironmentWith(string program)
    {
        var programs = Path.Combine(Folder, "node_modules", ".bin");
        Assert.True(File.Exists(Path.Combine(programs, program)), $"The agent '{program}' is not installed in '{Folder}': './run test' installs it.");
        return new(AgentGround.HostEnvironment, StringComparer.Ordinal) { ["PATH"] = $"{programs}:{AgentGround.HostEnvironment["PATH"]}" };
    }
}
