using System.Globalization;
using TarsEngine.Sandbox;
using TarsEngine.Storage;

namespace TarsEngine.Terminal.Scripts;

/// <summary>Workspaces of scripts. Each run holds a lock that dies with its process, so that what a killed one left is told from what is in use.</summary>
public static class ScriptWorkspaces
{
    private const string Prefix = "script-";

    /// <summary>A name that is this run's alone while the lock is held; names of its workspaces begin with it.</summary>
    public static (string Name, FileLock Held) Take(StateFolder state)
    {
        for (var number = 1; ; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}");
            if (state.TryAcquire("run-" + name) is { } held) return (name, held);
        }
    }

    /// <summary>Removes what runs left whose process is gone.</summary>
    public static void Sweep(StateFolder state, WorkspaceFactory workspaces)
    {
        foreach (var run in workspaces.List().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).GroupBy(RunOf, StringComparer.Ordinal))
        {
            using var held = state.TryAcquire("run-" + run.Key);
            if (held is not null) workspaces.Remove(run);
        }
    }

    private static string RunOf(string name) => string.Join('-', name.Split('-').Take(2));
}
