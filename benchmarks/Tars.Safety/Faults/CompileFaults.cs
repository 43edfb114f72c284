using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Tars.Safety.Faults;

/// <summary>Faults that no compiler lets pass, whatever the rest of the code is: each is chosen so that it can't be right by accident.</summary>
internal static class CompileFaults
{
    private const string Unknown = "Zq7NoSuchName";

    public static IEnumerable<Fault> In(CSharpFile file) => file.Root.DescendantNodes().SelectMany(node => Of(file, node)).Concat(OfTokens(file));

    private static IEnumerable<Fault> Of(CSharpFile file, SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call when !IsNameOf(call) => OfCall(file, call),
        MethodDeclarationSyntax method => OfMethod(file, method),
        LocalDeclarationStatementSyntax local => OfLocal(file, local),
        ReturnStatementSyntax { Expression: not null } returned => OfReturn(file, returned),
        ClassDeclarationSyntax { BaseList: null } type when !type.Modifiers.Any(SyntaxKind.StaticKeyword) => [At("unknown-base", file, new(Head(type), 0), $" : {Unknown}")],
        FieldDeclarationSyntax { Declaration.Variables: [var field] } whole => OfField(file, whole, field),
        UsingDirectiveSyntax { Alias: null } used when used.StaticKeyword == default => [At("unknown-using", file, used.Name!.Span, "No.Such.Namespace." + Unknown)],
        _ => [],
    };

    private static IEnumerable<Fault> OfCall(CSharpFile file, InvocationExpressionSyntax call)
    {
        var name = call.Expression switch { IdentifierNameSyntax plain => plain, MemberAccessExpressionSyntax { Name: IdentifierNameSyntax member } => member, _ => null };
        if (name is not null) yield return At("undefined-name", file, name.Span, Unknown);
        var open = call.ArgumentList.OpenParenToken.Span.End;
        var comma = call.ArgumentList.Arguments.Count > 0 ? ", " : "";
        yield return At("argument-without-parameter", file, new(call.ArgumentList.CloseParenToken.SpanStart, 0), $"{comma}{Unknown}: 0");
        yield return At("undefined-argument", file, call.ArgumentList.Arguments.FirstOrDefault()?.Span ?? new(open, 0), Unknown);
    }

