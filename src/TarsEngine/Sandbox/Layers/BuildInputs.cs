using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Sandbox.Layers;

/// <summary>
/// After which changes what was built before may be built upon. Incremental builds notice an edited source by its time and an added or
/// removed one by their list of sources; what shapes the build itself, and files that vanish or turn into something else, they may miss.
/// </summary>
internal static class BuildInputs
{
    private static readonly string[] sourceExtensions = [".cs", ".vb", ".fs"];

    private static readonly HashSet<string> extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".csproj", ".fsproj", ".vbproj", ".proj", ".projitems", ".shproj", ".esproj", ".props", ".targets", ".tasks", ".rsp", ".sln", ".slnx", ".slnf",
        ".ruleset", ".config", ".globalconfig", ".editorconfig", ".runsettings", ".cmake", ".gradle", ".kts", ".mk", ".toml", ".lock", ".bazel", ".bzl",
    };

    private static readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase)
    {
        "global.json", "packages.lock.json", "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "tsconfig.json",
        "go.mod", "go.sum", "pom.xml", "CMakeLists.txt", "Makefile", "configure", "requirements.txt", "setup.py", "setup.cfg", "tars.yaml", ".gitattributes", ".gitmodules",
    };

    public static bool Stay(IEnumerable<FileChange> changes) => changes.All(Stays);

    private static bool Stays(FileChange change)
    {
        if (extensions.Contains(Path.GetExtension(change.Path.Name)) || names.Contains(change.Path.Name)) return false;
        var isSource = sourceExtensions.Contains(Path.GetExtension(change.Path.Name), StringComparer.OrdinalIgnoreCase);
        return (change.Before, change.After) switch
        {
            ({ Kind: EntryKind.File } before, { Kind: EntryKind.File } after) => before.Mode == after.Mode,
            (null, { Kind: EntryKind.File }) => true,
            ({ Kind: EntryKind.File }, null) => isSource,
            _ => false,
        };
    }
}
