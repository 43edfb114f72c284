using TarsEngine.Files;

namespace TarsEngine.Sandbox.Packages;

/// <summary>A package that stands checked in a staging folder.</summary>
/// <param name="Name">For people: 'humanizer.core 2.14.1'.</param>
/// <param name="Source">Where it lies; a folder (NuGet) or a file (npm).</param>
/// <param name="Place">Where it belongs, relative to the cache.</param>
internal sealed record CheckedPackage(string Name, string Source, string Place);

/// <summary>
/// This codebase's own cache of fetched packages, in its state. What is fetched lands in a staging folder that the sandbox may
/// write; only what was checked moves on, by a rename each, to where commands see it read-only. Nothing in it ever changes.
/// </summary>
/// <remarks>Not shared between codebases: what a codebase's own build code fetched is no better than that code.</remarks>
internal sealed class PackageCache(string stateFolder, FileSystem files)
{
    private const int OwnerOnly = 0b111_000_000;
    private const string StagingName = "staging";

    public string Root { get; } = FolderIn(stateFolder);

    /// <summary>In the form of NuGet's global packages folder.</summary>
    public string Nuget => Path.Combine(Root, "nuget");

    /// <summary>In the form of npm's cache.</summary>
    public string Npm => Path.Combine(Root, "npm");

    public static string FolderIn(string stateFolder) => Path.Combine(stateFolder, "packages");

    /// <summary>An empty folder for one fetch; what a killed one left goes first. Its parts are 'nuget' and 'npm'.</summary>
    public string CreateStaging()
    {
        using (var state = files.OpenRoot(stateFolder))
        {
            if (files.Stat(state, Path.GetFileName(Root)) is null) files.CreateDirectory(state, Path.GetFileName(Root), OwnerOnly);
        }
        using var root = files.OpenRoot(Root);
        files.RemoveTree(root, StagingName);
        files.CreateDirectory(root, StagingName, OwnerOnly);
        using var staging = files.OpenFolder(root, StagingName);
        foreach (var part in (string[])["nuget", "npm"]) files.CreateDirectory(staging, part, OwnerOnly);
        return Path.Combine(Root, StagingName);
    }

    public void RemoveStaging()
    {
        using var root = files.OpenRoot(Root);
        files.RemoveTree(root, StagingName);
    }

    /// <summary>Durable first, then visible: a kill in between leaves some of them whole and the others absent.</summary>
    /// <returns>Those that were not there before.</returns>
    public IReadOnlyList<CheckedPackage> Promote(IReadOnlyList<CheckedPackage> packages)
    {
        using (var root = files.OpenRoot(Root)) files.SyncFileSystem(root);
        var added = new List<CheckedPackage>();
        foreach (var package in packages)
        {
            var place = Path.Combine(Root, package.Place);
            if (Path.Exists(place)) continue;
            var parent = Path.GetDirectoryName(place)!;
            Directory.CreateDirectory(parent);
            using var from = files.OpenRoot(Path.GetDirectoryName(package.Source)!);
            using var to = files.OpenRoot(parent);
            files.RenameNoReplace(from, Path.GetFileName(package.Source), to, Path.GetFileName(place));
            added.Add(package);
        }
        return added;
    }
}
