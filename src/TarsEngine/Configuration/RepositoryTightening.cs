using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsEngine.Configuration;

/// <summary>Takes from the codebase's file what is stricter; everything else becomes a notice.</summary>
internal sealed class RepositoryTightening(ConfigurationLayer layer, string fileName, List<ConfigurationNotice> notices)
{
    public static TarsConfiguration Apply(TarsConfiguration policy, ConfigurationLayer user, ConfigurationLayer layer, string fileName, List<ConfigurationNotice> notices) =>
        new RepositoryTightening(layer, fileName, notices).Apply(policy, user);

    private TarsConfiguration Apply(TarsConfiguration policy, ConfigurationLayer user)
    {
        if (layer.SandboxEnabled == false) Ignored("sandbox.enabled", "turns the sandbox off");
        if (layer.SandboxFallback is not (null or "none")) Ignored("sandbox.fallback", "lets commands run in a weaker sandbox");
        if (layer.SandboxHosts.Count > 0) Ignored("sandbox.hosts", "adds hosts that the sandbox may reach");
        if (layer.NamesAgents) Ignored("agents", "names agents, which run with the user's credentials");
        if (layer.Dotnet is not null) Ignored("dotnet", "shapes the detected checks, which could leave some of them out");
        if (layer.Keep is not null) Ignored("keep", "decides over the user's disk");
        if (layer.Dependencies is not null) Ignored("dependencies", "lets scripts get packages, or gives packages other names");
        if (layer.ImpactedFirst is not null) Ignored("tests.impacted-first", "decides over the user's time");
        if (layer.IgnoredTests.Count > 0) Ignored("tests.ignore", "lets tests fail");
        if (layer.ProbeTime is not null) Ignored("probe.time", "decides over the user's time");
        return policy with
        {
            Probe = policy.Probe with { Mode = Stricter(policy.Probe.Mode), Faults = Higher("probe.faults", policy.Probe.Faults, layer.ProbeFaults) },
            // Some of the tests land nothing, so a level may be anybody's; of two with one name it is the user's.
            Tests = policy.Tests with { Levels = layer.TestLevels.Concat(user.TestLevels).GroupBy(level => level.Key, StringComparer.Ordinal).ToDictionary(level => level.Key, level => level.Last().Value, StringComparer.Ordinal) },
            ExtraChecks = ExtraChecks(policy),
            ApproveWhenValid = Allowed("review.approve-when-valid", "lands changes without review", policy.ApproveWhenValid, layer.ApproveWhenValid),
            AllowUnvalidated = Allowed("allow.unvalidated", "lets changes skip validation", policy.AllowUnvalidated, layer.AllowUnvalidated),
            AllowWithoutBackup = Allowed("allow.without-backup", "lets changes skip the backup", policy.AllowWithoutBackup, layer.AllowWithoutBackup),
            AllowUnproven = Allowed("allow.unproven", "lets unproven changes pass", policy.AllowUnproven, layer.AllowUnproven),
            Permissions = Permissions(user),
            Limits = policy.Limits with
            {
                CheckTimeout = Lower("limits.check-timeout", policy.Limits.CheckTimeout, layer.CheckTimeout, Durations.Format),
                TestTimeout = layer.TestTimeout is null ? policy.Limits.TestTimeout : Lower("limits.test-timeout", policy.Limits.TestTimeout ?? TimeSpan.MaxValue, layer.TestTimeout, Durations.Format),
                MinimumTests = Higher("limits.minimum-tests", policy.Limits.MinimumTests, layer.MinimumTests),
            },
        };
    }

    private PermissionPolicy Permissions(ConfigurationLayer user)
    {
        var joined = PolicyLayers.Join(user.Policy, layer.Policy, Ignored);
        var (changes, commands) = (ChangeLimits.Default, CommandLimits.Default);
        return joined with
        {
            Changes = new()
            {
                ChangedFiles = Lower("limits.changed-files", user.MaxChangedFiles ?? changes.ChangedFiles, layer.MaxChangedFiles),
                FileBytes = Lower("limits.file-bytes", user.MaxFileBytes ?? changes.FileBytes, layer.MaxFileBytes),
                ChangeBytes = Lower("limits.change-bytes", user.MaxChangeBytes ?? changes.ChangeBytes, layer.MaxChangeBytes),
            },
            Commands = joined.Commands.Within(new()
            {
                Arguments = Lower("limits.command-arguments", user.CommandArguments ?? commands.Arguments, layer.CommandArguments),
                Characters = Lower("limits.command-characters", user.CommandCharacters ?? commands.Characters, layer.CommandCharacters),
                Chained = Lower("limits.chained-commands", user.ChainedCommands ?? commands.Chained, layer.ChainedCommands),
            }),
        };
    }

    private List<CheckDefinition> ExtraChecks(TarsConfiguration policy)
    {
        if (layer.Checks is { Count: 0 }) Ignored("checks", "removes every check");
        var extra = new List<CheckDefinition>();
        foreach (var check in layer.Checks ?? [])
        {
            if (policy.Checks?.Any(c => c.Name.Equals(check.Name, StringComparison.OrdinalIgnoreCase)) == true)
                Ignored("checks", $"replaces the user's check '{ByteText.Display(check.Name)}'");
            else
                extra.Add(check);
        }
        return extra;
    }

    private bool Allowed(string key, string what, bool policy, bool? asked)
    {
        if (asked == true && !policy) Ignored(key, what);
        return policy && asked != false;
    }

    private ProbeMode Stricter(ProbeMode mode)
    {
        if (layer.Probe is not { } asked) return mode;
        if (asked < mode) Ignored("probe.mode", "looks away from changes that no test would miss");
        return asked > mode ? asked : mode;
    }

    private T Lower<T>(string key, T policy, T? asked, Func<T, string>? show = null)
        where T : struct, IComparable<T>
    {
        if (asked is not { } value) return policy;
        if (value.CompareTo(policy) <= 0) return value;
        Ignored(key, $"raises the limit from {Show(policy)} to {Show(value)}");
        return policy;

        string Show(T v) => show?.Invoke(v) ?? v.ToString()!;
    }

    private int Higher(string key, int policy, int? asked)
    {
        if (asked is not { } value) return policy;
        if (value >= policy) return value;
        Ignored(key, $"lowers what is asked from {policy} to {value}");
        return policy;
    }

    private void Ignored(string key, string what) => notices.Add(new("config/loosens", key,
        $"'{key}' in {fileName} {what}; it was ignored, because a codebase's own file can only tighten. Put it into your own configuration if you want it."));
}
