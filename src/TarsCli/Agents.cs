using TarsAutonomy.Agents;
using TarsAutonomy.NightShift;
using TarsAutonomy.Settings;
using TarsEngine.Staging;

namespace TarsCli;

/// <summary>The user's agents, looked up when a step needs one and not before: most commands never do.</summary>
internal sealed class Agents(string? configurationFile, IReadOnlyDictionary<string, string> environment) : IAgentHost
{
    public AgentLaunch Prepare(AgentRequest request)
    {
        var settings = AutonomySettings.Load(configurationFile is null ? null : File.ReadAllText(configurationFile), configurationFile ?? "");
        return new AgentLauncher(settings.Agents, environment) { Limits = asked => ConstraintWords.Of(asked, settings) }.Prepare(request);
    }
}
