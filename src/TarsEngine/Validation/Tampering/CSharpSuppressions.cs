using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine.Changes;

namespace TarsEngine.Validation.Tampering;

/// <summary>Finds what silences compilers and analyzers in a file, and code that is switched off.</summary>
internal static class CSharpSuppressions
{
    public static IEnumerable<Trap> Read(IEnumerable<CompilationUnitSyntax> units)
    {
        foreach (var unit in units.Take(1))
        {
            foreach (var attribute in unit.DescendantNodes().OfType<AttributeSyntax>().Where(a => CSharpCode.LastName(a) is "SuppressMessage" or "UnconditionalSuppressMessage" or "ExcludeFromCodeCoverage"))
                yield return new("suppress/attribute", CSharpCode.Normal(attribute), CSharpCode.Line(attribute), $"[{CSharpCode.LastName(attribute)}] silences analyzers here.", Severity.Warning, Severity.Warning);
            foreach (var directive in unit.DescendantTrivia().Select(t => t.GetStructure()).OfType<DirectiveTriviaSyntax>())
            {
                if (Of(directive) is { } trap) yield return trap;
            }
        }
    }

    private static Trap? Of(DirectiveTriviaSyntax directive)
    {
        var text = string.Join(' ', directive.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return directive switch
        {
            PragmaWarningDirectiveTriviaSyntax pragma when pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword) => new("suppress/pragma", text, CSharpCode.Line(directive), $"'{text}' silences the compiler here.", Severity.Warning, Severity.Warning),
            NullableDirectiveTriviaSyntax nullable when nullable.SettingToken.IsKind(SyntaxKind.DisableKeyword) => new("suppress/pragma", text, CSharpCode.Line(directive), $"'{text}' silences the compiler here.", Severity.Warning, Severity.Warning),
            IfDirectiveTriviaSyntax { Condition: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression } } => new("suppress/dead-code", text, CSharpCode.Line(directive), "'#if false' switches code off.", Severity.Hold, Severity.Warning),
            _ => null,
        };
    }
}
