using System.Globalization;
using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Runners;

namespace TarsEngine.Validation.Dotnet;

/// <summary>The commands that build and test what was found of .NET.</summary>
internal static class DotnetChecks
{
    private static readonly VsTestRunner vsTest = new();
    private static readonly TestPlatformRunner xunit = new("-method", "-method"), xunitOnPlatform = new("--filter-method", "--filter-method"), others = new(null, "--filter");

    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["MSBUILDTERMINALLOGGER"] = "off",
    };

    public static IEnumerable<PlannedCheck> Of(DotnetTargets targets, TarsConfiguration configuration)
    {
        var environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal);
        if (configuration.Dotnet.RollForward is { } rollForward) environment["DOTNET_ROLL_FORWARD"] = rollForward;
        var timeout = configuration.Limits.CheckTimeout;
        var shaped = Shaped(configuration.Dotnet);
        foreach (var target in targets.Targets)
        {
            string[] build = ["dotnet", "build", "./" + target, "--nologo", "-v:minimal", "-clp:NoSummary", .. shaped];
            yield return new($"build {target}", CheckKind.Build, build, "", timeout, ReportFormat.None, environment, false) { WhenRestored = [.. build, "--no-restore"] };
        }
        string[] coverage = targets.MeasuresCoverage ? [PlannedCheck.Collect, PlannedCheck.Coverage] : [];
        foreach (var target in targets.TestTargets)
        {
            yield return new($"test {target}", CheckKind.Test,
                ["dotnet", "test", "./" + target, "--no-build", "--nologo", "--logger", "trx", "--results-directory", SandboxLayout.Results, .. HangOf(configuration.Limits), PlannedCheck.Chosen, .. coverage, .. shaped], "", timeout, ReportFormat.Trx, environment, true) { Runner = vsTest };
        }
        foreach (var program in targets.Programs)
        {
            if (program.Frameworks.Count == 0 || configuration.Dotnet.Framework is not null) yield return Program(program, null, shaped, configuration.Limits, environment);
            else foreach (var framework in program.Frameworks) yield return Program(program, framework, shaped, configuration.Limits, environment);
        }
    }

    // 'dotnet test' runs these only where 'global.json' says so, and with other options for each version of the SDK; the program itself
    // is always the same.
    private static PlannedCheck Program(DotnetProject project, string? framework, List<string> shaped, ConfigurationLimits limits, Dictionary<string, string> environment)
    {
        string[] chosen = framework is null ? [] : ["--framework", framework];
        IReadOnlyList<string> hang = project.HasHangDump && limits.TestTimeout is { } longest ? ["--hangdump", "--hangdump-type", "Mini", "--hangdump-timeout", Seconds(longest)] : [];
        IReadOnlyList<string> report = project.Platform switch
        {
            PlatformReport.Xunit => ["-noColor", "-trx", SandboxLayout.Results + "/tests.trx"],
            PlatformReport.XunitOnPlatform => ["--no-ansi", "--results-directory", SandboxLayout.Results, "--report-xunit-trx"],
            _ => ["--no-ansi", "--results-directory", SandboxLayout.Results, "--report-trx"],
        };
        return new($"test {project.Path}{(framework is null ? "" : $" ({framework})")}", CheckKind.Test,
            ["dotnet", "run", "--project", "./" + project.Path, "--no-build", "--no-launch-profile", .. chosen, .. shaped, "--", .. report, .. hang, PlannedCheck.Chosen], "", limits.CheckTimeout, ReportFormat.Trx, environment, true)
        {
            Runner = project.Platform switch { PlatformReport.Xunit => xunit, PlatformReport.XunitOnPlatform => xunitOnPlatform, _ => others },
        };
    }

    // VSTest then names the test that was running, and leaves a small dump beside the report.
    private static IReadOnlyList<string> HangOf(ConfigurationLimits limits) =>
        limits.TestTimeout is { } longest ? ["--blame-hang", "--blame-hang-dump-type", "mini", "--blame-hang-timeout", Seconds(longest)] : [];

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds)}s");

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
