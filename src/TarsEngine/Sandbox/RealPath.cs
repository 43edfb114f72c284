namespace TarsEngine.Sandbox;

/// <summary>Paths without symlinks in any part of them.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>What cannot be followed (a loop, a missing part) stays as it is.</summary>
    public static string Of(string path)
    {
        var links = 0;
        var real = "/";
        var rest = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (rest.TryPop(out var part))
        {
            if (part == ".") continue;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target || ++links > MostLinks)
            {
                real = next;
                continue;
            }
            if (target.StartsWith('/')) real = "/";
            foreach (var piece in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) rest.Push(piece);
        }
        return real;
    }
}
