using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TarsEngine.Parity;

/// <summary>Makes edits of many kinds, good and broken, at places that a seed chooses; the same for the same sources.</summary>
internal sealed class EditMaker(IReadOnlyDictionary<string, string> sources, int seed)
{
    private const string Regex = "[System.Text.RegularExpressions.GeneratedRegex(\"{0}\")] private static partial System.Text.RegularExpressions.Regex Made();";

    private readonly Random random = new(seed);
    private readonly List<string> paths = [.. sources.Keys.Order(StringComparer.Ordinal)];

    private IReadOnlyList<Func<string, CompilationUnitSyntax, Edit?>> Kinds =>
    [
        (path, root) => InBody("a statement in a body", path, root, " System.GC.KeepAlive(1); "),
        (path, root) => InBody("an unknown name in a body", path, root, " System.GC.KeepAlive(thisNameIsUnknown); "),
        (path, root) => InBody("a wrong type in a body", path, root, " int wrongType = \"text\"; "),
        (path, root) => InBody("an unused variable", path, root, " var unusedHere = 1; "),
        (path, root) => InBody("null where none may be", path, root, " string nothing = null; System.GC.KeepAlive(nothing); "),
        (path, root) => InBody("a missing semicolon", path, root, " System.GC.KeepAlive(1) "),
        (path, root) => InBody("a brace too many", path, root, " } "),
        (path, root) => InBody("a body that returns too early", path, root, " throw new System.InvalidOperationException(); "),
        (path, root) => InType("a private member", path, root, " private static int OnlyHere() => 1; "),
        (path, root) => InType("a public member", path, root, " /// <summary>Made.</summary>\npublic static int ForAll() => 1; "),
        (path, root) => InType("a member twice", path, root, " private static int Twice() => 1; private static int Twice() => 2; "),
        (path, root) => InType("an obsolete member and its use", path, root, " [System.Obsolete(\"Not this.\")] private static int Old() => 1; private static int Use() => Old(); "),
        (path, root) => InType("an unused field", path, root, " private int neverUsed; "),
        (path, root) => new("a new file", With((Beside(path, "MadeFile"), $"namespace {Namespace(root)} {{ internal static class MadeFile {{ internal static int One() => 1; }} }}\n"))),
        (path, root) => new("a new file with an error", With((Beside(path, "MadeFile"), $"namespace {Namespace(root)} {{ internal static class MadeFile {{ internal static int One() => \"1\"; }} }}\n"))),
        (path, root) => new("a new file that a generator completes", With((Beside(path, "MadeFile"), $"namespace {Namespace(root)} {{ internal static partial class MadeFile {{ {Regex.Replace("{0}", "a+", StringComparison.Ordinal)} internal static bool Is(string text) => Made().IsMatch(text); }} }}\n"))),
        (path, root) => new("a generator that complains", With((Beside(path, "MadeFile"), $"namespace {Namespace(root)} {{ internal static partial class MadeFile {{ {Regex.Replace("{0}", "a(", StringComparison.Ordinal)} internal static bool Is(string text) => Made().IsMatch(text); }} }}\n"))),
        (path, _) => new("a file deleted", With((path, null))),
        (path, _) => new("a file renamed", With((path, null), (Beside(path, Path.GetFileNameWithoutExtension(path) + "Renamed"), sources[path]))),
        (path, root) => Partial(path, root, says: true),
        (path, root) => Partial(path, root, says: false),
        (path, root) => root.Usings.FirstOrDefault() is { } first ? new("a using removed", With((path, sources[path].Remove(first.Span.Start, first.Span.Length)))) : null,
        (path, root) => Renamed(path, root),
        (path, root) => OtherParameter(path, root),
        (path, root) => Pick(root.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(type => !type.Modifiers.Any(SyntaxKind.AbstractKeyword) && !type.Modifiers.Any(SyntaxKind.StaticKeyword) && !type.Modifiers.Any(SyntaxKind.SealedKeyword))) is { } type
            ? new("a class made abstract", With((path, sources[path].Insert(type.Keyword.SpanStart, "abstract ")))) : null,
        (path, root) => new("lines moved by a comment", With((path, "// One.\n// Two.\n" + sources[path]))),
        (path, root) => Two(path, root),
    ];

    /// <summary>All kinds in turn, until there are enough.</summary>
    public IEnumerable<Edit> Make(int count)
    {
        var kinds = Kinds;
        var made = 0;
        for (var turn = 0; made < count && turn < count * 20; turn++)
        {
            var path = paths[random.Next(paths.Count)];
            if (kinds[turn % kinds.Count](path, CSharpSyntaxTree.ParseText(sources[path]).GetCompilationUnitRoot()) is not { } edit) continue;
            made++;
            yield return edit;
        }
    }

    private Edit? InBody(string kind, string path, SyntaxNode root, string text) =>
        Pick(root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => method.Body is not null)) is { Body: { } body }
            ? new(kind, With((path, sources[path].Insert(body.OpenBraceToken.Span.End, text)))) : null;

