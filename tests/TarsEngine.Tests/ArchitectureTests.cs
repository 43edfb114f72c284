using System.Text.RegularExpressions;

namespace TarsEngine.Tests;

/// <summary>Reading order is dependency order: a folder of the engine uses only folders before it.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Order =
    [
        "Files", "Documents", "Changes", "Permissions", "Configuration", "Storage", "Audit", "Processes", "Git", "Improvements", "Planning",
        "Sandbox", "Terminal", "Staging", "Validation", "Review", "Rollback", "Branches", "Journey",
    ];

    // The journey and its door use every folder.
    private static readonly string Engine = Repository.In("src", "TarsEngine");

    [Fact]
    public void A_folder_uses_only_folders_before_it()
    {
        var wrong = new List<string>();
        foreach (var (folder, file, text) in Sources())
        {
            foreach (var used in UsedFolders().Matches(text).Select(m => m.Groups["folder"].Value).Distinct(StringComparer.Ordinal))
            {
                var at = Array.IndexOf(Order, used);
                if (at > Array.IndexOf(Order, folder)) wrong.Add($"{folder}/{Path.GetFileName(file)} uses {used}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_has_its_place_and_its_readme()
    {
        var folders = Directory.GetDirectories(Engine).Select(f => Path.GetFileName(f)).Where(f => f is not ("bin" or "obj")).ToList();
        Assert.Empty(folders.Except(Order, StringComparer.Ordinal));
        Assert.All(folders, f => Assert.True(File.Exists(Path.Combine(Engine, f, "README.md")), $"{f} has no README.md"));
    }

    [Fact]
    public void Every_file_has_the_namespace_of_its_folder() => Assert.All(
        Sources(), s => Assert.Contains(
            $"namespace TarsEngine.{Path.GetRelativePath(Engine, Path.GetDirectoryName(s.File)!).Replace('/', '.')};", s.Text, StringComparison.Ordinal));

    [Fact]
    public void The_engine_touches_no_console_home_folder_ambient_clock_or_sleep() => Assert.Empty(
        from source in Sources().Concat(RootFiles())
        from Match match in Ambient().Matches(source.Text)
        select $"{source.Folder}/{Path.GetFileName(source.File)}: {match.Value}");

    [Fact]
    public void Files_stay_small_enough_to_read() => Assert.Empty(
        from source in Sources().Concat(RootFiles())
        let lines = source.Text.Count(c => c == '\n')
        where lines > 300
        select $"{source.Folder}/{Path.GetFileName(source.File)}: {lines} lines");

    private static IEnumerable<(string Folder, string File, string Text)> Sources() =>
        from folder in Order
        let path = Path.Combine(Engine, folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
        select (folder, file, File.ReadAllText(file));

    private static IEnumerable<(string Folder, string File, string Text)> RootFiles() =>
        Directory.EnumerateFiles(Engine, "*.cs").Select(file => ("TarsEngine", file, File.ReadAllText(file)));

    // 'using TarsEngine.X', and 'X.Name' written out, also behind 'TarsEngine.'.
    [GeneratedRegex(@"\bTarsEngine\.(?<folder>[A-Z]\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex UsedFolders();

    [GeneratedRegex(@"\bConsole\.\w+|\bEnvironment\.(GetEnvironmentVariables?|GetFolderPath|ExpandEnvironmentVariables|Exit|UserName)\b|\b(DateTime|DateTimeOffset)\.(Utc)?Now\b|\bThread\.Sleep\b|\bNotImplementedException\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Ambient();
}
