using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace TarsEngine.Validation.Syntax;

/// <summary>C# by Roslyn: parse only, newest language, scripts by their extension.</summary>
internal sealed class CSharpParser : ISyntaxParser
{
    private const int Most = 5;

    private static readonly CSharpParseOptions Options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None)
        .WithFeatures([new("FileBasedProgram", "true")]);

    public string Language => "csharp";

    public IReadOnlyList<SyntaxProblem> Parse(string fileName, byte[] bytes)
    {
        SourceText text;
        try
        {
            text = SourceText.From(bytes, bytes.Length, throwIfBinaryDetected: true);
        }
        catch (InvalidDataException)
        {
            return [new("The file is binary, not C#.", null)];
        }
        var options = fileName.EndsWith(".csx", StringComparison.OrdinalIgnoreCase) ? Options.WithKind(SourceCodeKind.Script) : Options;
        var tree = CSharpSyntaxTree.ParseText(text, options);
        return
        [
            .. tree.GetDiagnostics()
                .Where(d => d.Severity == DiagnosticSeverity.Error)
                .Take(Most)
                .Select(d => new SyntaxProblem($"{d.Id}: {d.GetMessage()}", d.Location.GetLineSpan().StartLinePosition.Line + 1)),
        ];
    }
}
