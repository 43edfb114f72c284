using TarsEngine.Files;

namespace TarsEngine.Terminal.Dependencies;

/// <summary>Tells by the names of files alone which projects a tree holds: nothing is read and nothing runs.</summary>
public static class ProjectDetector
{
    // What tools put there: a project in it is somebody else's.
    private static readonly HashSet<string> foreign = new(StringComparer.Ordinal)
    {
        "node_modules", "bin", "obj", "target", "vendor", "third_party", "build", "dist", ".venv", "venv", "site-packages", "__pycache__", ".tox", ".git", ".tars",
    };

    // Of several in a folder the first one counts.
    private static readonly (ProjectKind Kind, string[] Manifests, string[] Locks)[] kinds =
    [
        (ProjectKind.Dotnet, [".slnx", ".sln", ".csproj", ".fsproj", ".vbproj"], ["packages.lock.json"]),
        (ProjectKind.Node, ["package.json"], ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"]),
        (ProjectKind.Python, ["pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "requirements.txt"], ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"]),
        (ProjectKind.Rust, ["Cargo.toml"], ["Cargo.lock"]),
        (ProjectKind.Go, ["go.mod"], ["go.sum"]),
        (ProjectKind.Java, ["pom.xml", "settings.gradle.kts", "settings.gradle", "build.gradle.kts", "build.gradle"], ["gradle.lockfile"]),
        (ProjectKind.Cmake, ["CMakeLists.txt"], []),
    ];

    private static readonly Dictionary<string, (int Kind, int Rank)> byName = ByName();
    private static readonly Dictionary<string, (int Kind, int Rank)>.AlternateLookup<ReadOnlySpan<char>> lookup = byName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The projects, by folder and kind; one of each kind a folder. Of nested Maven, Gradle and CMake files the outermost is the project.</summary>
    public static IReadOnlyList<DetectedProject> Find(IEnumerable<RepositoryPath> files)
    {
        var best = new SortedDictionary<(string Folder, int Kind), (int Rank, RepositoryPath Path)>(Comparer<(string Folder, int Kind)>.Create((one, other) =>
            string.CompareOrdinal(one.Folder, other.Folder) is var order and not 0 ? order : one.Kind.CompareTo(other.Kind)));
        foreach (var path in files)
        {
            if (ManifestOf(path.Value) is not var (kind, rank) || IsForeign(path.Value)) continue;
            var key = (path.Parent?.Value ?? "", kind);
            if (!best.TryGetValue(key, out var known) || rank < known.Rank) best[key] = (rank, path);
        }
        if (best.Count == 0) return [];
        var all = files as IReadOnlySet<RepositoryPath> ?? files.ToHashSet();
        return
        [
            .. best.Where(one => !IsPartOfAnother(one.Key, best.Keys))
                .Select(one => new DetectedProject((ProjectKind)one.Key.Kind, one.Value.Path, LockOf(one.Key, all))),
        ];
    }

    private static Dictionary<string, (int Kind, int Rank)> ByName()
    {
        var names = new Dictionary<string, (int Kind, int Rank)>(StringComparer.Ordinal);
        foreach (var (kind, manifests, _) in kinds)
        {
            for (var rank = 0; rank < manifests.Length; rank++) names.Add(manifests[rank], ((int)kind, rank));
        }
        return names;
    }

    private static (int Kind, int Rank)? ManifestOf(ReadOnlySpan<char> path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        // An extension alone, as in the table, is no manifest's name.
        if (name[0] == '.') return null;
        if (lookup.TryGetValue(name, out var whole)) return whole;
        var dot = name.LastIndexOf('.');
        return dot > 0 && lookup.TryGetValue(name[dot..], out var extension) ? extension : null;
    }

    private static bool IsForeign(string path)
    {
        for (int start = 0, end; (end = path.IndexOf('/', start)) >= 0; start = end + 1)
        {
            if (foreign.Contains(path[start..end])) return true;
        }
        return false;
    }

    private static bool IsPartOfAnother((string Folder, int Kind) one, IEnumerable<(string Folder, int Kind)> all) =>
        (ProjectKind)one.Kind is ProjectKind.Cmake or ProjectKind.Java
        && all.Any(other => other.Kind == one.Kind && other.Folder.Length < one.Folder.Length && (other.Folder.Length == 0 || one.Folder.StartsWith(other.Folder + "/", StringComparison.Ordinal)));

    private static RepositoryPath? LockOf((string Folder, int Kind) project, IReadOnlySet<RepositoryPath> files)
    {
        foreach (var name in kinds[project.Kind].Locks)
        {
            var path = RepositoryPath.Parse(project.Folder.Length == 0 ? name : $"{project.Folder}/{name}");
            if (files.Contains(path)) return path;
        }
        return null;
    }
}
