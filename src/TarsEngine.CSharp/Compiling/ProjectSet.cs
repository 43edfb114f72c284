using TarsEngine.CSharp.Recording;

namespace TarsEngine.CSharp.Compiling;

/// <summary>All calls of the compiler in a build, each loaded when it is first needed, and how they depend on each other.</summary>
internal sealed class ProjectSet
{
    private readonly References references = new();
    private readonly AnalyzerLoader loader = new();
    private readonly Dictionary<Invocation, Project> loaded = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Inputs?> producers = new(StringComparer.Ordinal);

    public ProjectSet(string root, IEnumerable<Invocation> invocations)
    {
        Root = root;
        All = [.. invocations.Select(invocation => new Inputs(invocation, root))];
    }

    /// <summary>The codebase's folder.</summary>
    public string Root { get; }

    /// <summary>In the order of the build: each after those that it depends on.</summary>
    public IReadOnlyList<Inputs> All { get; }

    /// <exception cref="UnsureException">It can't be compiled as the build does.</exception>
    public Project Load(Inputs inputs)
    {
        if (!loaded.TryGetValue(inputs.Invocation, out var project)) loaded[inputs.Invocation] = project = Project.Load(inputs.Invocation, inputs.Arguments, references, loader);
        return project;
    }

    /// <summary>The call that made a referenced file, found by its content; null when none of this build did.</summary>
    /// <exception cref="UnsureException">It has a name that a call makes, and other content.</exception>
    public Inputs? ProducerOf(string reference)
    {
        if (producers.TryGetValue(reference, out var known)) return known;
        var named = All.Where(inputs => inputs.Arguments.OutputFileName == Path.GetFileName(reference)).ToList();
        var content = named.Count == 0 ? null : File.ReadAllBytes(reference);
        var producer = named.Find(inputs => new[] { inputs.Reference, inputs.Output }.OfType<string>().Any(made => File.Exists(made) && File.ReadAllBytes(made).AsSpan().SequenceEqual(content)));
        if (producer is null && named.Count > 0) throw new UnsureException($"'{reference}' is not what its project made");
        return producers[reference] = producer;
    }
}
