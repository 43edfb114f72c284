using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine.Files;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Probe;

/// <summary>Finds the places of C# in which a small fault most likely compiles and changes what the code does.</summary>
internal static class CSharpFaults
{
    private static readonly Dictionary<SyntaxKind, (FaultKind Kind, string New)> Operators = new()
    {
        [SyntaxKind.LessThanExpression] = (FaultKind.Comparison, "<="), [SyntaxKind.LessThanOrEqualExpression] = (FaultKind.Comparison, "<"),
        [SyntaxKind.GreaterThanExpression] = (FaultKind.Comparison, ">="), [SyntaxKind.GreaterThanOrEqualExpression] = (FaultKind.Comparison, ">"),
        [SyntaxKind.EqualsExpression] = (FaultKind.Comparison, "!="), [SyntaxKind.NotEqualsExpression] = (FaultKind.Comparison, "=="),
        [SyntaxKind.LogicalAndExpression] = (FaultKind.Logic, "||"), [SyntaxKind.LogicalOrExpression] = (FaultKind.Logic, "&&"),
        [SyntaxKind.AddExpression] = (FaultKind.Arithmetic, "-"), [SyntaxKind.SubtractExpression] = (FaultKind.Arithmetic, "+"),
        [SyntaxKind.MultiplyExpression] = (FaultKind.Arithmetic, "/"), [SyntaxKind.DivideExpression] = (FaultKind.Arithmetic, "*"),
    };

    /// <param name="isChanged">Whether the change wrote a line, from 1.</param>
    public static IReadOnlyList<Fault> Find(RepositoryPath path, string text, Predicate<int> isChanged) => CSharpCode.OnLargeStack<IReadOnlyList<Fault>>(() =>
        [.. CSharpCode.Parse(text, []).SelectMany(unit => unit.DescendantNodes(Enters)).Where(Enters).SelectMany(n => Of(n, path)).Where(f => isChanged(f.Line))]);

    // What is worked out by the compiler, said to people, or only asserted for developers, no test is expected to notice.
    private static bool Enters(SyntaxNode node) => node switch
    {
        AttributeListSyntax or EnumDeclarationSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or ParameterListSyntax or SwitchLabelSyntax or PatternSyntax => false,
        FieldDeclarationSyntax field => !field.Modifiers.Any(SyntaxKind.ConstKeyword),
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Debug" or "Trace" } } } } => false,
        _ => true,
    };

    private static IEnumerable<Fault> Of(SyntaxNode node, RepositoryPath path)
    {
        switch (node)
        {
            case IfStatementSyntax branch when IsNegatable(branch.Condition): yield return Negated(branch.Condition); break;
            case WhileStatementSyntax loop when IsNegatable(loop.Condition): yield return Negated(loop.Condition); break;
            case ConditionalExpressionSyntax either when IsNegatable(either.Condition): yield return Negated(either.Condition); break;
            case BinaryExpressionSyntax binary when Operators.TryGetValue(binary.Kind(), out var other) && IsFit(binary):
                yield return Make(other.Kind, binary, binary.ToString(), $"{binary.Left} {other.New} {binary.Right}");
                break;
            case ReturnStatementSyntax { Expression: { } value } when IsWorthLosing(value) && !IsInLambda(node): yield return Make(FaultKind.Result, value, value.ToString(), "default!"); break;
            case ArrowExpressionClauseSyntax { Expression: var value } when HasResult(node.Parent) && IsWorthLosing(value): yield return Make(FaultKind.Result, value, value.ToString(), "default!"); break;
            case LiteralExpressionSyntax literal when Replacement(literal) is { } other: yield return Make(FaultKind.Literal, literal, literal.ToString(), other); break;
            case ExpressionStatementSyntax statement when CanBeLeftOut(statement): yield return Make(FaultKind.Statement, statement, statement.ToString(), ";"); break;
        }

        Fault Negated(ExpressionSyntax condition) => Make(FaultKind.Negation, condition, condition.ToString(), $"!({condition})");

        Fault Make(FaultKind kind, SyntaxNode place, string old, string other) => new(path, CSharpCode.Line(place), kind, MemberOf(place), place.SpanStart, old, other);
    }

