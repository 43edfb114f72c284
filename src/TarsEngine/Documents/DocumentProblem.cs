using System.Globalization;

namespace TarsEngine.Documents;

/// <summary>One thing that is wrong with a document.</summary>
/// <param name="Source">The file's name, as people know it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong, and how to mend it.</param>
/// <param name="IsDenied">True where it can be read well, and asks for what may not be.</param>
public sealed record DocumentProblem(string Source, int Line, int Column, string Message, bool IsDenied = false)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Source}:{Line}:{Column}: {Message}");
}

/// <summary>Collects what is wrong with one document; past <see cref="Most"/> only the count grows.</summary>
public sealed class DocumentProblems(string source)
{
    /// <summary>A file with more problems than this is no file that someone mends line by line.</summary>
    public const int Most = 100;

    private readonly List<DocumentProblem> list = [];

    public string Source { get; } = source;

    public int Count { get; private set; }

    public IReadOnlyList<DocumentProblem> List => list;

    public void Add(int line, int column, string message, bool isDenied = false)
    {
        Count++;
        if (Count <= Most) list.Add(new(Source, line, column, message, isDenied));
        else if (Count == Most + 1) list.Add(new(Source, line, column, "There are more problems; mend these first."));
    }

    public void Add(DocumentNode at, string message, bool isDenied = false) => Add(at.Line, at.Column, message, isDenied);
}

/// <summary>What a document holds, or what is wrong with it.</summary>
/// <param name="Root">Null when the document could not be read to its end.</param>
/// <param name="Problems">Empty when all is well; a reader of fields adds its own.</param>
public sealed record DocumentResult(DocumentNode? Root, DocumentProblems Problems)
{
    public bool IsSound => Root is not null && Problems.Count == 0;
}
