using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace TarsAutonomy.Tests;

/// <summary>Reading order is dependency order here, too.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Order = ["Tasks", "Constraints", "Agents", "Sessions", "Reports", "Alerts", "Schedule", "Telemetry", "Settings", "Memory", "NightShift"];
    private static readonly string Project = Path.Combine(Root(), "src", "TarsAutonomy");

    [Fact]
    public void A_folder_uses_only_folders_before_it() => Assert.Empty(
        from folder in Order
        from file in Sources(folder)
        from Match used in Used().Matches(File.ReadAllText(file))
        where Array.IndexOf(Order, used.Groups["folder"].Value) > Array.IndexOf(Order, folder)
        select $"{folder}/{Path.GetFileName(file)} uses {used.Groups["folder"].Value}");

    [Fact]
    public void Every_folder_has_its_place_and_its_readme()
    {
        var folders = Directory.GetDirectories(Project).Select(folder => Path.GetFileName(folder)).Where(folder => folder is not ("bin" or "obj")).ToList();
        Assert.Equal(Order.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
        Assert.All(folders, folder => Assert.True(File.Exists(Path.Combine(Project, folder, "README.md")), $"{folder} has no README.md"));
    }

    [Fact]
    public void Files_stay_small_enough_to_read() => Assert.Empty(
        from folder in Order
        from file in Sources(folder)
        where File.ReadLines(file).Count() > 200
        select file);

    private static IEnumerable<string> Sources(string folder) => Directory.GetFiles(Path.Combine(Project, folder), "*.cs", SearchOption.AllDirectories);

    private static string Root([CallerFilePath] string thisFile = "")
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Tars.slnx"))) return folder;
        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
    }

    [GeneratedRegex(@"TarsAutonomy\.(?<folder>[A-Z][A-Za-z]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Used();
}