    private static IEnumerable<Fault> OfMethod(CSharpFile file, MethodDeclarationSyntax method)
    {
        yield return At("unknown-parameter-type", file, new(method.ParameterList.OpenParenToken.Span.End, 0), $"{Unknown} zq7{(method.ParameterList.Parameters.Count > 0 ? ", " : "")}", when: !method.ParameterList.Parameters.Any(p => p.Modifiers.Any(SyntaxKind.ThisKeyword)));
        if (method.Body is { } body)
        {
            yield return At("abstract-with-body", file, new(method.ReturnType.SpanStart, 0), "abstract ");
            if (method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } && !method.Modifiers.Any(SyntaxKind.AsyncKeyword))
                yield return At("value-from-void", file, new(body.OpenBraceToken.Span.End, 0), " if (System.Environment.TickCount == 7) return 42;");
            if (body.Statements is [.., var before, ReturnStatementSyntax { Expression: not null } last] && before is LocalDeclarationStatementSyntax or ExpressionStatementSyntax)
                yield return At("missing-return", file, last.Span, "");
        }
        if (method is { ExplicitInterfaceSpecifier: null, Parent: TypeDeclarationSyntax } && (method.Body is not null || method.ExpressionBody is not null))
            yield return At("duplicate-member", file, new(method.Span.End, 0), "\n" + method.ToString());
        if (method.Modifiers.Any(SyntaxKind.PrivateKeyword) && !method.Modifiers.Any(SyntaxKind.PartialKeyword) && IsUsedOnce(file, method, method.Identifier.ValueText))
            yield return At("removed-method", file, method.Span, "");
    }

    private static IEnumerable<Fault> OfField(CSharpFile file, FieldDeclarationSyntax whole, VariableDeclaratorSyntax field)
    {
        if (whole.Modifiers.Any(SyntaxKind.PrivateKeyword) && IsUsedOnce(file, whole, field.Identifier.ValueText)) yield return At("removed-field", file, whole.Span, "");
    }

    private static IEnumerable<Fault> OfLocal(CSharpFile file, LocalDeclarationStatementSyntax local)
    {
        if (local.Declaration.Variables is not [var variable]) yield break;
        if (local.Declaration.Type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.IntKeyword or (int)SyntaxKind.BoolKeyword or (int)SyntaxKind.LongKeyword } && variable.Initializer is { } value)
            yield return At("wrong-type", file, value.Value.Span, "\"text\"");
        if (local.Declaration.Type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.StringKeyword } && variable.Initializer is { } text)
            yield return At("wrong-type", file, text.Value.Span, "12345");
        // Used in the same block, so that the uses lose what they name.
        var name = variable.Identifier.ValueText;
        if (local.Parent is BlockSyntax block && block.DescendantNodes().OfType<IdentifierNameSyntax>().Any(use => use.SpanStart > local.Span.End && use.Identifier.ValueText == name && use.Parent is not (MemberAccessExpressionSyntax or NameColonSyntax))
            && file.Root.DescendantTokens().Count(t => t.IsKind(SyntaxKind.IdentifierToken) && t.ValueText == name && t.Parent is MemberDeclarationSyntax or VariableDeclaratorSyntax or ParameterSyntax) == 1)
            yield return At("renamed-local", file, variable.Identifier.Span, Unknown);
    }

    private static IEnumerable<Fault> OfReturn(CSharpFile file, ReturnStatementSyntax returned)
    {
        yield return At("undefined-value", file, returned.Expression!.Span, Unknown);
        yield return At("misspelt-keyword", file, returned.ReturnKeyword.Span, "retrun");
        if (returned.FirstAncestorOrSelf<SyntaxNode>(n => n is MethodDeclarationSyntax or LambdaExpressionSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax) is MethodDeclarationSyntax method && !method.Modifiers.Any(SyntaxKind.AsyncKeyword))
        {
            if (method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.BoolKeyword or (int)SyntaxKind.IntKeyword }) yield return At("wrong-return-type", file, returned.Expression.Span, "\"text\"");
            if (method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.StringKeyword }) yield return At("wrong-return-type", file, returned.Expression.Span, "12345");
        }
    }

    private static IEnumerable<Fault> OfTokens(CSharpFile file)
    {
        foreach (var token in file.Root.DescendantTokens())
        {
            var inType = token.Parent?.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>() is not null;
            if (token.IsKind(SyntaxKind.SemicolonToken) && token.Parent is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax && token.GetNextToken() is { } next && !next.IsKind(SyntaxKind.SemicolonToken))
                yield return At("missing-semicolon", file, token.Span, "");
            else if (token.IsKind(SyntaxKind.CloseBraceToken) && inType && token.Parent is BlockSyntax) yield return At("missing-close-brace", file, token.Span, "");
            else if (token.IsKind(SyntaxKind.OpenBraceToken) && inType && token.Parent is BlockSyntax) yield return At("missing-open-brace", file, token.Span, "");
            else if (token.IsKind(SyntaxKind.CloseParenToken) && token.Parent is ArgumentListSyntax) yield return At("missing-paren", file, token.Span, "");
            else if (token.IsKind(SyntaxKind.StringLiteralToken) && token.Text is ['"', .., '"'] && token.Text.Length > 2) yield return At("open-string", file, new(token.Span.End - 1, 1), "");
        }
    }

    // One declaration of the name, and uses of it: without it they name nothing.
    private static bool IsUsedOnce(CSharpFile file, SyntaxNode declaration, string name)
    {
        var isPartial = declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type && (type.Modifiers.Any(SyntaxKind.PartialKeyword) || type.BaseList is not null);
        var tokens = file.Root.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken) && t.ValueText == name).ToList();
        return !isPartial && tokens.Count(t => t.Parent is not IdentifierNameSyntax) == 1 && tokens.Exists(t => t.Parent is IdentifierNameSyntax { Parent: InvocationExpressionSyntax or BinaryExpressionSyntax or AssignmentExpressionSyntax or ArgumentSyntax } && !declaration.Span.Contains(t.Span));
    }

    private static bool IsNameOf(InvocationExpressionSyntax call) => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" };

    private static int Head(ClassDeclarationSyntax type) => type.ParameterList?.Span.End ?? type.TypeParameterList?.Span.End ?? type.Identifier.Span.End;

    private static Fault At(string kind, CSharpFile file, TextSpan span, string replacement, bool when = true) =>
        when ? new(kind, file.Path, file.LineOf(span.Start), file.With(span, replacement)) : new("unknown-using", file.Path, 1, file.With(new(0, 0), $"using No.Such.Namespace.{Unknown};\n"));
}
