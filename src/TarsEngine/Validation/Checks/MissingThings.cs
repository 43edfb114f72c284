using System.Text.RegularExpressions;

namespace TarsEngine.Validation.Checks;

/// <summary>What tools say when a program, package or plugin isn't here: nobody's change is at fault then.</summary>
internal sealed partial class MissingThings
{
    private const string Fetch = "Fetch it: run 'tarscli packages fetch' in the codebase (with the change applied, if the change adds the package), then try again.";
    private const string Vendor = "The sandbox has no network: put it into the codebase ('cargo vendor', 'go mod vendor', a '.m2/repository'), or describe the checks in your own configuration.";

    private static readonly (Regex Sign, string What, string Remedy)[] signs =
    [
        (Program(), "The program '{0}' is not installed where checks run.", "Install it (below /usr, or in a folder on your PATH: 'tarscli sandbox check' lists what is found); a program of a package comes with 'tarscli packages fetch'."),
        (Pytest(), "pytest is not installed where checks run.", "Install it, as with 'apt-get install python3-pytest', or have a Python that has it first on your PATH."),
        (PlatformReport(), "The tests can't write a report: their program doesn't know the option {0}.", "Reference the package 'Microsoft.Testing.Extensions.TrxReport' in the test project, or describe a check of your own in the configuration."),
        (SeveralFrameworks(), "{0}", "Choose one with 'dotnet.framework' in your own configuration."),
        (PytestOption(), "The settings of pytest ask for options of a plugin that is not installed: {0}.", "Install the plugin, or describe the check under 'checks' in your own configuration, such as with '-o addopts='."),
        (Npm(), "An npm package is missing from the package cache, and the sandbox has no network: {0}.", Fetch),
        (Cargo(), "A crate is missing, and cargo may not fetch it: {0}.", Vendor),
        (GoModule(), "A Go module is missing, and go may not fetch it: {0}.", Vendor),
        (MavenArtifact(), "Something that Maven needs is missing, and it may not fetch it: {0}.", Vendor),
        (CmakePackage(), "CMake looks for something that is not installed here: {0}.", "Install it, such as the '-dev' package of your distribution."),
    ];

    /// <summary>The first that was met, with the way on.</summary>
    public (string What, string Remedy)? First { get; private set; }

    public void Read(string line)
    {
        if (First is not null) return;
        foreach (var (sign, what, remedy) in signs)
        {
            if (sign.Match(line) is not { Success: true } match) continue;
            First = (string.Format(System.Globalization.CultureInfo.InvariantCulture, what, match.Groups["name"].Value.Trim()), remedy);
            return;
        }
    }

    [GeneratedRegex(@"^(?:sh|/bin/sh|bash): (?:line )?(?:\d+: )?(?:exec: )?(?<name>[^:\s]+): (?:command )?not found$|^bwrap: execvp (?<name>\S+): No such file or directory$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Program();

    [GeneratedRegex(@"^\S*python[\d.]*: No module named pytest$", RegexOptions.NonBacktracking)]
    private static partial Regex Pytest();

    [GeneratedRegex("^Unknown option '(?<name>--report[\\w-]*)'", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PlatformReport();

    [GeneratedRegex("^(?<name>Your project targets multiple frameworks.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SeveralFrameworks();

    [GeneratedRegex(@"^\S+: error: unrecognized arguments: (?<name>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PytestOption();

    [GeneratedRegex(@"^npm (?:error|ERR!) (?<name>(?:code (?:ENOTCACHED|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ENETUNREACH)|request to \S+ failed: cache mode is 'only-if-cached').*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Npm();

    [GeneratedRegex(@"^(?<name>error: (?:no matching package (?:named )?.*|failed to get .* as a dependency.*|failed to (?:download|load source).*)|.*(?:attempting to make an HTTP request, but --offline was specified|you are in the offline mode).*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Cargo();

    [GeneratedRegex(@"^(?<name>.*(?:module lookup disabled by GOPROXY=off|cannot find module providing package|go: download go[\d.]+ .* toolchain not available).*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GoModule();

    [GeneratedRegex(@"^\[ERROR\] (?<name>.*(?:in offline mode|has not been downloaded from it before).*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex MavenArtifact();

    [GeneratedRegex("^\\s*(?<name>Could NOT find .*|Could not find a package configuration file provided by .*|No CMAKE_\\w+_COMPILER could be found.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex CmakePackage();
}
