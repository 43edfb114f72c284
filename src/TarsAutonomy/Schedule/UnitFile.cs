namespace TarsAutonomy.Schedule;

/// <summary>Files that we write beside the user's own, and replace only where we wrote them for the same codebase: their first line says so.</summary>
public static class UnitFile
{
    /// <summary>Writes all of them, whole each, or none where one is not ours.</summary>
    /// <returns>The paths at which something else stands; empty when all are written.</returns>
    public static IReadOnlyList<string> Write(IReadOnlyList<(string Path, string Text)> files)
    {
        var foreign = files.Where(file => !IsFree(file.Path, file.Text)).Select(file => file.Path).ToList();
        if (foreign.Count > 0) return foreign;
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path + ".new", text);
            File.Move(path + ".new", path, overwrite: true);
        }
        return [];
    }

    // A link is the user's own doing, wherever it leads.
    private static bool IsFree(string path, string text) =>
        new FileInfo(path) is var file && file.LinkTarget is null
        && (file.Exists ? File.ReadLines(path).FirstOrDefault() == FirstLine(text) : !Directory.Exists(path));

    private static string FirstLine(string text) => text[..text.IndexOf('\n', StringComparison.Ordinal)];
}
