using System.Buffers;
using TarsEngine.Changes;
using TarsEngine.CSharp.Answering;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;

namespace TarsEngine.Validation.Semantics;

/// <summary>From what a worker answers to findings: bounded, made harmless, and nothing that it could not know.</summary>
internal static class Answers
{
    private const int MostErrors = 50, MostText = 2_000;

    public static SemanticVerdict Read(Answer answer)
    {
        var errors = answer.Messages.Where(message => message is { IsError: true, IsNew: true } && IsCode(message.Id)).ToList();
        return answer.Status switch
        {
            AnswerStatus.Clean => new SemanticVerdict.Clean(answer.Projects.Count),
            AnswerStatus.Broken when errors.Count > 0 => new SemanticVerdict.Broken([.. errors.Take(MostErrors).Select(Finding), .. More(errors.Count - MostErrors)]),
            _ => new SemanticVerdict.Unsure(Clean(answer.Reason ?? "its compiler doesn't say why")),
        };
    }

    private static Finding Finding(Message message) => new(
        Severity.Error, "semantic/" + message.Id, Clean(message.Text), PathOf(message.Path), Positive(message.Line),
        Column: Positive(message.Column), EndLine: Positive(message.EndLine), EndColumn: Positive(message.EndColumn));

    private static IEnumerable<Finding> More(int count) =>
        count > 0 ? [new(Severity.Error, "semantic/more", $"There are {count} more errors.")] : [];

    private static bool IsCode(string id) => id.Length is > 0 and <= 20 && id.All(char.IsAsciiLetterOrDigit);

    private static int? Positive(int? number) => number is > 0 ? number : null;

    private static RepositoryPath? PathOf(string? path) =>
        path?.StartsWith(SandboxLayout.Codebase + "/", StringComparison.Ordinal) == true && RepositoryPath.TryParse(path[(SandboxLayout.Codebase.Length + 1)..], out var parsed, out _) ? parsed : null;

    private static string Clean(string text)
    {
        var safe = new ArrayBufferWriter<char>();
        SafeOutput.Write(text.Length > MostText ? text.AsSpan(0, MostText) : text, safe);
        return safe.WrittenSpan.ToString();
    }
}
