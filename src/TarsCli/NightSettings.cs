using TarsAutonomy.Settings;
using TarsEngine;

namespace TarsCli;

/// <summary>What the user's own configuration says of agents and sessions. Read by those commands alone that need it.</summary>
internal static class NightSettings
{
    public static AutonomySettings Of(Codebase codebase) => AutonomySettings.Load(codebase.UserConfigurationText(), "the configuration");
}
