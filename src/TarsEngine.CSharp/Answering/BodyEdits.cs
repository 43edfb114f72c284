using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine.CSharp.Compiling;

namespace TarsEngine.CSharp.Answering;

/// <summary>
/// Edits inside bodies, of which no other file and no other project can take notice: then all errors are in the edited files, and
/// nothing else needs to be compiled.
/// </summary>
internal static class BodyEdits
{
    // Told of a field or a constructor for what bodies and initializers elsewhere do.
    private static readonly string[] ofFields = ["CS0067", "CS0169", "CS0414", "CS0649", "CS8618"];

    /// <param name="trees">The edited files as they are with the change.</param>
    public static bool Are(Project project, Generation generation, IReadOnlyList<SyntaxTree> trees) =>
        !RaisesFields(project, generation.Compilation.Options)
        && SameText(project.Base.Trees, generation.Trees)
        && trees.All(tree => project.Sources.SyntaxTrees.FirstOrDefault(old => old.FilePath == tree.FilePath) is { } old && IsInsideBodies(old, tree));

    private static bool RaisesFields(Project project, CompilationOptions options) =>
        options.GeneralDiagnosticOption == ReportDiagnostic.Error
        || ofFields.Any(id => options.SpecificDiagnosticOptions.GetValueOrDefault(id) == ReportDiagnostic.Error || project.Raised.Contains(id));

    private static bool SameText(IReadOnlyList<SyntaxTree> one, IReadOnlyList<SyntaxTree> other) =>
        one.Count == other.Count && one.Zip(other).All(pair => pair.First == pair.Second || pair.First.GetText().ContentEquals(pair.Second.GetText()));

    private static bool IsInsideBodies(SyntaxTree before, SyntaxTree after) =>
        SyntaxFactory.AreEquivalent(before, after, topLevel: true)
        && Texts(before, Directives).SequenceEqual(Texts(after, Directives), StringComparer.Ordinal)
        && Texts(before, Initialized).SequenceEqual(Texts(after, Initialized), StringComparer.Ordinal);

    private static IEnumerable<string> Texts(SyntaxTree tree, Func<SyntaxNode, IEnumerable<string>> of) => of(tree.GetRoot());

    private static IEnumerable<string> Directives(SyntaxNode root) => root.ContainsDirectives ? root.DescendantTrivia(descendIntoTrivia: true).Where(trivia => trivia.IsDirective).Select(trivia => trivia.ToString()) : [];

    // That a member is initialized at all shows elsewhere; with what does not.
    private static IEnumerable<string> Initialized(SyntaxNode root) =>
        root.DescendantNodes(node => node is not BlockSyntax and not ArrowExpressionClauseSyntax and not EqualsValueClauseSyntax).OfType<EqualsValueClauseSyntax>()
            .Select(clause => clause.Parent!.ChildTokens().FirstOrDefault(token => token.IsKind(SyntaxKind.IdentifierToken)).Text);
}
