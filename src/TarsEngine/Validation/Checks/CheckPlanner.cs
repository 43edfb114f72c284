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
    private static readonly Dictionary<string, string> DotnetEnvironment = new(StringComparer.Ordinal)
    {
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["MSBUILDTERMINALLOGGER"] = "off",
    };

    private static readonly VsTestRunner vsTest = new();

    public static CheckPlan Plan(TarsConfiguration configuration, TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content)
    {
        var checks = new List<PlannedCheck>();
        var findings = new List<Finding>();
        if (configuration.Checks is { } own) checks.AddRange(own.Select(c => Configured(c, configuration.Limits)));
        else Detect(configuration, tree, content, checks, findings);
        checks.AddRange(configuration.ExtraChecks.Select(c => Configured(c, configuration.Limits)));
        return new(checks, findings);
    }

    private static void Detect(TarsConfiguration configuration, TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content, List<PlannedCheck> checks, List<Finding> findings)
    {
        var all = new List<PlannedCheck>();
        if (new DotnetDetection(tree, content).Find(configuration.Dotnet.Projects) is { } dotnet)
        {
            all.AddRange(Dotnet(dotnet, configuration));
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
        var environment = new Dictionary<string, string>(DotnetEnvironment, StringComparer.Ordinal);
        foreach (var (name, value) in check.Environment) environment[name] = value;
        var proves = check.Kind is CheckKind.Test or CheckKind.Command && (!check.FromRepository || check.Report != ReportFormat.None);
        var arguments = check.Arguments.Select(a => a.Replace(CheckDefinition.ResultsPlaceholder, SandboxLayout.Results, StringComparison.Ordinal));
        return new(check.Name, check.Kind, [.. arguments], check.Folder, timeout, check.Report, environment, proves);
    }

    private static IEnumerable<PlannedCheck> Dotnet(DotnetTargets targets, TarsConfiguration configuration)
    {
        var environment = new Dictionary<string, string>(DotnetEnvironment, StringComparer.Ordinal);
        if (configuration.Dotnet.RollForward is { } rollForward) environment["DOTNET_ROLL_FORWARD"] = rollForward;
        var timeout = configuration.Limits.CheckTimeout;
        var shaped = Shaped(configuration.Dotnet);
        foreach (var target in targets.Targets)
        {
            string[] build = ["dotnet", "build", "./" + target, "--nologo", "-v:minimal", "-clp:NoSummary", .. shaped];
            yield return new($"build {target}", CheckKind.Build, build, "", timeout, ReportFormat.None, environment, false) { WhenRestored = [.. build, "--no-restore"] };
        }
        if (!targets.HasTests) yield break;
        foreach (var target in targets.Targets)
        {
            yield return new($"test {target}", CheckKind.Test,
                ["dotnet", "test", "./" + target, "--no-build", "--nologo", "--logger", "trx", "--results-directory", SandboxLayout.Results, PlannedCheck.Chosen, .. shaped], "", timeout, ReportFormat.Trx, environment, true) { Runner = vsTest };
        }
    }

    private static List<string> Shaped(DotnetSettings settings)
    {
        var arguments = new List<string>();
        if (settings.Configuration is { } configuration) arguments.AddRange(["-c", configuration]);
        // Both: projects that name one framework read the first, projects that name several and restore read the second.
        if (settings.Framework is { } framework) arguments.AddRange([$"-p:TargetFramework={framework}", $"-p:TargetFrameworks={framework}"]);
        foreach (var (name, value) in settings.Properties) arguments.Add($"-p:{name}={Escape(value)}");
        return arguments;
    }

    // MSBuild parts properties at ';' and ','.
    private static string Escape(string value) =>
        value.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
