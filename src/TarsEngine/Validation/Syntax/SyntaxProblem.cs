namespace TarsEngine.Validation.Syntax;

/// <summary>One place at which a file does not parse.</summary>
/// <param name="Line">From 1; null when the parser names none.</param>
internal sealed record SyntaxProblem(string Message, int? Line);

/// <summary>Parses one kind of file, in-process and without running anything.</summary>
internal interface ISyntaxParser
{
    /// <summary>Part of the rule's id: 'csharp' makes 'syntax/csharp'.</summary>
    string Language { get; }

    /// <summary>The first problems, at most a handful; empty when the bytes parse.</summary>
    IReadOnlyList<SyntaxProblem> Parse(string fileName, byte[] bytes);
}
