using TarsEngine.Sandbox;
using TarsEngine.Staging;

namespace TarsAutonomy.Agents;

/// <summary>An agent's program as it is found on the host, and what of the host has to be shown inside so that it runs there.</summary>
/// <param name="Path">What is run: inside it lies where it lies on the host.</param>
/// <param name="Folder">Shown inside, read-only, at the same path; null where it is there anyway.</param>
internal sealed record AgentProgram(string Path, string? Folder)
{
    // What every sandbox shows.
    private static readonly string[] shown = ["/usr", "/bin", "/sbin", "/lib", "/lib64"];

    // Wider than any program's folder: people's files lie below.
    private static readonly string[] wide = ["/", "/home", "/root", "/etc", "/opt", "/var", "/srv", "/mnt", "/media", "/tmp", "/run", "/proc", "/sys", "/dev"];

    /// <param name="name">A name that PATH finds, an absolute path, or one that lies in the codebase.</param>
    /// <param name="configured">The folder that the user named; null: the one where it lies.</param>
    /// <param name="environment">The user's: PATH and HOME.</param>
    /// <exception cref="AgentUnavailableException">It isn't there, or showing it would show too much.</exception>
    public static AgentProgram Find(string agent, string name, string? configured, IReadOnlyDictionary<string, string> environment)
    {
        var folder = configured is null ? null : Checked(agent, RealPath.Of(configured), environment);
        if (folder is not null && !Directory.Exists(folder)) throw new AgentUnavailableException($"The folder '{configured}' of the agent '{agent}' isn't there.", $"Correct 'agents: {agent}: folder' in your own configuration.");
        // Relative to the codebase: it is the codebase's own, and comes with it.
        if (name.Contains('/', StringComparison.Ordinal) && !name.StartsWith('/')) return new(name, folder);
        var found = name.StartsWith('/') ? [name] : environment.GetValueOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin").Split(':').Where(one => one.StartsWith('/')).Select(one => System.IO.Path.Combine(one, name));
        if (found.FirstOrDefault(File.Exists) is not { } program)
            throw new AgentUnavailableException($"The program '{name}' of the agent '{agent}' is not installed: no folder of PATH has it.", $"Install it, or say where it lies: 'agents: {agent}: run' in your own configuration.");
        var real = RealPath.Of(program);
        return new(real, folder ?? (Array.Exists(shown, place => SandboxPaths.IsUnder(real, place)) ? null : Checked(agent, FolderOf(real), environment)));
    }

    /// <summary>All that a program brings: the packages beside it for npm's, the virtual environment for Python's.</summary>
    private static string FolderOf(string real)
    {
        const string packages = "/node_modules/";
        if (real.IndexOf(packages, StringComparison.Ordinal) is var at and >= 0) return real[..(at + packages.Length - 1)];
        var folder = System.IO.Path.GetDirectoryName(real)!;
        return System.IO.Path.GetDirectoryName(folder) is { } above && File.Exists(System.IO.Path.Combine(above, "pyvenv.cfg")) ? above : folder;
    }

    private static string Checked(string agent, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var home = environment.GetValueOrDefault("HOME") is { Length: > 1 } given ? RealPath.Of(given) : null;
        return !wide.Contains(folder) && (home is null || !SandboxPaths.IsUnder(home, folder)) ? folder
            : throw new AgentUnavailableException($"To run the agent '{agent}', all of '{folder}' would have to be shown inside the sandbox.", $"Install it into a folder of its own, and name that: 'agents: {agent}: folder' in your own configuration.");
    }
}
