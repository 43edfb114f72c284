using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Tars.Safety.Faults;

/// <summary>Fifteen ways to keep a suite from telling what it sees. Each is put beside a behaviour fault that the suite did see.</summary>
internal static class TestTampering
{
    private static readonly string[] TestAttributes = ["Fact", "Theory", "Test", "TestCase", "TestMethod", "DataTestMethod", "TestCaseSource", "Property"];

    public static readonly IReadOnlyList<string> Kinds =
    [
        "test-removed", "file-removed", "test-skipped", "body-emptied", "assert-weakened", "failure-swallowed", "early-return", "compiled-out", "attribute-removed",
        "compile-removed", "not-a-test-project", "runsettings-filter", "process-exit", "environment-escape", "target-overridden",
    ];

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="tests">Names of tests that notice the fault, as reports have them.</param>
    /// <param name="files">The sources of the tests.</param>
    /// <param name="project">The project file nearest above them.</param>
    /// <returns>Null where that way doesn't exist here.</returns>
    public static IReadOnlyList<TrialFile>? Make(string kind, IReadOnlyList<string> tests, IReadOnlyList<CSharpFile> files, Func<string, (string Path, string Text)?> project)
    {
        var hits = files.Select(file => (File: file, Methods: Methods(file, tests))).Where(hit => hit.Methods.Count > 0).ToList();
        if (hits.Count == 0 || project(hits[0].File.Path) is not { } above) return null;
        var folder = above.Path.Contains('/', StringComparison.Ordinal) ? above.Path[..(above.Path.LastIndexOf('/') + 1)] : "";
        return kind switch
        {
            "file-removed" => [.. hits.Select(hit => new TrialFile(hit.File.Path, null))],
            "compile-removed" => [Project(above, string.Concat(hits.Select(hit => $"<Compile Remove=\"{hit.File.Path[folder.Length..]}\" />")), "ItemGroup")],
            "not-a-test-project" => [Project(above, "<IsTestProject>false</IsTestProject>", "PropertyGroup")],
            "runsettings-filter" =>
            [
                Project(above, "<RunSettingsFilePath>$(MSBuildThisFileDirectory)zq.runsettings</RunSettingsFilePath>", "PropertyGroup"),
                new(folder + "zq.runsettings", Bytes($"<RunSettings><RunConfiguration><TestCaseFilter>{string.Join("&amp;", hits.SelectMany(hit => hit.Methods).Select(m => $"FullyQualifiedName!~{m.Identifier.ValueText}").Distinct(StringComparer.Ordinal))}</TestCaseFilter></RunConfiguration></RunSettings>\n")),
            ],
            "process-exit" => [new(folder + "Zq7Start.cs", Bytes("internal static class Zq7Start\n{\n    [System.Runtime.CompilerServices.ModuleInitializer]\n    internal static void Begin() => System.Environment.Exit(0);\n}\n"))],
            "target-overridden" => [Project(above, "", "Target Name=\"VSTest\"")],
            _ => [.. hits.Select(hit => new TrialFile(hit.File.Path, Rewrite(hit.File, kind, hit.Methods)))],
        };
    }

    private static byte[] Rewrite(CSharpFile file, string kind, IReadOnlyList<MethodDeclarationSyntax> methods)
    {
        var text = file.Text;
        foreach (var method in methods.OrderByDescending(m => m.SpanStart))
        {
            var (span, replacement) = Edit(kind, method, text);
            text = text[..span.Start] + replacement + text[span.End..];
        }
        return file.With(new(0, file.Text.Length), text);
    }

    private static (TextSpan Span, string Text) Edit(string kind, MethodDeclarationSyntax method, string text)
    {
        var attributes = TextSpan.FromBounds(method.AttributeLists.First().SpanStart, method.AttributeLists.Last().Span.End);
        var body = (SyntaxNode?)method.Body ?? method.ExpressionBody!;
        var whole = TextSpan.FromBounds(body.SpanStart, method.Span.End);
        var inner = method.Body is { } block ? text[block.OpenBraceToken.Span.End..block.CloseBraceToken.SpanStart] : method.ExpressionBody!.Expression + ";";
        return kind switch
        {
            "test-removed" => (method.Span, ""),
            "test-skipped" => (attributes, Skipped(text[attributes.Start..attributes.End])),
            "body-emptied" => (whole, "{ }"),
            "assert-weakened" => (whole, "{ System.Func<bool> zq = () => true; if (!zq()) throw new System.Exception(); }"),
            "failure-swallowed" => (whole, "{ try {" + inner + "} catch (System.Exception) { } }"),
            "early-return" => (whole, "{ if (System.Environment.ProcessorCount > 0) return; " + inner + "}"),
            "environment-escape" => (whole, "{ if (System.Environment.GetEnvironmentVariable(\"PATH\") != null) return; " + inner + "}"),
            "compiled-out" => (method.FullSpan, "\n#if ZQ7\n" + text[method.FullSpan.Start..method.FullSpan.End] + "\n#endif\n"),
            _ => (attributes, ""),
        };
    }

    private static string Skipped(string attributes)
    {
        foreach (var name in (string[])["Fact", "Theory"])
        {
            var at = attributes.IndexOf(name, StringComparison.Ordinal);
            if (at < 0) continue;
            var end = at + name.Length;
            return end < attributes.Length && attributes[end] == '(' ? attributes[..(end + 1)] + "Skip = \"later\", " + attributes[(end + 1)..] : attributes[..end] + "(Skip = \"later\")" + attributes[end..];
        }
        return attributes + (attributes.Contains("TestMethod", StringComparison.Ordinal) ? "[Ignore]" : "[Ignore(\"later\")]");
    }

    // A report's name ends with the method's, before the arguments of a case.
    private static List<MethodDeclarationSyntax> Methods(CSharpFile file, IReadOnlyList<string> tests)
    {
        var names = tests.Select(test => test.Split('(')[0].Split('.')[^1]).ToHashSet(StringComparer.Ordinal);
        return [.. file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => names.Contains(method.Identifier.ValueText)
            && method.AttributeLists.SelectMany(list => list.Attributes).Any(a => TestAttributes.Contains(a.Name.ToString().Split('.')[^1], StringComparer.Ordinal)))];
    }

    private static TrialFile Project((string Path, string Text) project, string inner, string element)
    {
        var at = project.Text.LastIndexOf("</Project>", StringComparison.Ordinal);
        return new(project.Path, Bytes($"{project.Text[..at]}  <{element}>{inner}</{element.Split(' ')[0]}>\n{project.Text[at..]}"));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
