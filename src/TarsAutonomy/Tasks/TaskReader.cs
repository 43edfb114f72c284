using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TarsEngine.Documents;

namespace TarsAutonomy.Tasks;

/// <summary>A task's lines to what they mean; what can't be read is a problem with its line, and makes the task unsafe where safety rests on it.</summary>
internal sealed class TaskReader(DocumentProblems problems)
{
    /// <summary>A description is a commit's subject and a prompt's heart, not an essay.</summary>
    public const int MaxDescription = 1_000;

    private const int MaxId = 64, MostReasons = 5;

    private readonly List<string> unsafeBecause = [];

    /// <param name="twins">The lines on which its id stands, when there are several.</param>
    public PlannedTask Read(PlanBlock block, IReadOnlyList<int>? twins)
    {
        unsafeBecause.Clear();
        CheckHead(block, twins);
        foreach (var again in block.Fields.Where((f, i) => FieldNames.Of(f.Key) is not null && block.Fields.FindIndex(other => other.Name == f.Name) < i))
            Unsafe(again.Line + 1, $"'{again.Key}' of '{block.Head.Id}' stands here twice; say it once.");
        var status = block.Field(FieldNames.Status) is { } said ? FieldValues.Status(said.Value) : null;
        if (block.Head.IsTicked && status is not (null or PlannedTask.Done))
            Unsafe(block.Line, $"'{block.Head.Id}' is ticked off, and its status is '{status}'.");
        return new(
            block.Head.Id, block.Description, block.Section,
            Number(block, FieldNames.Score, FieldValues.Score, "a score out of 100, such as '95/100'"),
            Number(block, FieldNames.Lines, FieldValues.Lines, "a number of lines, such as '10'"),
            Tests(block), block.Head.IsTicked ? status ?? PlannedTask.Done : status, block.Line)
        {
            TestsNote = Value(block, FieldNames.Tests),
            SafetyNote = Value(block, FieldNames.Safety),
            SafetyNeedsReview = block.Fields.Any(f => f.Name == FieldNames.Safety && FieldValues.NeedsReview(f.Value)),
            Approved = Value(block, FieldNames.Approved) ?? Value(block, FieldNames.AutoApproved),
            IsApprovedByPerson = Value(block, FieldNames.Approved) is { } approval && FieldValues.HasDay(approval),
            Reason = Value(block, FieldNames.Reason),
            Use = Value(block, FieldNames.Use),
            Agent = Value(block, FieldNames.Agent),
            Problem = unsafeBecause.Count == 0 ? null : string.Join(' ', unsafeBecause),
            Fingerprint = Fingerprint(block),
        };
    }

    private void CheckHead(PlanBlock block, IReadOnlyList<int>? twins)
    {
        var id = block.Head.Id;
        if (id.Length > MaxId || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            Unsafe(block.Line, $"The id '{id}' is not made of letters, digits, '_', '-' and '.', at most {MaxId} of them.");
        if (twins is not null) Unsafe(block.Line, $"The id '{id}' stands in the plan {twins.Count} times, on the lines {string.Join(", ", twins.Take(10))}; give each task its own.");
        if (block.Description.Length == 0) Unsafe(block.Line, $"'{id}' has no description.");
        if (block.Description.Length > MaxDescription) Unsafe(block.Line, $"The description of '{id}' has {block.Description.Length:N0} characters; the limit is {MaxDescription:N0}.");
        // Who reads the plan must see all of what an agent will be told.
        if (block.Description.Any(IsInvisible)) Unsafe(block.Line, $"The description of '{id}' holds characters that can't be seen; remove them.");
    }

    private int? Number(PlanBlock block, string name, Func<string, int?> read, string what)
    {
        if (block.Field(name) is not { } field) return null;
        if (read(field.Value) is { } number) return number;
        Unsafe(field.Line + 1, $"'{field.Key}' of '{block.Head.Id}' is {what}, not '{Shown(field.Value)}'.");
        return null;
    }

    private TestsDefined Tests(PlanBlock block)
    {
        if (block.Field(FieldNames.Tests) is not { } field) return TestsDefined.NotSaid;
        if (FieldValues.Tests(field.Value) is { } tests) return tests;
        Unsafe(field.Line + 1, $"'{field.Key}' of '{block.Head.Id}' says neither yes nor no: '{Shown(field.Value)}'.");
        return TestsDefined.NotSaid;
    }

    private void Unsafe(int line, string message)
    {
        problems.Add(line, 1, message);
        if (unsafeBecause.Count < MostReasons) unsafeBecause.Add(message);
    }

    private static string? Value(PlanBlock block, string name) => block.Field(name)?.Value is { Length: > 0 } value ? value : null;

    private static string Shown(string text) => text.Length > 60 ? text[..60] + "…" : text;

    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;

    // The order of the fields says nothing, nor does white space.
    private static string Fingerprint(PlanBlock block)
    {
        var fields = block.Fields.Where(f => f.Name is not (FieldNames.Status or FieldNames.Approved or FieldNames.AutoApproved))
            .Select(f => f.Name + "=" + Even(f.Value)).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', (string[])[Even(block.Description), .. fields]))));

        static string Even(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
