using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TarsEngine.CSharp.Compiling;

namespace TarsEngine.CSharp.Answering;

/// <summary>Compiles what a change touches, project by project in the order of the build.</summary>
internal sealed class ChangeCheck(ProjectSet projects, Baselines baselines, Request request)
{
    private readonly Dictionary<string, byte[]> remade = new(StringComparer.Ordinal);
    private readonly HashSet<Inputs> failed = [], compiled = [];
    private readonly List<Message> messages = [];

    /// <exception cref="UnsureException">Only a build can tell.</exception>
    public (IReadOnlyList<Message> Messages, IReadOnlyList<string> Projects) Run()
    {
        Doubts.Check(projects, request.Files);
        foreach (var inputs in projects.All)
        {
            var change = ProjectChange.Of(inputs, projects.Root, request.Files);
            if (request.Layer == Layer.Hint) Hint(inputs, change);
            else if (DependsOnFailed(inputs)) failed.Add(inputs);
            else if (!change.IsEmpty || UsesRemade(inputs)) Compile(inputs, change);
        }
        return (messages, [.. compiled.Select(inputs => inputs.Invocation.Project)]);
    }

    private void Hint(Inputs inputs, ProjectChange change)
    {
        if (change.IsEmpty) return;
        var project = projects.Load(inputs);
        var (sources, trees) = change.ApplyTo(project, remade);
        AddErrorsIn(trees, project.Generate(sources, project.Base.Driver).Compilation, inputs);
    }

    private bool NeedsOnlyTheFiles(Inputs inputs, ProjectChange change) =>
        !request.Analyzers && !request.Warnings && !request.Emit && change.Added.Count == 0 && change.Removed.Count == 0 && !UsesRemade(inputs);

    /// <summary>Adds the errors in some files of a project; true when there are any.</summary>
    private bool AddErrorsIn(IReadOnlyList<SyntaxTree> trees, CSharpCompilation compilation, Inputs inputs)
    {
        compiled.Add(inputs);
        List<Diagnostic> found = [.. trees.SelectMany(tree => tree.GetDiagnostics()).Where(IsError)];
        // The compiler goes no further than to the first stage with errors.
        if (found.Count == 0) found.AddRange(trees.SelectMany(tree => compilation.GetSemanticModel(tree).GetDiagnostics()).Where(IsError));
        messages.AddRange(Messages.Of(found.Distinct(), inputs));
        return found.Count > 0;

        static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error && !diagnostic.IsSuppressed;
    }

    private void Compile(Inputs inputs, ProjectChange change)
    {
        if (inputs.Invocation.Proved != true) throw new UnsureException($"'{inputs.Invocation.Project}' could not be compiled here as the build does: {inputs.Invocation.Doubt}");
        if (inputs.HasForeignSources) throw new UnsureException($"'{inputs.Invocation.Project}' makes sources of other files");
        var project = projects.Load(inputs);
        var (sources, trees) = change.ApplyTo(project, remade);
        var generation = project.Generate(sources, project.Base.Driver);
        if (NeedsOnlyTheFiles(inputs, change) && BodyEdits.Are(project, generation, trees))
        {
            if (AddErrorsIn(trees, generation.Compilation, inputs)) failed.Add(inputs);
            return;
        }
        var stages = Stages.Run(project, generation, request.Analyzers, CancellationToken.None);
        compiled.Add(inputs);
        var shown = Messages.Of(stages.Diagnostics, inputs);
        messages.AddRange(request.Warnings ? Messages.Marked(shown, baselines.Of(project, request.Analyzers)) : shown.Where(message => message.IsError));
        if (stages.HasErrors) failed.Add(inputs);
        else Pass(inputs, project, generation, stages.Emission ?? throw new UnsureException("nothing was made, and no error says why"));
    }

    /// <summary>Hands on what was made to those who reference it, where it differs from what they know.</summary>
    private void Pass(Inputs inputs, Project project, Generation generation, Emission emission)
    {
        if (request.Emit)
        {
            foreach (var (path, bytes) in emission.Files) baselines.Write(path, bytes);
        }
        var seen = inputs.Reference ?? inputs.Output;
        var image = emission.Files[seen];
        if (image.AsSpan().SequenceEqual(baselines.Made(seen))) return;
        if (inputs.Reference is null && baselines.HasSameSurface(project, generation.Compilation)) return;
        foreach (var user in projects.All)
        {
            foreach (var reference in user.ReferencedPaths.Where(path => projects.ProducerOf(path) == inputs)) remade[reference] = image;
            if (user.AnalyzerPaths.Any(path => Path.GetFileName(path) == Path.GetFileName(inputs.Output))) throw new UnsureException($"'{inputs.Invocation.Project}' is an analyzer of another project");
        }
    }

    private bool UsesRemade(Inputs inputs) => remade.Count > 0 && inputs.ReferencedPaths.Any(remade.ContainsKey);

    private bool DependsOnFailed(Inputs inputs) => failed.Count > 0 && inputs.ReferencedPaths.Any(path => projects.ProducerOf(path) is { } producer && failed.Contains(producer));
}
