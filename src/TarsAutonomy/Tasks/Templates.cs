namespace TarsAutonomy.Tasks;

/// <summary>What 'autonomous init' writes.</summary>
public static class Templates
{
    /// <summary>A plan without tasks.</summary>
    public static byte[] Plan => Load("PROJECT_PLAN.md");

    /// <summary>The constraints that hold anyway, to be changed.</summary>
    public static byte[] Constraints => Load("autonomous-constraints.md");

    private static byte[] Load(string name)
    {
        using var stream = typeof(Templates).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without '{name}'.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
