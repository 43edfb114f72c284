using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TarsEngine.Validation.Tampering;

/// <summary>Whether an assertion is reached, and whether its failure comes through.</summary>
internal enum Reach
{
    Never,
    Sometimes,
    Always,
}

/// <summary>Tells by syntax alone: what it can't see counts as reached.</summary>
internal static class AssertReach
{
    public static Reach Of(SyntaxNode call, SyntaxNode method)
    {
        var reach = Reach.Always;
        for (var (child, node) = (call, call.Parent); node is not null && child != method; (child, node) = (node, node.Parent))
        {
            var here = node switch
            {
                IfStatementSyntax branch when child != branch.Condition => OfBranch(Value(branch.Condition), child == branch.Statement),
                ConditionalExpressionSyntax either when child != either.Condition => OfBranch(Value(either.Condition), child == either.WhenTrue),
                BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression or (int)SyntaxKind.CoalesceExpression } either when child == either.Right => Reach.Sometimes,
                WhileStatementSyntax loop when child == loop.Statement => Value(loop.Condition) == false ? Reach.Never : Reach.Always,
                ForStatementSyntax loop when child == loop.Statement => loop.Condition is { } condition && Value(condition) == false ? Reach.Never : Reach.Always,
                SwitchSectionSyntax or SwitchExpressionArmSyntax or CatchClauseSyntax => Reach.Sometimes,
                TryStatementSyntax attempt when child == attempt.Block && attempt.Catches.Any(Swallows) => Reach.Never,
                LocalFunctionStatementSyntax function => IsUsed(function, method) ? Reach.Always : Reach.Never,
                BlockSyntax block => AfterOthers(block.Statements, child),
                _ => Reach.Always,
            };
            if (here < reach) reach = here;
            if (reach == Reach.Never) return reach;
        }
        return reach;
    }

    private static Reach OfBranch(bool? condition, bool isFirst) =>
        condition is not { } value ? Reach.Sometimes : value == isFirst ? Reach.Always : Reach.Never;

    private static Reach AfterOthers(SyntaxList<StatementSyntax> statements, SyntaxNode child)
    {
        var reach = Reach.Always;
        foreach (var statement in statements)
        {
            if (statement == child) break;
            if (Leaves(statement)) return Reach.Never;
            if (statement is not IfStatementSyntax branch || !branch.Statement.DescendantNodesAndSelf(n => n is not (LambdaExpressionSyntax or LocalFunctionStatementSyntax)).Any(n => n is ReturnStatementSyntax)) continue;
            var value = Value(branch.Condition);
            if (value == true && Leaves(branch.Statement)) return Reach.Never;
            if (value != false) reach = Reach.Sometimes;
        }
        return reach;
    }

    private static bool Leaves(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or GotoStatementSyntax => true,
        BlockSyntax block => block.Statements.Any(Leaves),
        _ => false,
    };

    private static bool? Value(ExpressionSyntax condition) => condition switch
    {
        ParenthesizedExpressionSyntax inner => Value(inner.Expression),
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } => true,
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression } => false,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not => !Value(not.Operand),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression, Left: LiteralExpressionSyntax left, Right: LiteralExpressionSyntax right } => left.Token.ValueText == right.Token.ValueText,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression, Left: LiteralExpressionSyntax left, Right: LiteralExpressionSyntax right } => left.Token.ValueText != right.Token.ValueText,
        _ => null,
    };

    // A clause that takes an assertion's failure and neither throws nor asserts.
    private static bool Swallows(CatchClauseSyntax clause)
    {
        var type = CSharpCode.LastName(clause.Declaration?.Type);
        var takes = type is "" or "Exception" or "XunitException" || type.Contains("Assert", StringComparison.Ordinal);
        return takes && !clause.Block.DescendantNodes().Any(n => n is ThrowStatementSyntax or ThrowExpressionSyntax) && !AssertCalls.Of(clause.Block).Any();
    }

    private static bool IsUsed(LocalFunctionStatementSyntax function, SyntaxNode method) =>
        method.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == function.Identifier.ValueText);
}
