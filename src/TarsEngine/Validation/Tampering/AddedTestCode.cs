using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TarsEngine.Validation.Tampering;

/// <summary>
/// Whether a C# file of tests only gained what can't change the tests that were there: then running them in their base form shows nothing new.
/// </summary>
/// <param name="known">Every identifier of the base's test code: a new member of such a name could be taken for the old one.</param>
internal sealed class AddedTestCode(IReadOnlySet<string> known)
{
    private static readonly HashSet<string> Framing = new(StringComparer.Ordinal)
    {
        "SetUp", "TearDown", "OneTimeSetUp", "OneTimeTearDown", "TestInitialize", "TestCleanup", "ClassInitialize", "ClassCleanup", "AssemblyInitialize", "AssemblyCleanup", "SetUpFixture",
        "CollectionDefinition", "ModuleInitializer", "Before", "After", "BeforeEvery", "AfterEvery",
    };

    // Called without being named.
    private static readonly HashSet<string> Implicit = new(StringComparer.Ordinal)
    {
        "Dispose", "DisposeAsync", "InitializeAsync", "GetEnumerator", "Deconstruct", "Add", "GetAwaiter", "ToString", "Equals", "GetHashCode", "Main",
    };

    /// <summary>True when <paramref name="after"/> is <paramref name="before"/> with more tests and what only they can use. Without a before: a new file.</summary>
    public bool IsHarmless(string? before, string after)
    {
        var symbols = CSharpCode.Symbols(before);
        // What stands under conditions differs by build: not looked into.
        if (symbols.Count > 0 || CSharpCode.Symbols(after).Count > 0) return false;
        if (CSharpCode.Parse(after, []) is not [var now]) return false;
        var old = before is null ? SyntaxFactory.CompilationUnit() : CSharpCode.Parse(before, []) is [var parsed] ? parsed : null;
        return old is not null && IsHarmless(old, now);
    }

    private bool IsHarmless(CompilationUnitSyntax old, CompilationUnitSyntax now)
    {
        if (!HasAll(old.AttributeLists, now.AttributeLists, out var attributes) || attributes.Count > 0) return false;
        if (old.Externs.Count != now.Externs.Count || !HasAll(old.Usings, now.Usings, out var usings)) return false;
        return usings.TrueForAll(u => u is UsingDirectiveSyntax { Alias: null } plain && plain.GlobalKeyword.IsKind(SyntaxKind.None) && plain.StaticKeyword.IsKind(SyntaxKind.None))
            && AreHarmless(old.Members, now.Members);
    }

    private bool AreHarmless(SyntaxList<MemberDeclarationSyntax> old, SyntaxList<MemberDeclarationSyntax> now)
    {
        var left = now.GroupBy(CSharpCode.Normal, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new Stack<MemberDeclarationSyntax>(g), StringComparer.Ordinal);
        var missing = old.Where(member => !(left.TryGetValue(CSharpCode.Normal(member), out var same) && same.TryPop(out _))).ToList();
        var more = left.Values.SelectMany(m => m).ToList();
        // What is not there as it was must be a type or namespace that only grew.
        var grown = more.Where(m => Head(m) is not null).GroupBy(m => Head(m)!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new Stack<MemberDeclarationSyntax>(g), StringComparer.Ordinal);
        foreach (var member in missing)
        {
            if (Head(member) is not { } head || !grown.TryGetValue(head, out var heirs) || !heirs.TryPop(out var heir) || !AreHarmless(Members(member), Members(heir))) return false;
            more.Remove(heir);
        }
        return more.TrueForAll(IsHarmlessNew);
    }

    private bool IsHarmlessNew(MemberDeclarationSyntax member) => member switch
    {
        BaseNamespaceDeclarationSyntax space => space.Usings.Count == 0 && space.Members.All(IsHarmlessNew),
        TypeDeclarationSyntax type => IsFree(type.Identifier) && HasNoFrame(type) && type.DescendantNodes().OfType<MemberDeclarationSyntax>().All(m => HasNoFrame(m) && !RunsByItself(m)),
        MethodDeclarationSyntax method => IsFree(method.Identifier) && HasNoFrame(method) && !IsExtension(method),
        PropertyDeclarationSyntax property => IsFree(property.Identifier) && HasNoFrame(property),
        FieldDeclarationSyntax field => HasNoFrame(field) && field.Declaration.Variables.All(v => IsFree(v.Identifier) && (v.Initializer is null || IsPlain(v.Initializer.Value))),
        EnumDeclarationSyntax or DelegateDeclarationSyntax => true,
        _ => false,
    };

    private bool IsFree(SyntaxToken name) => !known.Contains(name.ValueText) && !Implicit.Contains(name.ValueText);

    private static bool HasNoFrame(MemberDeclarationSyntax member) => !member.AttributeLists.SelectMany(l => l.Attributes).Any(a => Framing.Contains(CSharpCode.LastName(a)));

    // In a class of its own: whatever runs though no test of it was asked for, or stands in for something elsewhere.
    private static bool RunsByItself(MemberDeclarationSyntax member) => member switch
    {
        ConstructorDeclarationSyntax made => made.Modifiers.Any(SyntaxKind.StaticKeyword),
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.StaticKeyword) && field.Declaration.Variables.Any(v => v.Initializer is not null && !IsPlain(v.Initializer.Value)),
        PropertyDeclarationSyntax property => property.Modifiers.Any(SyntaxKind.StaticKeyword) && property.Initializer is not null && !IsPlain(property.Initializer.Value),
        MethodDeclarationSyntax method => IsExtension(method),
        ConversionOperatorDeclarationSyntax or OperatorDeclarationSyntax or DestructorDeclarationSyntax => true,
        _ => false,
    };

    private static bool IsPlain(ExpressionSyntax value) => !value.DescendantNodesAndSelf().Any(n => n is InvocationExpressionSyntax or AssignmentExpressionSyntax or AwaitExpressionSyntax);

    private static bool IsExtension(MethodDeclarationSyntax method) => method.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(SyntaxKind.ThisKeyword) == true;

    // What stands before the members; null for what has none.
    private static string? Head(MemberDeclarationSyntax member) => member switch
    {
        BaseNamespaceDeclarationSyntax space => "namespace " + CSharpCode.Normal(space.Name) + string.Join(';', space.Usings.Select(CSharpCode.Normal)),
        TypeDeclarationSyntax type => CSharpCode.Normal(type.WithMembers([])),
        _ => null,
    };

    private static SyntaxList<MemberDeclarationSyntax> Members(MemberDeclarationSyntax member) => member switch
    {
        BaseNamespaceDeclarationSyntax space => space.Members,
        TypeDeclarationSyntax type => type.Members,
        _ => [],
    };

    private static bool HasAll<T>(SyntaxList<T> old, SyntaxList<T> now, out List<SyntaxNode> more)
        where T : SyntaxNode
    {
        more = [.. now];
        foreach (var node in old)
        {
            var text = CSharpCode.Normal(node);
            var at = more.FindIndex(n => CSharpCode.Normal(n) == text);
            if (at < 0) return false;
            more.RemoveAt(at);
        }
        return true;
    }
}
