using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine.Files;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Quality;

/// <summary>Reads what a C# source offers to others, by its syntax.</summary>
internal static partial class ApiSurface
{
    private static readonly SyntaxKind[] Told = [SyntaxKind.StaticKeyword, SyntaxKind.AbstractKeyword, SyntaxKind.SealedKeyword, SyntaxKind.ReadOnlyKeyword, SyntaxKind.ConstKeyword, SyntaxKind.RefKeyword];

    public static IEnumerable<ApiMember> Read(RepositoryPath path, string? text, IReadOnlyCollection<string> symbols) =>
        CSharpCode.Parse(text, symbols).SelectMany(unit => unit.Members).SelectMany(m => Of(m, "", false, path));

    private static IEnumerable<ApiMember> Of(MemberDeclarationSyntax member, string container, bool inInterface, RepositoryPath path)
    {
        if (member is BaseNamespaceDeclarationSyntax space) return space.Members.SelectMany(m => Of(m, container + CSharpCode.Normal(space.Name).Replace(" ", "", StringComparison.Ordinal) + ".", false, path));
        if (!inInterface && !IsOffered(member.Modifiers)) return [];
        return member switch
        {
            TypeDeclarationSyntax type => OfType(type, container, path),
            EnumDeclarationSyntax choices => OfEnum(choices, container, path),
            DelegateDeclarationSyntax made => [Make(member, container, made.Identifier.ValueText + Arity(made.TypeParameterList), "delegate " + Type(made.ReturnType) + Parameters(made.ParameterList), made.ParameterList, false, path)],
            MethodDeclarationSyntax method => [Make(member, container, method.Identifier.ValueText + Arity(method.TypeParameterList) + Parameters(method.ParameterList), Type(method.ReturnType), method.ParameterList,
                inInterface ? method.Body is null && method.ExpressionBody is null : method.Modifiers.Any(SyntaxKind.AbstractKeyword), path)],
            ConstructorDeclarationSyntax made => [Make(member, container, "new" + Parameters(made.ParameterList), "", made.ParameterList, false, path)],
            PropertyDeclarationSyntax property => [Make(member, container, property.Identifier.ValueText, Type(property.Type) + Accessors(property.AccessorList), null,
                (inInterface && property.AccessorList?.Accessors.All(a => a.Body is null && a.ExpressionBody is null) == true) || property.Modifiers.Any(SyntaxKind.AbstractKeyword), path)],
            IndexerDeclarationSyntax indexer => [Make(member, container, "this" + Parameters(indexer.ParameterList), Type(indexer.Type) + Accessors(indexer.AccessorList), null, inInterface, path)],
            EventDeclarationSyntax happening => [Make(member, container, happening.Identifier.ValueText, "event " + Type(happening.Type), null, inInterface, path)],
            BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(v => Make(member, container, v.Identifier.ValueText, (field is EventFieldDeclarationSyntax ? "event " : "") + Type(field.Declaration.Type), null, inInterface, path)),
            OperatorDeclarationSyntax work => [Make(member, container, "operator " + work.OperatorToken.Text + Parameters(work.ParameterList), Type(work.ReturnType), null, false, path)],
            ConversionOperatorDeclarationSyntax work => [Make(member, container, "operator " + Type(work.Type) + Parameters(work.ParameterList), work.ImplicitOrExplicitKeyword.Text, null, false, path)],
            _ => [],
        };
    }

    private static IEnumerable<ApiMember> OfType(TypeDeclarationSyntax type, string container, RepositoryPath path)
    {
        var name = type.Identifier.ValueText + Arity(type.TypeParameterList);
        var inner = container + name + ".";
        var kind = type is RecordDeclarationSyntax record ? "record " + record.ClassOrStructKeyword.Text : type.Keyword.Text;
        yield return Make(type, container, name, kind, null, false, path);
        if (type.ParameterList is { } parameters && type is RecordDeclarationSyntax)
        {
            yield return Make(type, inner, "new" + Parameters(parameters), "", parameters, false, path);
            foreach (var parameter in parameters.Parameters) yield return Make(parameter, inner, parameter.Identifier.ValueText, Type(parameter.Type!) + " get init", null, false, path);
        }
        foreach (var member in type.Members.SelectMany(m => Of(m, inner, type is InterfaceDeclarationSyntax, path))) yield return member;
    }

    private static IEnumerable<ApiMember> OfEnum(EnumDeclarationSyntax choices, string container, RepositoryPath path) =>
        choices.Members.Select(m => Make(m, container + choices.Identifier.ValueText + ".", m.Identifier.ValueText, m.EqualsValue is null ? "" : CSharpCode.Normal(m.EqualsValue), null, false, path))
            .Prepend(Make(choices, container, choices.Identifier.ValueText, "enum", null, false, path));

    private static ApiMember Make(SyntaxNode node, string container, string key, string shape, BaseParameterListSyntax? parameters, bool must, RepositoryPath path)
    {
        var told = node is MemberDeclarationSyntax { Modifiers: var modifiers } ? string.Join(' ', modifiers.Where(m => Told.Contains(m.Kind())).Select(m => m.Text).Order(StringComparer.Ordinal)) : "";
        return new(container + key, key.Split('(', '`')[0], (told + " " + shape).Trim(), parameters?.Parameters.Count(p => p.Default is not null) ?? 0, must, container.TrimEnd('.'), path, CSharpCode.Line(node));
    }

    private static bool IsOffered(SyntaxTokenList modifiers) => modifiers.Any(SyntaxKind.PublicKeyword) || (modifiers.Any(SyntaxKind.ProtectedKeyword) && !modifiers.Any(SyntaxKind.PrivateKeyword));

    private static string Arity(TypeParameterListSyntax? parameters) => parameters is null ? "" : "`" + parameters.Parameters.Count;

    private static string Parameters(BaseParameterListSyntax list) => "(" + string.Join(',', list.Parameters.Select(p =>
        string.Join(' ', p.Modifiers.Where(m => m.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword or SyntaxKind.InKeyword).Select(m => m.Text).Append(p.Type is null ? "" : Type(p.Type))))) + ")";

    // Whether a reference may be null is no promise that compiled code relies on; 'int?' is another type than 'int'.
    private static string Type(TypeSyntax type)
    {
        var text = Spaces().Replace(CSharpCode.Normal(type), m => m.Groups["mark"].Value is "," ? ", " : m.Groups["mark"].Value);
        return text.Contains('?', StringComparison.Ordinal) ? Annotation().Replace(text, m => m.Groups["value"].Value) : text;
    }

    [GeneratedRegex(@" ?(?<mark>[<>\[\],?.()]) ?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<value>\b(bool|byte|sbyte|char|short|ushort|int|uint|long|ulong|nint|nuint|float|double|decimal|Guid|DateTime|DateTimeOffset|TimeSpan|TextSpan)\?)|\?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Annotation();

    // A property with an arrow has a getter only. What is not offered to all is none.
    private static string Accessors(AccessorListSyntax? list) => " " + (list is null ? "get" : string.Join(' ', list.Accessors
        .Where(a => !a.Modifiers.Any(SyntaxKind.PrivateKeyword) && !a.Modifiers.Any(SyntaxKind.InternalKeyword)).Select(a => a.Keyword.Text).Order(StringComparer.Ordinal)));
}
