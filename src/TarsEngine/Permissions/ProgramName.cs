namespace TarsEngine.Permissions;

/// <summary>Which program a first word names, read narrowly for what allows and widely for what forbids.</summary>
internal static class ProgramName
{
    private static readonly string[] SystemFolders = ["/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"];

    /// <summary>The last segment: '/bin/../bin/sh' is 'sh'.</summary>
    public static string Base(string program) => program[(program.LastIndexOf('/') + 1)..];

    /// <summary>A bare name, found on the sandbox's own PATH, or a plain path into a system folder. './git' is neither.</summary>
    public static bool IsSystem(string program) => !program.Contains('/', StringComparison.Ordinal)
        || SystemFolders.Any(folder => program.Length > folder.Length && program.StartsWith(folder, StringComparison.Ordinal) && program.IndexOf('/', folder.Length) < 0);

    /// <summary>For rules that allow: the name to the letter, and a place that nothing in the codebase can fill.</summary>
    public static bool MatchesExactly(string pattern, string program) => pattern.StartsWith('/')
        ? pattern == program
        : IsSystem(program) && Glob.Matches(pattern, Base(program));

    /// <summary>For rules that forbid: any path that ends in the name, in any letter case, with or without a version ('python3.11').</summary>
    /// <param name="patterns">In capitals, without folders.</param>
    public static bool MatchesWidely(string[] patterns, IReadOnlyList<string> names)
    {
        foreach (var pattern in patterns)
        {
            for (var i = 0; i < names.Count; i++)
            {
                if (Glob.Matches(pattern, names[i])) return true;
            }
        }
        return false;
    }

    /// <summary>Every name that a strict rule may know the program by, in capitals.</summary>
    public static IReadOnlyList<string> WideNames(string program)
    {
        var name = Base(program).ToUpperInvariant();
        var bare = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-');
        if (name.EndsWith(".EXE", StringComparison.Ordinal)) bare = name[..^4];
        return bare.Length == 0 || bare == name ? [name] : [name, bare];
    }
}
