using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Storage;

namespace TarsEngine.Staging;

/// <summary>Knows the user's agents: the seam to programs that write changes by themselves. It only says how one is to be run.</summary>
public interface IAgentHost
{
    /// <exception cref="AgentUnavailableException">There is no such agent, or it can't be run here.</exception>
    AgentLaunch Prepare(AgentRequest request);
}

/// <summary>What an agent is to do.</summary>
/// <param name="Tree">The codebase without what policy hides, as the agent finds it but for what an earlier attempt made.</param>
/// <param name="Content">Of the files of the tree.</param>
/// <param name="Folder">On the host, private and empty: for what the agent is given, such as its prompt. Inside it is <see cref="AgentLaunch.Given"/>, read-only.</param>
public sealed record AgentRequest(AgentAction Action, TreeSnapshot Tree, TreeContent Content, string Folder)
{
    /// <summary>What became of the attempt before; null for the first.</summary>
    public AgentFeedback? Feedback { get; init; }
}

/// <summary>Why an attempt did not land; its change lies in the workspace of the next one.</summary>
/// <param name="Attempt">The number of the attempt that failed; 1 is the first.</param>
/// <param name="HasChange">False when the next one begins from the base again.</param>
public sealed record AgentFeedback(int Attempt, IReadOnlyList<Finding> Findings, bool HasChange);

/// <summary>How an agent is run.</summary>
/// <param name="Name">The agent's, for people.</param>
/// <param name="Command">With the hosts, credentials and folders that it needs; its standard input is closed.</param>
public sealed record AgentLaunch(string Name, SandboxCommand Command)
{
    /// <summary>Where <see cref="AgentRequest.Folder"/> is found inside.</summary>
    public const string Given = "/agent";

    /// <summary>Asked for each line that it writes: what it has used in all so far, where the line tells it.</summary>
    public Func<string, AgentUsage?> Usage { get; init; } = _ => null;
}

/// <summary>No agent can be run: configuration, or the program itself, is missing.</summary>
public sealed class AgentUnavailableException(string reason, string remedy) : Exception(reason)
{
    public string Remedy { get; } = remedy;
}
