using System.Globalization;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>
/// A run that belongs to no context. It holds a lock that dies with its process, so that what a killed one left is told from what is in use.
/// The names of its workspaces are its own name, or begin with it and a dash.
/// </summary>
public sealed class LoneRun : IDisposable
{
    private const string LockPrefix = "run-";
    private static readonly string[] kinds = ["script", "trial", "packages", "validate", "compiler"];
    private readonly FileLock held;

    private LoneRun(string name, FileLock held) => (Name, this.held) = (name, held);

    /// <summary>This run's alone until it is disposed.</summary>
    public string Name { get; }

    /// <param name="kind">'script', 'trial' (of 'sandbox run'), 'packages', 'validate' or 'compiler'.</param>
    public static LoneRun Start(StateFolder state, string kind)
    {
        if (!kinds.Contains(kind, StringComparer.Ordinal)) throw new ArgumentException($"Nothing would sweep what a run of the kind '{kind}' leaves.", nameof(kind));
        for (var number = 1; ; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
            if (state.TryAcquire(LockPrefix + name) is { } held) return new(name, held);
        }
    }

    /// <summary>Removes what runs left whose process is gone.</summary>
    /// <returns>True when there were any.</returns>
    public static bool Sweep(StateFolder state, WorkspaceFactory workspaces)
    {
        var found = false;
        var left = workspaces.List().ToLookup(RunOf, StringComparer.Ordinal);
        // A run may be killed before its workspace is there, or after it has gone: then only its lock is left.
        var locks = kinds.SelectMany(kind => state.RunLocks($"{LockPrefix}{kind}-")).Select(name => name[LockPrefix.Length..]);
        foreach (var run in left.Select(group => group.Key).Where(IsLone).Union(locks, StringComparer.Ordinal))
        {
            using var dead = state.TryAcquire(LockPrefix + run);
            if (dead is null) continue;
            workspaces.Remove(left[run]);
            found = true;
        }
        return found;
    }

    public void Dispose() => held.Dispose();

    private static string RunOf(string workspace) => string.Join('-', workspace.Split('-').Take(2));

    private static bool IsLone(string run) => kinds.Contains(run.Split('-')[0], StringComparer.Ordinal);
}
