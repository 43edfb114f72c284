namespace TarsEngine.Improvements;

/// <summary>A title for a patch that carries none, from what it does to which files.</summary>
internal static class PatchTitle
{
    private const int MaxName = 80;

    public static string Of(IReadOnlyList<PatchFile> files)
    {
        var verb = files.Select(f => f.Kind).Distinct().ToList() switch
        {
            [PatchFileKind.Create or PatchFileKind.Copy] => "Add",
            [PatchFileKind.Delete] => "Delete",
            [PatchFileKind.Rename] => "Rename",
            _ => "Change",
        };
        var first = files is [{ Kind: PatchFileKind.Rename } renamed, ..] && verb == "Rename"
            ? $"{Short(renamed.OldPath!.Value.ToString())} to {Short(renamed.NewPath!.Value.ToString())}"
            : Short(files[0].Path.ToString());
        // A file that becomes a symlink is two sections of a patch, and one file.
        var others = files.Select(f => f.Path).Distinct().Skip(1).ToList();
        return others.Count switch
        {
            0 => $"{verb} {first}",
            1 when verb != "Rename" => $"{verb} {first} and {Short(others[0].ToString())}",
            1 => $"{verb} {first} and one other file",
            _ => $"{verb} {first} and {others.Count} other files",
        };
    }

    private static string Short(string name) => name.Length <= MaxName ? name : "…" + name[^MaxName..];
}
