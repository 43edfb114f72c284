using TarsEngine.Configuration;
using TarsEngine.Permissions;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Terminal.Dependencies;

/// <summary>
/// Gets a missing package, if the user's own configuration allows that one: into a folder of the workspace and nowhere else, by
/// a command in the sandbox that may speak to the package's registry alone, without any script of a package.
/// </summary>
/// <param name="network">The user's rules for hosts: what they deny stays denied, and a private address that they name may be where a registry is.</param>
public sealed class DependencyInstaller(TerminalExecutor terminal, DependencySettings settings, NetworkAccess network)
{
    private static readonly TimeSpan time = TimeSpan.FromMinutes(5);
    private static readonly RuleOrigin fromUser = new(RuleAuthor.User, "dependencies.sources");
    private readonly PackageNames names = new(settings);

    /// <summary>Null where no package can help: a program, a part of the language, a file of the script itself.</summary>
    /// <param name="workspace">With the script's files; the packages live as long as it does.</param>
    public async Task<DependencyOutcome?> ProvideAsync(
        Workspace workspace, MissingDependencyFailure missing, ScriptFiles script, Action<OutputLine>? listener = null, CancellationToken cancellation = default)
    {
        if (Name(missing, script.TopNames) is not { Missing: var package } named) return null;
        if (!named.IsAllowed) return new DependencyNotAllowed(package);
        if (Declared(package, script) is { } declared)
        {
            if (declared.Problem is { } problem) return new DependencyNotInstalled(package, problem, Result: null);
            if (declared.Packages.FirstOrDefault(name => !settings.Allows(name)) is { } other)
                return new DependencyNotAllowed(new(package.Ecosystem, other, other, IsGuess: false));
        }
        var source = settings.Sources.GetValueOrDefault(PackageNames.KeyOf(package.Ecosystem));
        if (source?.StartsWith('/') == true && !Directory.Exists(source))
            return new DependencyNotInstalled(package, $"the folder '{source}' that 'dependencies.sources' names isn't there.", Result: null);
        return await InstallAsync(workspace, package, new InstallPlanner(source).Plan(package, script.TopNames, script.Entry), source, listener, cancellation);
    }

    private static DeclaredDependencies? Declared(MissingPackage package, ScriptFiles script) => package.Ecosystem switch
    {
        Ecosystem.Python when script.TopNames.Contains("requirements.txt") => DeclaredDependencies.OfRequirements(script.Text("requirements.txt")),
        Ecosystem.Node when script.TopNames.Contains("package-lock.json") && script.TopNames.Contains("package.json") => DeclaredDependencies.OfPackageJson(script.Text("package.json")),
        _ => null,
    };

    /// <summary>Says which package is missing, and does nothing about it; null where no package can help.</summary>
    public DependencyNamed? Name(MissingDependencyFailure missing, IReadOnlySet<string> topNames) =>
        IsOwn(missing, topNames) || names.Of(missing) is not { } package ? null : new(package, IsAllowed(package));

    /// <summary>A pattern is no word about a name that was only guessed: whoever registered it may have counted on the guess.</summary>
    private bool IsAllowed(MissingPackage package) =>
        package.IsGuess ? settings.Allow.Contains(package.Package, StringComparer.OrdinalIgnoreCase) : settings.Allows(package.Package);

    private static bool IsOwn(MissingDependencyFailure missing, IReadOnlySet<string> topNames)
    {
        if (missing.Ecosystem != Ecosystem.Python) return false;
        var top = missing.Name.Split('.')[0];
        return topNames.Contains(top) || topNames.Contains(top + ".py");
    }

    private async Task<DependencyOutcome> InstallAsync(
        Workspace workspace, MissingPackage package, InstallPlan plan, string? source, Action<OutputLine>? listener, CancellationToken cancellation)
    {
        var folder = workspace.CreateResultsFolder() with { InsidePath = InstallPlan.Packages };
        var refused = "";
        var command = new SandboxCommand(plan.Arguments, "", time, plan.Registry is { IsLoopback: true } ? ByProxyAlone(plan.Environment) : plan.Environment)
        {
            Binds = plan.Registry is null ? [folder, new(source!, InstallPlan.Source, Writable: false)] : [folder],
            Network = plan.Registry is { } registry ? AccessTo(registry, source is null ? RuleOrigin.BuiltIn : fromUser) : null,
            // The program inside is told little of why; the first refusal is what people need.
            OnConnection = connection => Interlocked.CompareExchange(ref refused, connection.Outcome is ConnectionOutcome.Refused or ConnectionOutcome.Failed ? connection.Reason + " " : "", ""),
        };
        var result = await terminal.RunAsync(workspace, command, listener, cancellation);
        if (!result.Succeeded)
        {
            return new DependencyNotInstalled(package, $"{result.Ending}{Said(result)}. {refused}The whole output is in '{result.LogFile}'.", result);
        }
        var shown = folder with { Writable = false };
        List<SandboxBind> binds = [shown];
        if (plan.RunBind is var (inner, inside)) binds.Add(new(Path.Combine(folder.HostFolder, inner), inside, Writable: false));
        return new DependencyInstalled(package, result.Duration, binds, plan.RunEnvironment);
    }

    /// <summary>The first line that says something of an error: installers end with where their logs are.</summary>
    private static string Said(CommandResult result) =>
        result.Tail.FirstOrDefault(line => line.Text.Contains("error", StringComparison.OrdinalIgnoreCase) && line.Text.Count(c => c == ' ') > 3) is { } line ? $" ({line.Text.Trim().TrimEnd('.')})" : "";

    /// <summary>The registry alone. Of the user's other hosts only what is stricter, and addresses: a registry may be found at a private one.</summary>
    private NetworkAccess AccessTo(Uri registry, RuleOrigin origin) => new NetworkAccess([.. HostsOf(registry, origin)])
        .And(network.Hosts.Where(rule => rule.Decide != Decision.Allow || (rule.Port == registry.Port && System.Net.IPAddress.TryParse(rule.Host, out _))));

    /// <summary>The registry, and where PyPI keeps its files. A package that has its files elsewhere is not installed.</summary>
    private static IEnumerable<HostRule> HostsOf(Uri registry, RuleOrigin origin)
    {
        yield return new(registry.IdnHost, registry.Port, Decision.Allow, origin);
        if (registry.Host == "pypi.org") yield return new("files.pythonhosted.org", HostRule.DefaultPort, Decision.Allow, origin);
    }

    /// <summary>A registry on this machine's loopback: the sandbox's own loopback is another one, so nothing goes to it directly.</summary>
    private static Dictionary<string, string> ByProxyAlone(IReadOnlyDictionary<string, string> environment) =>
        new(environment, StringComparer.Ordinal) { ["NO_PROXY"] = "", ["no_proxy"] = "", ["npm_config_noproxy"] = "" };
}
