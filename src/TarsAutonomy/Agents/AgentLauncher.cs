using System.Globalization;
using System.Text.Json;
using TarsEngine.Files;
using TarsEngine.Permissions;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;
using TarsEngine.Staging;

namespace TarsAutonomy.Agents;

/// <summary>Runs the user's agents: finds their programs, writes what they are given, and opens the way to their model alone.</summary>
/// <param name="environment">The user's: PATH, HOME, and the variables from which credentials come.</param>
public sealed class AgentLauncher(AgentSettings settings, IReadOnlyDictionary<string, string> environment) : IAgentHost
{
    // An agent that says more than this is no use to anybody, and the host has to read all of it.
    private const long MostOutput = 64L << 20;

    // The kernel takes 128 KiB as one argument.
    private const int MostArgumentBytes = 100_000;

    /// <summary>Asked for each run what the agent is to keep to.</summary>
    public Func<AgentRequest, PromptLimits> Limits { get; init; } = _ => PromptLimits.None;

    /// <summary>What agents may use, but for what an agent's own settings say.</summary>
    internal SandboxLimits Sandbox { get; init; } = new() { OutputBytes = MostOutput };

    /// <summary>Why an agent can't be run here; null when it can, as far as that can be told before.</summary>
    public AgentUnavailableException? WhyNot(string? name)
    {
        try
        {
            var agent = Chosen(name);
            if (agent.Endpoint is { } endpoint) Route(agent, endpoint);
            AgentProgram.Find(agent.Name, (agent.Run ?? agent.Profile.Run)[0], agent.Folder, environment);
            return null;
        }
        catch (AgentUnavailableException missing)
        {
            return missing;
        }
    }

    /// <inheritdoc/>
    public AgentLaunch Prepare(AgentRequest request)
    {
        var agent = Chosen(request.Action.Agent);
        var limits = Limits(request);
        var prompt = AgentPrompt.Of(new(request.Action.Task, limits.MaxLines, limits.Rules, AgentPrompt.ReferencesIn(request.Tree), request.Feedback));
        var route = agent.Endpoint is { } endpoint ? Route(agent, endpoint) : null;
        var placeholders = new Placeholders(AsArgument(prompt), agent.Model, route is null ? null : BaseUrl(route));
        Give(request.Folder, agent, prompt, placeholders);
        var run = agent.Run ?? [.. agent.Profile.Run, .. agent.Model is null ? [] : agent.Profile.RunWithModel];
        var program = AgentProgram.Find(agent.Name, run[0], agent.Folder, environment);
        var usage = agent.Profile.Usage();
        return new(agent.Name, new(
            [.. AtHome(agent.Profile), program.Path, .. run.Skip(1).Select(argument => placeholders.Fill(argument, agent.Name))], "", agent.Timeout,
            agent.Profile.Environment.Concat(agent.Environment).GroupBy(one => one.Key, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => placeholders.Fill(same.Last().Value, agent.Name), StringComparer.Ordinal))
        {
            Binds = program.Folder is { } folder ? [new(Shown(agent, folder, request.Folder), folder, Writable: false)] : [],
            Network = Access(agent),
            Credentials = [.. route is null ? Array.Empty<CredentialRoute>() : [route], .. Credentials(() => CredentialRoute.Of(new(agent.Hosts), environment))],
            Limits = Sandbox with { MemoryBytes = agent.MemoryBytes ?? Sandbox.MemoryBytes },
        })
        {
            Usage = usage.Read,
        };
    }

    private static string AsArgument(string prompt) => System.Text.Encoding.UTF8.GetByteCount(prompt) <= MostArgumentBytes
        ? prompt
        : $"Read the whole file {Placeholders.Given}/{Placeholders.PromptName} and do what it asks: it is your task.";

