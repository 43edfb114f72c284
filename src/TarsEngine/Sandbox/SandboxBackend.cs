using TarsEngine.Processes;

namespace TarsEngine.Sandbox;

/// <summary>What enforces the sandbox on this host, prepared and tried.</summary>
internal interface ISandboxBackend
{
    /// <summary>For people: which one, and its version.</summary>
    string Name { get; }

    /// <summary>What it enforces, for people.</summary>
    IReadOnlyList<string> Protections { get; }

    /// <summary>What it does not, each with its remedy.</summary>
    IReadOnlyList<string> Gaps { get; }

    /// <summary>Where commands find the workspace's codebase.</summary>
    string CodebaseOf(Workspace workspace);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="workspace">What the command sees as the codebase; null for nothing.</param>
    /// <exception cref="SandboxUnavailableException">It can't be enforced; nothing ran.</exception>
    Task<SandboxResult> RunAsync(Workspace? workspace, SandboxCommand command, ChildOutput output, ChildOutput error, CancellationToken cancellation);
}
