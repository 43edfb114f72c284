using Microsoft.CodeAnalysis;
using TarsEngine.CSharp.Compiling;

namespace TarsEngine.CSharp.Answering;

/// <summary>From the compiler's diagnostics to what a build shows of them.</summary>
internal static class Messages
{
    public static IReadOnlyList<Message> Of(IEnumerable<Diagnostic> diagnostics, Inputs inputs) => [.. diagnostics.Select(diagnostic => Of(diagnostic, inputs))];

    /// <summary>The same, those that were there before told apart. Lines move with every edit: a line says nothing.</summary>
    public static IEnumerable<Message> Marked(IEnumerable<Message> messages, IEnumerable<Message> before)
    {
        var left = before.CountBy(Key).ToDictionary();
        foreach (var message in messages)
        {
            var known = left.GetValueOrDefault(Key(message));
            if (known > 0) left[Key(message)] = known - 1;
            yield return message with { IsNew = known == 0 };
        }
    }

    private static (string Id, string? Path, string Text, bool IsError) Key(Message message) => (message.Id, message.Path, message.Text, message.IsError);

    private static Message Of(Diagnostic diagnostic, Inputs inputs)
    {
        var span = diagnostic.Location.GetMappedLineSpan();
        var place = diagnostic.Location.Kind == LocationKind.None || !span.IsValid ? (FileLinePositionSpan?)null : span;
        return new(
            diagnostic.Id, diagnostic.Severity == DiagnosticSeverity.Error, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), place is { } at && at.Path.Length > 0 ? Path.GetFullPath(at.Path, inputs.Invocation.Folder) : null,
            place?.StartLinePosition.Line + 1, place?.StartLinePosition.Character + 1, place?.EndLinePosition.Line + 1, place?.EndLinePosition.Character + 1, inputs.Invocation.Project, IsNew: true);
    }
}
