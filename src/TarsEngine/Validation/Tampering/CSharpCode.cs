using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using TarsEngine.Validation.Syntax;

namespace TarsEngine.Validation.Tampering;

/// <summary>Parses C# for a look at its shape. Conditional code is seen in two ways: no symbol defined, and every one that the base knows.</summary>
internal static class CSharpCode
{
    private const int StackBytes = 64 * 1024 * 1024;
    private const int MostSymbols = 100;

    /// <summary>Roslyn and what walks its trees recurse: on a stack of known size.</summary>
    public static T OnLargeStack<T>(Func<T> work)
    {
        T result = default!;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception error) when (error is not OutOfMemoryException)
                {
                    failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error);
                }
            },
            StackBytes) { Name = "read C#" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Empty for text that nests too deep to be read.</summary>
    public static IReadOnlyList<CompilationUnitSyntax> Parse(string? text, IReadOnlyCollection<string> symbols)
    {
        if (text is null || CSharpParser.Nests(SourceText.From(text))) return [];
        var plain = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text, CSharpParser.Options).GetRoot();
        if (symbols.Count == 0) return [plain];
        return [plain, (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text, CSharpParser.Options.WithPreprocessorSymbols(symbols)).GetRoot()];
    }

    /// <summary>The symbols that '#if' and '#elif' ask for. A change can't make its own code live by asking for a new one.</summary>
    public static IReadOnlyCollection<string> Symbols(string? text)
    {
        if (text is null || !text.Contains("#if", StringComparison.Ordinal) || CSharpParser.Nests(SourceText.From(text))) return [];
        return [.. CSharpSyntaxTree.ParseText(text, CSharpParser.Options).GetRoot().DescendantTrivia()
            .Select(t => t.GetStructure()).OfType<ConditionalDirectiveTriviaSyntax>()
            .SelectMany(d => d.Condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
            .Select(n => n.Identifier.ValueText).Distinct(StringComparer.Ordinal).Take(MostSymbols)];
    }

    public static int Line(SyntaxNodeOrToken node) => node.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>The tokens with one space between: the same however it is laid out.</summary>
    public static string Normal(SyntaxNode node) => string.Join(' ', node.DescendantTokens().Select(t => t.Text));

    /// <summary>The last part of a name: 'Xunit.Assert.Equal&lt;int&gt;' is 'Equal'.</summary>
    public static string LastName(SyntaxNode? expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        _ => "",
    };

    public static string LastName(AttributeSyntax attribute) =>
        LastName(attribute.Name) is var name && name.EndsWith("Attribute", StringComparison.Ordinal) ? name[..^9] : name;
}
