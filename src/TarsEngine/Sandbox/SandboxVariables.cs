using TarsEngine.Files;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Sandbox;

/// <summary>The whole environment of a command: nothing is inherited.</summary>
internal static class SandboxVariables
{
    /// <exception cref="ArgumentException">The command brings a name that is none.</exception>
    public static IReadOnlyDictionary<string, string> Of(SandboxPaths paths, SandboxCommand command)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = string.Join(':', SandboxLayout.ProgramFolders(paths)),
            ["HOME"] = "/tmp/home",
            ["TMPDIR"] = "/tmp",
            ["LANG"] = "C.UTF-8",
            ["DOTNET_CLI_HOME"] = "/tmp/home",
            ["NUGET_PACKAGES"] = SandboxLayout.Packages,
            ["RestoreSources"] = SandboxLayout.Packages,
            ["NuGetAudit"] = "false",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["npm_config_audit"] = "false",
            ["npm_config_fund"] = "false",
            ["npm_config_update_notifier"] = "false",
            ["npm_config_logs_dir"] = "/tmp/npm-logs",
            // Without these, servers stay behind after a build and hold its folders.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            // The SDK otherwise warns of, and loads, what it finds for other users.
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        };
        foreach (var (_, inside) in ShownFiles.Fetched(paths)) variables[inside == SandboxLayout.FetchedNpm ? "npm_config_cache" : "RestoreFallbackFolders"] = inside;
        // It would otherwise try for minutes.
        if (!SandboxNetwork.IsNeeded(command)) variables["npm_config_offline"] = "true";
        // The first of a kind is the one that the user's own PATH finds.
        foreach (var (name, value) in paths.Toolchains.SelectMany(toolchain => toolchain.Variables)) variables.TryAdd(name, value);
        foreach (var (name, value) in NetworkVariables.Of(command).Concat(command.Environment.Select(pair => (pair.Key, pair.Value)))) variables[name] = value;
        if (variables.Keys.FirstOrDefault(name => name.Length == 0 || name.Contains('=')) is { } wrong)
            throw new ArgumentException($"'{ByteText.Display(wrong)}' is no name of an environment variable.", nameof(command));
        return variables;
    }
}