    private Edit? InType(string kind, string path, SyntaxNode root, string text) =>
        Pick(root.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(type => !type.OpenBraceToken.IsMissing && type.OpenBraceToken.Span.Length > 0)) is { } type
            ? new(kind, With((path, sources[path].Insert(type.OpenBraceToken.Span.End, text)))) : null;

    // A part of a type in a file of its own; 'says' whether the first part says that it is one.
    private Edit? Partial(string path, CompilationUnitSyntax root, bool says)
    {
        var type = Pick(root.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(type => type.Parent is BaseNamespaceDeclarationSyntax && type.TypeParameterList is null && !type.Modifiers.Any(SyntaxKind.PartialKeyword)));
        if (type is null) return null;
        var part = $"namespace {Namespace(root)} {{ {type.Modifiers.ToString().Replace("sealed", "", StringComparison.Ordinal)} partial class {type.Identifier.Text} {{ internal static int OfThePart() => 1; }} }}\n";
        return says
            ? new("a class in two parts", With((path, sources[path].Insert(type.Keyword.SpanStart, "partial ")), (Beside(path, "MadePart"), part)))
            : new("a part of a class that has none", With((Beside(path, "MadePart"), part)));
    }

    private Edit? Renamed(string path, SyntaxNode root) =>
        PublicMethod(root) is { } method ? new("a public method renamed", With((path, sources[path].Insert(method.Identifier.Span.End, "Renamed")))) : null;

    private Edit? OtherParameter(string path, SyntaxNode root) =>
        Pick(root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.PublicKeyword)).SelectMany(m => m.ParameterList.Parameters).Where(p => p.Type is PredefinedTypeSyntax)) is { Type: { } type }
            ? new("a parameter of another type", With((path, sources[path].Remove(type.SpanStart, type.Span.Length).Insert(type.SpanStart, "System.Guid")))) : null;

    // In two files, mostly of two projects.
    private Edit? Two(string path, CompilationUnitSyntax root)
    {
        var other = paths[random.Next(paths.Count)];
        return other == path || PublicMethod(root) is not { } method ? null : new("two files", With(
            (path, sources[path].Insert(method.Identifier.Span.End, "Elsewhere")), (other, sources[other] + "\ninternal static class MadeAtTheEnd { internal static int One() => \"1\"; }\n")));
    }

    private MethodDeclarationSyntax? PublicMethod(SyntaxNode root) => Pick(root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(m => m.Modifiers.Any(SyntaxKind.PublicKeyword)));

    private T? Pick<T>(IEnumerable<T> from) where T : class => from.ToList() is { Count: > 0 } list ? list[random.Next(list.Count)] : null;

    private static string Namespace(CompilationUnitSyntax root) => root.Members.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "Made";

    private static string Beside(string path, string name) => Path.GetDirectoryName(path) is { Length: > 0 } folder ? $"{folder}/{name}.cs" : name + ".cs";

    private static Dictionary<string, string?> With(params (string Path, string? Text)[] files) => files.ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);
}
