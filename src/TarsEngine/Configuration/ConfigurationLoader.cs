using TarsEngine.Documents;

namespace TarsEngine.Configuration;

/// <summary>Something in the codebase's own file that was ignored, because only the user may loosen policy.</summary>
/// <param name="Rule">'config/loosens'.</param>
public sealed record ConfigurationNotice(string Rule, string Key, string Message);

/// <summary>The policy with what was ignored; <paramref name="Problems"/> means that it must not be used.</summary>
public sealed record ConfigurationResult(
    TarsConfiguration Configuration, IReadOnlyList<ConfigurationNotice> Notices, IReadOnlyList<DocumentProblem> Problems);

/// <summary>Joins defaults, the user's file and the codebase's 'tars.yaml'. The user's may loosen, the codebase's only tighten.</summary>
public static class ConfigurationLoader
{
    /// <summary>Where the codebase's file lies: at its root.</summary>
    public const string RepositoryFileName = "tars.yaml";

    public static ConfigurationResult Load(
        string? userFileText, string? repositoryFileText, string userFileName = "config.yaml", string repositoryFileName = RepositoryFileName)
    {
        IReadOnlyList<DocumentProblem> userProblems = [], repositoryProblems = [];
        var user = userFileText is null ? new() : ConfigurationFileReader.Read(userFileText, userFileName, false, out userProblems);
        var repository = repositoryFileText is null ? new() : ConfigurationFileReader.Read(repositoryFileText, repositoryFileName, true, out repositoryProblems);
        var problems = new List<DocumentProblem>([.. userProblems, .. repositoryProblems]);
        if (user.SandboxEnabled == false)
            problems.Add(new(userFileName, 1, 1, "'sandbox.enabled' can't be false: code of a change never runs outside the sandbox. Remove the line."));
        if (user.SandboxHosts.Count > 0)
            problems.Add(new(userFileName, 1, 1, "'sandbox.hosts' is not supported: name the hosts under 'network.hosts', and remove the line."));
        var notices = new List<ConfigurationNotice>();
        var configuration = RepositoryTightening.Apply(Loosened(user), user, repository, repositoryFileName, notices);
        return new(configuration, notices, problems);
    }

    private static TarsConfiguration Loosened(ConfigurationLayer user)
    {
        var limits = ConfigurationLimits.Default;
        return new()
        {
            Checks = user.Checks,
            Dotnet = user.Dotnet ?? DotnetSettings.Default,
            ApproveWhenValid = user.ApproveWhenValid ?? false,
            AllowUnvalidated = user.AllowUnvalidated ?? false,
            AllowWithoutBackup = user.AllowWithoutBackup ?? false,
            AllowUnproven = user.AllowUnproven ?? false,
            Fallback = user.SandboxFallback == "landlock" ? SandboxFallback.Landlock : SandboxFallback.None,
            Dependencies = user.Dependencies ?? DependencySettings.Default,
            Keep = user.Keep ?? KeepLimits.Default,
            Probe = new()
            {
                Mode = user.Probe ?? ProbeSettings.Default.Mode,
                Faults = user.ProbeFaults ?? ProbeSettings.Default.Faults,
                Time = user.ProbeTime ?? ProbeSettings.Default.Time,
            },
            Tests = new() { ImpactedFirst = user.ImpactedFirst ?? true, Ignore = user.IgnoredTests, Levels = user.TestLevels },
            Limits = limits with
            {
                CheckTimeout = user.CheckTimeout ?? limits.CheckTimeout,
                TestTimeout = user.TestTimeout,
                MinimumTests = user.MinimumTests ?? limits.MinimumTests,
            },
        };
    }
}
