using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Tars.Safety.Faults;

/// <summary>Faults that compile, mostly, and do something else. Whether a suite notices one is for the oracle to say.</summary>
internal static partial class BehaviourFaults
{
    private static readonly Dictionary<SyntaxKind, (string Kind, string Text)> Operators = new()
    {
        [SyntaxKind.PlusToken] = ("swapped-operator", "-"), [SyntaxKind.MinusToken] = ("swapped-operator", "+"),
        [SyntaxKind.AsteriskToken] = ("swapped-operator", "+"), [SyntaxKind.SlashToken] = ("swapped-operator", "*"),
        [SyntaxKind.EqualsEqualsToken] = ("negated-condition", "!="), [SyntaxKind.ExclamationEqualsToken] = ("negated-condition", "=="),
        [SyntaxKind.LessThanToken] = ("off-by-one", "<="), [SyntaxKind.LessThanEqualsToken] = ("off-by-one", "<"),
        [SyntaxKind.GreaterThanToken] = ("off-by-one", ">="), [SyntaxKind.GreaterThanEqualsToken] = ("off-by-one", ">"),
        [SyntaxKind.AmpersandAmpersandToken] = ("swapped-operator", "||"), [SyntaxKind.BarBarToken] = ("swapped-operator", "&&"),
    };

    public static IEnumerable<Fault> In(CSharpFile file) => file.Root.DescendantNodes().SelectMany(node => Of(file, node));

    private static IEnumerable<Fault> Of(CSharpFile file, SyntaxNode node)
    {
        switch (node)
        {
            case BinaryExpressionSyntax binary when Operators.TryGetValue(binary.OperatorToken.Kind(), out var other):
                yield return At(other.Kind, file, binary.OperatorToken.Span, other.Text);
                break;
            case IfStatementSyntax branch:
                yield return At("negated-condition", file, branch.Condition.Span, $"!({branch.Condition})");
                break;
            case ConditionalExpressionSyntax choice:
                yield return At("negated-condition", file, choice.Condition.Span, $"!({choice.Condition})");
                break;
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.TrueLiteralExpression) || literal.IsKind(SyntaxKind.FalseLiteralExpression):
                yield return At("changed-constant", file, literal.Span, literal.IsKind(SyntaxKind.TrueLiteralExpression) ? "false" : "true");
                break;
            case LiteralExpressionSyntax { Token.Value: int number } literal when number < int.MaxValue:
                yield return At("off-by-one", file, literal.Span, (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case LiteralExpressionSyntax { Token: { RawKind: (int)SyntaxKind.StringLiteralToken, Text: ['"', ..] and not "\"\"" } token } literal:
                yield return At("changed-constant", file, literal.Span, token.Text[..^1] + "zq\"");
                break;
            case ExpressionStatementSyntax { Parent: BlockSyntax } statement:
                yield return At("removed-statement", file, statement.Span, "");
                break;
            case PostfixUnaryExpressionSyntax post when post.IsKind(SyntaxKind.PostIncrementExpression):
                yield return At("swapped-operator", file, post.OperatorToken.Span, "--");
                break;
            case ReturnStatementSyntax { Expression: not (null or LiteralExpressionSyntax) } returned:
                yield return At("returns-default", file, returned.Expression.Span, "default");
                break;
        }
    }

    private static Fault At(string kind, CSharpFile file, TextSpan span, string text) => new(kind, file.Path, file.LineOf(span.Start), file.With(span, text));

    /// <summary>The same for other languages, by their common operators.</summary>
    public static IEnumerable<Fault> InText(string path, string text)
    {
        foreach (Match match in CommonOperators().Matches(text))
        {
            var swapped = match.Value switch { "==" => "!=", "!=" => "==", "<=" => "<", ">=" => ">", "&&" => "||", "||" => "&&", " + " => " - ", " - " => " + ", " < " => " <= ", " > " => " >= ", _ => null };
            if (swapped is null) continue;
            yield return new("swapped-operator", path, text.AsSpan(0, match.Index).Count('\n') + 1, System.Text.Encoding.UTF8.GetBytes(text[..match.Index] + swapped + text[(match.Index + match.Length)..]));
        }
    }

    [GeneratedRegex(@"==|!=|<=|>=|&&|\|\|| [-+<>] ", RegexOptions.NonBacktracking)]
    private static partial Regex CommonOperators();
}
