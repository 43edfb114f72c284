using System.Globalization;
using TarsEngine.Audit;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Packages;
using TarsEngine.Terminal;
using TarsEngine.Validation.Packages;

namespace TarsEngine;

/// <summary>The packages that a codebase's builds and tests need, fetched before they run, because they run without a network.</summary>
public sealed class CodebasePackages
{
    private static readonly TimeSpan wait = TimeSpan.FromMinutes(10);
    private readonly Codebase codebase;
    private readonly TerminalExecutor terminal;

    internal CodebasePackages(Codebase codebase, TerminalExecutor terminal) => (this.codebase, this.terminal) = (codebase, terminal);

    /// <summary>Fetches what the codebase as it lies there now needs, into its own cache.</summary>
    /// <param name="output">Gets what the restores say, line by line.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox or its network can't be enforced; nothing ran.</exception>
    /// <exception cref="PackageSourceException">The configuration names a source that nothing can be fetched from.</exception>
    public async Task<FetchOutcome> FetchAsync(Action<OutputLine> output, CancellationToken cancellation = default)
    {
        using var alone = codebase.State.Acquire("packages", wait, codebase.Options.Waiting);
        using var run = LoneRun.Start(codebase.State, "packages");
        var tree = (await codebase.Capture.CaptureAsync(cancellation)).Tree;
        var configuration = codebase.ConfigurationFor(tree).Configuration;
        var fetcher = new PackageFetcher(
            codebase.Content, codebase.Workspaces, terminal, new PackageCache(codebase.State.Root, codebase.Files),
            PackageRegistries.Of(codebase.Configuration.Dependencies), configuration.Permissions.Network);
        var outcome = await fetcher.FetchAsync(configuration.Permissions.Paths.Visible(tree).Tree, run.Name, configuration.Dotnet.Projects, output, cancellation);
        if (outcome is FetchOutcome.Fetched fetched)
        {
            codebase.Database.Write("record fetched packages", tx => codebase.Audit.Append(tx, new AuditEntry(
                "packages-fetched", codebase.Options.Actor, "packages", ("added", fetched.Added.Count.ToString(CultureInfo.InvariantCulture)))));
        }
        return outcome;
    }
}
