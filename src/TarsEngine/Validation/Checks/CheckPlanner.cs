using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Dotnet;
using TarsEngine.Validation.Runners;

namespace TarsEngine.Validation.Checks;

/// <summary>From configuration and tree to commands: the user's checks or the detected ones, then the codebase's own.</summary>
internal static class CheckPlanner
{
    public static CheckPlan Plan(TarsConfiguration configuration, TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content)
    {
        var checks = new List<PlannedCheck>();
        var findings = new List<Finding>();
        if (configuration.Checks is { } own) checks.AddRange(own.Select(c => Configured(c, configuration.Limits)));
        else Detect(configuration, tree, content, checks, findings);
        checks.AddRange(configuration.ExtraChecks.Select(c => Configured(c, configuration.Limits)));
        return new([.. checks.Select(check => check.Kind == CheckKind.Test ? check with { Ignored = configuration.Tests.Ignore } : check)], findings);
    }

    private static void Detect(TarsConfiguration configuration, TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content, List<PlannedCheck> checks, List<Finding> findings)
    {
        var all = new List<PlannedCheck>();
        if (new DotnetDetection(tree, content).Find(configuration.Dotnet.Projects) is { } dotnet)
        {
            all.AddRange(DotnetChecks.Of(dotnet, configuration));
            findings.AddRange(dotnet.Findings);
        }
        foreach (var plan in RunnerDetection.Find(tree, content, configuration))
        {
            all.AddRange(plan.Checks);
            findings.AddRange(plan.Findings);
        }
        // Everything is built before the first test runs: what was built is kept from then on.
        checks.AddRange([.. all.Where(IsBuild), .. all.Where(c => !IsBuild(c))]);
    }

    private static bool IsBuild(PlannedCheck check) => check.Kind is CheckKind.Restore or CheckKind.Build;

    private static PlannedCheck Configured(CheckDefinition check, ConfigurationLimits limits)
    {
        var timeout = check.Timeout is { } asked && (!check.FromRepository || asked < limits.CheckTimeout) ? asked : limits.CheckTimeout;
        var environment = new Dictionary<string, string>(DotnetChecks.Environment, StringComparer.Ordinal);
        foreach (var (name, value) in check.Environment) environment[name] = value;
        var proves = check.Kind is CheckKind.Test or CheckKind.Command && (!check.FromRepository || check.Report != ReportFormat.None);
        var arguments = check.Arguments.Select(a => a.Replace(CheckDefinition.ResultsPlaceholder, SandboxLayout.Results, StringComparison.Ordinal));
        return new(check.Name, check.Kind, [.. arguments], check.Folder, timeout, check.Report, environment, proves);
    }
}
