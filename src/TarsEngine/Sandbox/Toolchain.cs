namespace TarsEngine.Sandbox;

/// <summary>Which tools judge a change: what was true with other tools is no baseline.</summary>
internal static class Toolchain
{
    /// <summary>The installed .NET SDKs and runtimes, by name.</summary>
    public static string Describe(IReadOnlyDictionary<string, string> environment)
    {
        var programs = environment.GetValueOrDefault("PATH", "").Split(':').Select(folder => Path.Combine(folder, "dotnet"));
        if (programs.FirstOrDefault(File.Exists) is not { } program) return "";
        var real = new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program;
        var home = Path.GetDirectoryName(real)!;
        string[] folders = [Path.Combine(home, "sdk"), Path.Combine(home, "shared", "Microsoft.NETCore.App")];
        return string.Join(' ', folders.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
