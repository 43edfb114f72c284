using System.Collections.Concurrent;
using System.Text.Json;
using TarsEngine.Files;
using TarsEngine.Permissions;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;
using TarsEngine.Sandbox.Packages;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Validation.Packages;

/// <summary>
/// Fetches what a tree's restores need, as a step of its own: each restore runs in the sandbox with its registry as the only host
/// and a fresh staging folder; what it leaves is checked by hash, and only then kept, read-only, for later runs without a network.
/// </summary>
internal sealed class PackageFetcher(TreeContent content, WorkspaceFactory workspaces, TerminalExecutor terminal, PackageCache cache, PackageRegistries registries, NetworkAccess user)
{
    private const string Staging = "/fetch";
    private static readonly TimeSpan time = TimeSpan.FromMinutes(15);
    private readonly List<string> problems = [];
    private readonly ConcurrentQueue<string> refused = [];

    /// <param name="workspaceName">One run at a time may use it.</param>
    /// <param name="dotnetTargets">What the user's configuration names instead of what would be detected.</param>
    public async Task<FetchOutcome> FetchAsync(TreeSnapshot tree, string workspaceName, IReadOnlyList<string>? dotnetTargets, Action<OutputLine> output, CancellationToken cancellation)
    {
        var dotnet = new DotnetDetection(tree, Read).Find(dotnetTargets)?.Targets ?? [];
        var npm = NpmProjects(tree);
        if (dotnet.Count == 0 && npm.Count == 0) return new FetchOutcome.NothingToFetch();
        var tarballs = npm.ToDictionary(project => project.Folder, project => Tarballs(project.Lock, tree), StringComparer.Ordinal);
        if (problems.Count > 0) return new FetchOutcome.CheckFailed(problems);
        var staging = cache.CreateStaging();
        try
        {
            using var workspace = workspaces.Create(tree, content, workspaceName);
            foreach (var target in dotnet)
            {
                if (await RunAsync(workspace, RestoreCommand(tree, target, staging), registries.Nuget, output, cancellation) is { } failed) return failed;
            }
            foreach (var (folder, needed) in tarballs)
            {
                if (needed.All(one => File.Exists(Path.Combine(cache.Npm, NpmContentCheck.PlaceOf(one.Hash))))) continue;
                if (await RunAsync(workspace, NpmCommand(folder, staging), registries.Npm, output, cancellation) is { } failed) return failed;
            }
            return Take(tree, staging, [.. tarballs.Values.SelectMany(one => one)]);
        }
        finally
        {
            cache.RemoveStaging();
        }
    }

    private FetchOutcome Take(TreeSnapshot tree, string staging, IReadOnlyList<NpmTarball> tarballs)
    {
        var nuget = new NugetPackageCheck(Locked(tree));
        nuget.Read(Path.Combine(staging, "nuget"));
        var missing = tarballs.Where(one => !File.Exists(Path.Combine(cache.Npm, NpmContentCheck.PlaceOf(one.Hash))));
        var (packages, wrong) = NpmContentCheck.Read(Path.Combine(staging, "npm"), missing);
        problems.AddRange([.. nuget.Problems, .. wrong]);
        if (problems.Count > 0) return new FetchOutcome.CheckFailed(problems);
        return new FetchOutcome.Fetched([.. cache.Promote([.. nuget.Packages, .. packages]).Select(one => one.Name)]);
    }

    private async Task<FetchOutcome?> RunAsync(Workspace workspace, SandboxCommand command, Uri registry, Action<OutputLine> output, CancellationToken cancellation)
    {
        refused.Clear();
        using var hopeless = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var result = await terminal.RunAsync(workspace, command with { OnConnection = told => Judge(told, registry, hopeless) }, output, hopeless.Token);
            return result.Succeeded ? null : new FetchOutcome.RestoreFailed(command.ToString(), result, [.. refused.Distinct(StringComparer.Ordinal)]);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new FetchOutcome.RegistryRefused(command.ToString(), [.. refused.Distinct(StringComparer.Ordinal)]);
        }
    }

    // Where the registry itself may not be spoken to, no patience helps, of which npm has minutes for each package.
    private void Judge(SandboxConnection connection, Uri registry, CancellationTokenSource hopeless)
    {
        if (connection.Outcome is not (ConnectionOutcome.Refused or ConnectionOutcome.Failed)) return;
        refused.Enqueue(connection.Reason);
        if (connection.Outcome == ConnectionOutcome.Refused && connection.Host == registry.Host && connection.Port == registry.Port) _ = hopeless.CancelAsync();
    }

    private SandboxCommand RestoreCommand(TreeSnapshot tree, string target, string staging)
    {
        // What is there already, the user's own cache or ours, is only looked at: what is missing goes into staging.
        string[] there = Directory.Exists(cache.Nuget) ? [SandboxLayout.Packages, SandboxLayout.FetchedNuget] : [SandboxLayout.Packages];
        IReadOnlyList<string> locked = tree.Entries.Keys.Any(path => path.Name == "packages.lock.json") ? ["--locked-mode"] : [];
        return Command(["dotnet", "restore", target, .. locked], "", registries.Nuget, staging,
            ("NUGET_PACKAGES", Staging + "/nuget"), ("RestoreFallbackFolders", string.Join(';', there)), ("RestoreSources", registries.Nuget.ToString()));
    }

    private SandboxCommand NpmCommand(string folder, string staging) =>
        Command(["npm", "ci", "--ignore-scripts"], folder, registries.Npm, staging,
            ("npm_config_cache", Staging + "/npm"), ("npm_config_registry", registries.Npm.ToString()),
            // It waits for minutes by itself, also where trying again can't help.
            ("npm_config_fetch_retry_mintimeout", "500"), ("npm_config_fetch_retry_maxtimeout", "3000"));

    private SandboxCommand Command(IReadOnlyList<string> arguments, string folder, Uri registry, string staging, params (string Name, string Value)[] variables) =>
        new(arguments, folder, time, variables.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal))
        {
            Binds = [new(staging, Staging, Writable: true)],
            Network = PackageRegistries.Only(registry, user),
        };

    private static List<(string Folder, RepositoryPath Lock)> NpmProjects(TreeSnapshot tree) =>
        [.. from path in tree.Entries.Keys
            where path.Name is "package-lock.json" && !path.Value.Contains("node_modules/", StringComparison.Ordinal)
            select (path.Parent?.Value ?? "", path)];

    private IReadOnlyList<NpmTarball> Tarballs(RepositoryPath path, TreeSnapshot tree)
    {
        var file = NpmLockFile.Read(path.Value, Read(path, tree[path]!));
        problems.AddRange(file.Problems);
        return file.Tarballs;
    }

    private Dictionary<string, string> Locked(TreeSnapshot tree)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in tree.Entries.Keys.Where(path => path.Name == "packages.lock.json"))
        {
            try
            {
                NugetLockFile.Read(Read(path, tree[path]!), hashes);
            }
            catch (JsonException failure)
            {
                problems.Add($"'{path}' can't be read: {failure.Message}");
            }
        }
        return hashes;
    }

    private byte[] Read(RepositoryPath path, FileState state) => content.Read(path, state);
}
