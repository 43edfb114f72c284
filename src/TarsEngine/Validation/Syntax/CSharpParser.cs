using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace TarsEngine.Validation.Syntax;

/// <summary>C# by Roslyn: parse only, newest language, scripts by their extension.</summary>
internal sealed class CSharpParser : ISyntaxParser
{
    private const int Most = 5;

    /// <summary>Roslyn looks ahead into types by recursion that nothing guards, and takes minutes over interpolations in interpolations.</summary>
    private const int MaxNesting = 250;

    /// <summary>'&lt;' is a comparison, too; more of them may stand open.</summary>
    private const int MaxAngles = 1_000;

    private const int StackBytes = 64 * 1024 * 1024;

    internal static CSharpParseOptions Options { get; } = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None)
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
        if (Nests(text)) return [new($"Brackets nest deeper than {MaxNesting} levels; the file was not parsed.", null)];
        var options = fileName.EndsWith(".csx", StringComparison.OrdinalIgnoreCase) ? Options.WithKind(SourceCodeKind.Script) : Options;
        IReadOnlyList<SyntaxProblem> problems = [];
        // A stack of its own: how much is left of the caller's is unknown.
        var thread = new Thread(() => problems = Parse(text, options), StackBytes) { Name = "parse C#" };
        thread.Start();
        thread.Join();
        return problems;
    }

    private static List<SyntaxProblem> Parse(SourceText text, CSharpParseOptions options) =>
    [
        .. CSharpSyntaxTree.ParseText(text, options).GetDiagnostics()
            .Where(d => d.Severity == DiagnosticSeverity.Error)
            .Take(Most)
            .Select(d => ProblemAt($"{d.Id}: {d.GetMessage()}", d.Location.GetLineSpan())),
    ];

    private static SyntaxProblem ProblemAt(string message, FileLinePositionSpan span) => new(
        message, span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1,
        span.EndLinePosition.Line == span.StartLinePosition.Line ? span.EndLinePosition.Character + 1 : null);

    // Counted without regard to strings and comments: generous enough for what people and generators write.
    internal static bool Nests(SourceText text)
    {
        int brackets = 0, angles = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(' or '[' or '{': brackets++; break;
                case ')' or ']' or '}': brackets = Math.Max(0, brackets - 1); break;
                case '<': angles++; break;
                case '>': angles = Math.Max(0, angles - 1); break;
                case ';': angles = 0; break;
            }
            if (brackets > MaxNesting || angles > MaxAngles) return true;
        }
        return false;
    }
}
