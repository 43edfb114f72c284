namespace TarsEngine.Validation.Syntax;

/// <summary>One place at which a file does not parse.</summary>
/// <param name="Line">From 1; null when the parser names none.</param>
/// <param name="Column">From 1, in UTF-16 code units.</param>
/// <param name="EndColumn">Behind the last code unit, on the same line.</param>
internal sealed record SyntaxProblem(string Message, int? Line, int? Column = null, int? EndColumn = null);

/// <summary>Parses one kind of file, in-process and without running anything.</summary>
internal interface ISyntaxParser
{
    /// <summary>Part of the rule's id: 'csharp' makes 'syntax/csharp'.</summary>
    string Language { get; }

    /// <summary>The first problems, at most a handful; empty when the bytes parse.</summary>
    IReadOnlyList<SyntaxProblem> Parse(string fileName, byte[] bytes);
}
