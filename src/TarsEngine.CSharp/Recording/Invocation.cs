namespace TarsEngine.CSharp.Recording;

/// <summary>One call of the C# compiler in a build.</summary>
/// <param name="Project">The project file, absolute.</param>
/// <param name="Compiler">The folder of the compiler that was called.</param>
/// <param name="Arguments">Without the compiler itself.</param>
internal sealed record Invocation(string Project, string Compiler, IReadOnlyList<string> Arguments)
{
    private const string Out = "/out:";

    /// <summary>Whether we emitted, byte for byte, what the build had made; null: not tried.</summary>
    public bool? Proved { get; init; }

    /// <summary>Why not.</summary>
    public string? Doubt { get; init; }

    /// <summary>Relative paths of the arguments are relative to this.</summary>
    public string Folder => Path.GetDirectoryName(Project)!;

    /// <summary>Tells it from the project's other calls, as for other frameworks.</summary>
    public string Output => Arguments.LastOrDefault(argument => argument.StartsWith(Out, StringComparison.Ordinal))?[Out.Length..] ?? "";

    /// <summary>True for a call that differs at most in the files that are compiled: what was proved for one holds for the other.</summary>
    public bool IsShapedLike(Invocation other) =>
        Compiler == other.Compiler && Project == other.Project && Shape().SequenceEqual(other.Shape(), StringComparer.Ordinal);

    private IEnumerable<string> Shape() => Arguments.Where(argument => !argument.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) || argument.StartsWith('/') && argument.Contains(':', StringComparison.Ordinal));
}
