using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Terminal.Scripts;

/// <summary>A script to run.</summary>
/// <param name="Language">Null: told by the files.</param>
/// <param name="Timeout">Of each run.</param>
public sealed record ScriptRequest(ScriptSource Source, ScriptLanguage? Language, IReadOnlyList<string> Arguments, TimeSpan Timeout)
{
    /// <summary>A descriptor whose bytes the first run reads on its standard input; null is the end of file at once.</summary>
    public System.Runtime.InteropServices.SafeHandle? Input { get; init; }
}

/// <summary>
/// Runs a script in the sandbox, in a workspace that holds the script and nothing else, and tells why it failed. When a package
/// is missing that the user allows, it is installed for the run, and the script runs once more, from its beginning.
/// </summary>
public sealed class ScriptExecutor(TerminalExecutor terminal, WorkspaceFactory workspaces, StateFolder state, DependencyInstaller installer)
{
    /// <param name="listener">Gets the script's lines as they come.</param>
    /// <param name="installing">Gets the lines of an installation.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox can't be enforced; nothing ran.</exception>
    public async Task<ScriptOutcome> RunAsync(
        ScriptRequest request, Action<OutputLine>? listener = null, Action<OutputLine>? installing = null, CancellationToken cancellation = default)
    {
        var source = request.Source;
        var (entry, refused) = new EntryPointFinder([.. source.Tree.Entries.Keys], source.Text, request.Language).Find();
        if (entry is null) return refused!;
        using var run = LoneRun.Start(state, "script");
        var name = run.Name;
        var (result, failure) = await RunOnceAsync(request, entry, name, installed: null, listener, cancellation);
        if (failure is null) return new ScriptSucceeded(entry, result, Installed: null);
        if (failure is not MissingDependencyFailure missing) return new ScriptFailed(entry, result, failure, Dependency: null, Installed: null);

        using var packages = workspaces.Create(source.Tree, source.Content, name + "-packages", new(TreeSnapshot.Empty));
        var dependency = await installer.ProvideAsync(packages, missing, FilesOf(source, entry), installing, cancellation);
        if (dependency is not DependencyInstalled installed) return new ScriptFailed(entry, result, failure, dependency, Installed: null);
        var (again, second) = await RunOnceAsync(request with { Input = null }, entry, name + "-again", installed, listener, cancellation);
        if (second is null) return new ScriptSucceeded(entry, again, installed);
        return new ScriptFailed(entry, again, second, second is MissingDependencyFailure another ? installer.Name(another, TopNames(source.Tree)) : null, installed);
    }

    private async Task<(CommandResult Result, CommandFailure? Failure)> RunOnceAsync(
        ScriptRequest request, EntryPoint entry, string name, DependencyInstalled? installed, Action<OutputLine>? listener, CancellationToken cancellation)
    {
        using var workspace = workspaces.Create(request.Source.Tree, request.Source.Content, name, new(TreeSnapshot.Empty));
        var (arguments, environment) = ScriptCommand.Of(entry, request.Arguments, installed);
        var command = new SandboxCommand(arguments, "", request.Timeout, environment) { Binds = installed?.Binds ?? [], LiveInput = request.Input };
        var result = await terminal.RunAsync(workspace, command, listener, cancellation);
        return (result, FailureClassifier.Classify(result, (path, line) => LineOf(request.Source, path, line)));
    }

    private static string? LineOf(ScriptSource source, string path, int line) =>
        RepositoryPath.TryParse(path, out var parsed, out _) && source.Tree[parsed] is not null
            ? source.Text(parsed).Split('\n').ElementAtOrDefault(line - 1) : null;

    private static ScriptFiles FilesOf(ScriptSource source, EntryPoint entry) =>
        new(TopNames(source.Tree), path => source.Text(RepositoryPath.Parse(path)), entry.Path.Value);

    private static HashSet<string> TopNames(TreeSnapshot tree) => tree.Entries.Keys.Select(path => path.Value.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
}