    private AgentSetting Chosen(string? name)
    {
        const string remedy = "Name it under 'agents' in your own configuration: docs/agents.md.";
        if (settings.Agents.Count == 0) throw new AgentUnavailableException("No agent is configured.", remedy);
        if ((name ?? settings.Default) is not { } wanted) throw new AgentUnavailableException("Several agents are configured, and none is the default.", "Say which is: 'agents: default: NAME' in your own configuration.");
        return settings.Agents.FirstOrDefault(agent => agent.Name == wanted) ?? throw new AgentUnavailableException(
            $"There is no agent '{ByteText.Display(wanted)}'; there {(settings.Agents.Count == 1 ? "is" : "are")} {string.Join(", ", settings.Agents.Select(agent => agent.Name))}.", remedy);
    }

    private CredentialRoute Route(AgentSetting agent, ModelEndpoint endpoint)
    {
        var credential = endpoint.Credential ?? new(agent.Profile.Header, agent.Profile.Prefix, null, null);
        // A program on one's own machine may want no key at all; then it gets the one that says so.
        if (endpoint.Credential is null)
            return new(agent.Profile.BaseUrlVariable, endpoint.Host, endpoint.Port, endpoint.BasePath, credential.Header, new(credential.Prefix + AgentProfile.PlaceholderKey), endpoint.Plain);
        var rule = new HostRule(endpoint.Host, endpoint.Port, Decision.Allow, agent.Origin, credential with { BaseUrlVariable = agent.Profile.BaseUrlVariable, BasePath = endpoint.BasePath });
        return Credentials(() => CredentialRoute.Of(new([rule]), environment))[0] with { Plain = endpoint.Plain };
    }

    private static IReadOnlyList<CredentialRoute> Credentials(Func<IReadOnlyList<CredentialRoute>> read)
    {
        try
        {
            return read();
        }
        catch (CredentialException failure)
        {
            throw new AgentUnavailableException(failure.Message, failure.Remedy);
        }
    }

    /// <summary>The route's listener inside: it is the first one.</summary>
    private static string BaseUrl(CredentialRoute route) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{NetworkVariables.ProxyPort + 1}{route.BasePath}");

    private static NetworkAccess? Access(AgentSetting agent)
    {
        if (agent.Endpoint is not { } endpoint) return agent.Hosts.Count == 0 ? null : new(agent.Hosts);
        // 'localhost' leads to both loopback addresses, which are allowed one by one.
        string[] names = endpoint.Host == "localhost" ? ["localhost", "127.0.0.1", "::1"] : [endpoint.Host];
        return new([.. names.Select(name => new HostRule(name, endpoint.Port, Decision.Allow, agent.Origin)), .. agent.Hosts]);
    }

    private static void Give(string folder, AgentSetting agent, string prompt, Placeholders placeholders)
    {
        File.WriteAllText(Path.Combine(folder, Placeholders.PromptName), prompt);
        foreach (var (name, text) in agent.Profile.Files)
            File.WriteAllText(Path.Combine(folder, name), placeholders.Fill(text, agent.Name, value => JsonEncodedText.Encode(value).ToString()));
    }

    /// <summary>The shell that puts what the agent is given where its program looks for it, and then is that program.</summary>
    private static IReadOnlyList<string> AtHome(AgentProfile profile) => profile.HomeFolder is not { } home ? [] :
    [
        "/bin/sh", "-c",
        $"mkdir -p \"$HOME/{home}\" && cp {string.Join(' ', profile.Files.Keys.Select(name => $"{Placeholders.Given}/{name}"))} \"$HOME/{home}/\" && exec \"$@\"", "sh",
    ];

    /// <summary>What an agent is given lies in the state folder: a folder above that would show it, and the codebase, as they are.</summary>
    private static string Shown(AgentSetting agent, string folder, string given) => !SandboxPaths.IsUnder(RealPath.Of(given), folder)
        ? folder
        : throw new AgentUnavailableException($"The folder '{folder}' of the agent '{agent.Name}' holds the state of this codebase.", $"Install the agent elsewhere, or name its own folder: 'agents: {agent.Name}: folder'.");
}
