using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TarsEngine.Validation.Tampering;

/// <summary>Recognises assertions by their names and shape, in whichever library, and how much each asks for.</summary>
internal static class AssertCalls
{
    private static readonly HashSet<string> Weak = new(StringComparer.Ordinal)
    {
        "NotNull", "IsNotNull", "NotEmpty", "IsNotEmpty", "NotEqual", "AreNotEqual", "NotSame", "AreNotSame", "IsType", "IsNotType", "IsAssignableFrom", "IsInstanceOf", "IsInstanceOfType",
        "ThrowsAny", "ThrowsAnyAsync", "Catch", "CatchAsync", "DoesNotThrow", "DoesNotThrowAsync",
    };

    private static readonly HashSet<string> Middling = new(StringComparer.Ordinal)
    {
        "True", "IsTrue", "False", "IsFalse", "Null", "IsNull", "Contains", "StartsWith", "EndsWith", "Matches", "InRange", "Throws", "ThrowsAsync", "Fail", "Greater", "Less",
    };

    // They end a test without a failure.
    private static readonly HashSet<string> Ending = new(StringComparer.Ordinal) { "Pass", "Skip", "SkipWhen", "SkipUnless", "Ignore", "Inconclusive", "Warn", "Multiple", "MultipleAsync", "EnterMultipleScope" };

    private static readonly HashSet<string> Comparing = new(StringComparer.Ordinal) { "Equal", "AreEqual", "Same", "AreSame", "StrictEqual", "Equivalent", "AreEquivalent" };

    public static AssertTally Tally(SyntaxNode method)
    {
        int count = 0, strength = 0, unconditional = 0, idle = 0;
        foreach (var call in Of(method))
        {
            var asks = StrengthOf(call);
            var reach = AssertReach.Of(call, method);
            if (asks == 0 || reach == Reach.Never)
            {
                idle++;
                continue;
            }
            count++;
            strength += asks;
            if (reach == Reach.Always) unconditional++;
        }
        return new(count, strength, unconditional, idle);
    }

    public static IEnumerable<InvocationExpressionSyntax> Of(SyntaxNode method) =>
        method.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(IsAssertion);

    /// <summary>Calls such as 'Assert.Skip' that end a test as if nothing were wrong.</summary>
    public static IEnumerable<InvocationExpressionSyntax> Endings(SyntaxNode method) => method.DescendantNodes().OfType<InvocationExpressionSyntax>()
        .Where(c => c.Expression is MemberAccessExpressionSyntax access && EndsAsIfGood(CSharpCode.LastName(access.Expression), access.Name.Identifier.ValueText));

    private static bool EndsAsIfGood(string on, string name) => on switch
    {
        "Assert" => name is "Pass" or "Skip" or "SkipWhen" or "SkipUnless" or "Ignore" or "Inconclusive",
        "Skip" => name is "If" or "IfNot" or "When" or "Unless" or "Always",
        "Assume" => name is "That",
        _ => false,
    };

    private static bool IsAssertion(InvocationExpressionSyntax call)
    {
        var name = CSharpCode.LastName(call.Expression);
        var on = call.Expression is MemberAccessExpressionSyntax access ? CSharpCode.LastName(access.Expression) : "";
        if (on.EndsWith("Assert", StringComparison.Ordinal) || on.StartsWith("Assert", StringComparison.Ordinal)) return !Ending.Contains(name);
        return Begins(name, "Assert") || Begins(name, "Should") || Begins(name, "Verify") || Begins(name, "Expect") || Begins(name, "MustHave") || Begins(name, "MustNotHave")
            || name is "Received" or "DidNotReceive" or "ReceivedWithAnyArgs";
    }

    // 'Verify' and 'VerifyAll', not 'Verifying'.
    private static bool Begins(string name, string word) => name.StartsWith(word, StringComparison.Ordinal) && (name.Length == word.Length || !char.IsLower(name[word.Length]));

    private static int StrengthOf(InvocationExpressionSyntax call)
    {
        if (CanNotFail(call)) return 0;
        var name = CSharpCode.LastName(call.Expression);
        if (Weak.Contains(name)) return 1;
        if (Middling.Contains(name)) return 2;
        var arguments = call.ArgumentList.Arguments;
        if (name == "That" && arguments.Count == 1) return 2;
        // Said in another way: True, False, Null.
        return Comparing.Contains(name) && arguments.Any(a => a.Expression.Kind() is SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression or SyntaxKind.NullLiteralExpression) ? 2 : 3;
    }

    private static bool CanNotFail(InvocationExpressionSyntax call)
    {
        var name = CSharpCode.LastName(call.Expression);
        var arguments = call.ArgumentList.Arguments;
        if (name == "Should" && arguments.Count == 0) return call.Expression is MemberAccessExpressionSyntax { Expression: var subject } && IsConstant(subject);
        if (arguments.Count == 0 || name is "Fail") return false;
        if (IsAssertion(call) && call.Expression is MemberAccessExpressionSyntax { Expression: var on } && !CSharpCode.LastName(on).Contains("Assert", StringComparison.Ordinal)) return false;
        if (name.EndsWith("Async", StringComparison.Ordinal) && call.Parent is ExpressionStatementSyntax) return true;
        if (Comparing.Contains(name) && arguments.Count >= 2 && SyntaxFactory.AreEquivalent(arguments[0].Expression, arguments[1].Expression)) return true;
        return arguments.All(a => IsConstant(a.Expression)) || IsAlwaysTrue(arguments[0].Expression, name);
    }

    private static bool IsAlwaysTrue(ExpressionSyntax condition, string name)
    {
        if (name is not ("True" or "IsTrue" or "That" or "Assert")) return false;
        while (condition is ParenthesizedExpressionSyntax inner) condition = inner.Expression;
        return condition switch
        {
            LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.TrueLiteralExpression),
            BinaryExpressionSyntax either when either.IsKind(SyntaxKind.LogicalOrExpression) => IsAlwaysTrue(either.Left, name) || IsAlwaysTrue(either.Right, name),
            BinaryExpressionSyntax same when same.IsKind(SyntaxKind.EqualsExpression) => SyntaxFactory.AreEquivalent(same.Left, same.Right),
            _ => false,
        };
    }

    // Literals, operators, and constraints such as 'Is.EqualTo(1)'; a name may be anything.
    private static bool IsConstant(ExpressionSyntax expression) => expression.DescendantNodesAndSelf().All(node => node is LiteralExpressionSyntax or PrefixUnaryExpressionSyntax
        or BinaryExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or PredefinedTypeSyntax or ArgumentSyntax or ArgumentListSyntax
        || (node is InvocationExpressionSyntax or MemberAccessExpressionSyntax && LeftMost(node) is "Is" or "Does" or "Has" or "Throws")
        || (node is IdentifierNameSyntax name && (LeftMost(name) is "Is" or "Does" or "Has" || LeftMost(name.Parent) is "Is" or "Does" or "Has")));

    private static string LeftMost(SyntaxNode? node)
    {
        while (true)
        {
            switch (node)
            {
                case InvocationExpressionSyntax call: node = call.Expression; break;
                case MemberAccessExpressionSyntax access: node = access.Expression; break;
                case IdentifierNameSyntax name: return name.Identifier.ValueText;
                default: return "";
            }
        }
    }
}
