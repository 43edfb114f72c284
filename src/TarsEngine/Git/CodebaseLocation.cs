using System.Text;

namespace TarsEngine.Git;

/// <summary>Where a codebase is.</summary>
/// <param name="Root">Its topmost folder, absolute.</param>
/// <param name="GitDirectory">Its own git directory (of a worktree: that worktree's own); null without git.</param>
public sealed record CodebaseLocation(string Root, string? GitDirectory)
{
    /// <summary>Where git works on it; null without git.</summary>
    public GitPlace? Git => GitDirectory is null ? null : new(Root, GitDirectory, Root);

    /// <summary>
    /// Finds the codebase that <paramref name="startFolder"/> lies in: the nearest folder above with a git directory, else the
    /// nearest with a '.tars', else the start folder itself; never, without git, a folder that holds everybody's files. Reads no configuration but 'core.bare', and runs nothing of the repository.
    /// </summary>
    public static async Task<LocationResult> FindAsync(GitProgram git, string startFolder, CancellationToken cancellation = default)
    {
        if (!startFolder.StartsWith('/')) throw new ArgumentException($"'{startFolder}' is not absolute.", nameof(startFolder));
        var start = startFolder.Length > 1 ? startFolder.TrimEnd('/') : startFolder;
        if (!Directory.Exists(start)) return new LocationRefused($"There is no folder '{start}'.", "Give an existing folder.");
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (IsGitDirectory(folder))
            {
                return Path.GetFileName(folder) == ".git"
                    ? new LocationRefused($"'{start}' lies inside a git directory.", $"Go to the working tree, for example: cd {Path.GetDirectoryName(folder)}")
                    : new LocationRefused($"'{folder}' is a bare repository: it has no files to change.", "Make a working tree of it (git worktree add ../work) and run there.");
            }
            var entry = Path.Combine(folder, ".git");
            var found = Directory.Exists(entry) ? entry : File.Exists(entry) ? ReadLink(entry) : null;
            if (found is null) continue;
            if (!IsGitDirectory(found))
            {
                if (found == entry) continue; // git, too, passes over a '.git' that holds no repository
                return new LocationRefused($"'{entry}' names the git directory '{found}', and that is not there.", "Mend it with 'git worktree repair' or 'git submodule update --init'.");
            }
            return await IsBareAsync(git, found, cancellation)
                ? new LocationRefused($"'{folder}' belongs to a bare repository: it has no files to change.", "Go to one of its working trees (git worktree list).")
                : new Located(new CodebaseLocation(folder, found));
        }
        if (IsEverybodys(start))
            return new LocationRefused($"'{start}' is no codebase: it holds everybody's files.", "Go to the codebase's own folder, or give it with -C.");
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!IsEverybodys(folder) && Directory.Exists(Path.Combine(folder, ".tars"))) return new Located(new CodebaseLocation(folder, null));
        }
        return new Located(new CodebaseLocation(start, null));
    }

    // The root of the file system, and folders like /tmp: a state there, left by a slip or planted by another user, would make
    // one codebase of every folder below that has no git.
    private static bool IsEverybodys(string folder) => folder == "/" || new DirectoryInfo(folder).UnixFileMode.HasFlag(UnixFileMode.StickyBit);

    private static bool IsGitDirectory(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "HEAD"))) return false;
        var shared = folder;
        if (ReadSmall(Path.Combine(folder, "commondir")) is { } common) shared = Path.GetFullPath(common, folder);
        return Directory.Exists(Path.Combine(shared, "objects")) && Directory.Exists(Path.Combine(shared, "refs"));
    }

    /// <summary>The file '.git' of a worktree or submodule: 'gitdir: path'.</summary>
    private static string? ReadLink(string file) =>
        ReadSmall(file) is { } text && text.StartsWith("gitdir: ", StringComparison.Ordinal)
            ? Path.GetFullPath(text["gitdir: ".Length..], Path.GetDirectoryName(file)!)
            : null;

    private static string? ReadSmall(string file)
    {
        var info = new FileInfo(file);
        // A length of 0 is also what FIFOs and devices show: opening one would wait for ever.
        if (!info.Exists || info.Length is 0 or > 8192) return null;
        return Encoding.UTF8.GetString(File.ReadAllBytes(file)).TrimEnd('\n', '\r');
    }

    private static async Task<bool> IsBareAsync(GitProgram git, string gitDirectory, CancellationToken cancellation)
    {
        // A worktree of a bare repository has a git directory of its own and is not bare itself.
        if (File.Exists(Path.Combine(gitDirectory, "commondir"))) return false;
        var answer = await git.RunAsync(new GitPlace("/", gitDirectory, null), ["config", "--local", "--type=bool", "--get", "core.bare"], cancellation: cancellation);
        return answer is { Succeeded: true, Text: "true" };
    }
}

/// <summary>What the search for a codebase came to: <see cref="Located"/> or <see cref="LocationRefused"/>.</summary>
public abstract record LocationResult;

public sealed record Located(CodebaseLocation Location) : LocationResult;

/// <param name="Reason">What is wrong, with which folder.</param>
/// <param name="Remedy">How to go on.</param>
public sealed record LocationRefused(string Reason, string Remedy) : LocationResult;