    private static string MemberOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member ? member.SpanStart.ToString(System.Globalization.CultureInfo.InvariantCulture) : "";

    // A name that a condition brings in may be used behind it, and would be without a value there. Comparisons have a fault of their own.
    private static bool IsNegatable(ExpressionSyntax condition) => condition is not (BinaryExpressionSyntax or LiteralExpressionSyntax) && !BringsIn(condition);

    private static bool BringsIn(SyntaxNode node) => node.DescendantNodesAndSelf().Any(n => n is DeclarationExpressionSyntax or SingleVariableDesignationSyntax);

    private static bool IsFit(BinaryExpressionSyntax binary)
    {
        if (binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression && BringsIn(binary)) return false;
        // Texts are joined with '+', too.
        return !binary.IsKind(SyntaxKind.AddExpression) || !binary.DescendantNodes().Any(n => n.IsKind(SyntaxKind.StringLiteralExpression) || n is InterpolatedStringExpressionSyntax);
    }

    private static bool IsWorthLosing(ExpressionSyntax value) => value is not (LiteralExpressionSyntax or DefaultExpressionSyntax or ThrowExpressionSyntax or RefExpressionSyntax or AssignmentExpressionSyntax
        or PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax } or AnonymousFunctionExpressionSyntax);

    private static bool IsInLambda(SyntaxNode node) => node.Ancestors().TakeWhile(n => n is not MemberDeclarationSyntax).Any(n => n is AnonymousFunctionExpressionSyntax);

    private static bool HasResult(SyntaxNode? owner) => owner switch
    {
        MethodDeclarationSyntax method => method.ReturnType is not (PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } or RefTypeSyntax),
        LocalFunctionStatementSyntax function => function.ReturnType is not (PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } or RefTypeSyntax),
        PropertyDeclarationSyntax property => property.Type is not RefTypeSyntax,
        IndexerDeclarationSyntax or OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax => true,
        AccessorDeclarationSyntax accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration),
        _ => false,
    };

    private static string? Replacement(LiteralExpressionSyntax literal)
    {
        if (literal.Ancestors().TakeWhile(n => n is not MemberDeclarationSyntax).Any(n => n is LocalDeclarationStatementSyntax { IsConst: true } or SwitchLabelSyntax)) return null;
        return literal.Kind() switch
        {
            SyntaxKind.TrueLiteralExpression => "false",
            SyntaxKind.FalseLiteralExpression => "true",
            SyntaxKind.StringLiteralExpression when literal.Token.ValueText.Length > 0 && literal.Parent is not ArgumentSyntax { NameColon: not null } => "\"\"",
            SyntaxKind.StringLiteralExpression when literal.Token.ValueText.Length == 0 => "\"~\"",
            SyntaxKind.CharacterLiteralExpression => literal.Token.ValueText == "~" ? "'^'" : "'~'",
            SyntaxKind.NumericLiteralExpression when literal.Token.Value is int and < int.MaxValue => $"({literal} + 1)",
            _ => null,
        };
    }

    // Without a first assignment the rest may not compile; a call's result nobody takes, and a field's new value is someone else's.
    private static bool CanBeLeftOut(ExpressionStatementSyntax statement) => statement.Expression switch
    {
        InvocationExpressionSyntax call => !BringsIn(call) && !call.ArgumentList.Arguments.Any(a => a.RefKindKeyword.IsKind(SyntaxKind.OutKeyword)),
        AwaitExpressionSyntax => true,
        PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax => true,
        AssignmentExpressionSyntax { RawKind: not (int)SyntaxKind.SimpleAssignmentExpression } => true,
        AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax or ElementAccessExpressionSyntax } => true,
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: [var first, ..] } } => first == '_' || char.IsUpper(first),
        _ => false,
    };
}
