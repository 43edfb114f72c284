using TarsEngine.Documents;

namespace TarsEngine.Improvements;

/// <summary>Reads what an improvement does: one form, or explicit steps.</summary>
internal sealed class StepsReader(FormReader form)
{
    private static readonly string[] Forms = ["patch", "patch-file", "edits", "replace", "command", "agent"];
    private const int MaxIdLength = 200;

    private readonly ActionReader actions = new(form);

    /// <summary>Empty when there is nothing to do, or with problems.</summary>
    public IReadOnlyList<StepDefinition> Read(MapReader map)
    {
        if (form.OneOf(map, "The improvement", [.. Forms, "steps"]) is not { } kind) return [];
        if (kind == "steps") return [.. (map.OptionalMaps("steps") ?? []).Select(ReadStep).OfType<StepDefinition>()];
        var transaction = Transaction(map);
        var expectations = actions.Expectations(map);
        var found = kind == "replace" && map.Node("replace") is ListNode ? actions.Replacements(map) : actions.Read(map, kind) is { } action ? [action] : [];
        var steps = new List<StepDefinition>();
        foreach (var one in found)
        {
            // Replacements in a list follow each other, so that one may build on the one before.
            var id = found.Count == 1 ? kind == "patch-file" ? "patch" : kind : $"{kind}-{steps.Count + 1}";
            steps.Add(new(id, one, steps is [.., var before] ? [before.Id] : [], null, transaction, []));
        }
        if (steps.Count > 0) steps[^1] = steps[^1] with { Expectations = expectations };
        return steps;
    }

    private StepDefinition? ReadStep(MapReader map)
    {
        var id = map.RequiredString("id");
        if (id.Length > MaxIdLength) map.Problem("id", $"'id' has {id.Length:N0} characters; the limit is {MaxIdLength}.");
        if (id.Any(char.IsControl)) map.Problem("id", "'id' holds a control character.");
        var description = map.OptionalString("description");
        var dependsOn = map.OptionalStrings("depends-on") ?? [];
        var transaction = Transaction(map);
        var expectations = actions.Expectations(map);
        var kind = form.OneOf(map, $"The step '{Files.ByteText.Display(id)}'", Forms);
        var action = kind is null ? null : actions.Read(map, kind);
        map.Done();
        return action is null ? null : new(id, action, dependsOn, description, transaction, expectations);
    }

    private static string Transaction(MapReader map)
    {
        if (map.OptionalString("transaction") is not { } name) return StepDefinition.DefaultTransaction;
        if (name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')) return name;
        map.Problem("transaction", "'transaction' is a name of letters, digits, '-', '_' and '.', at most 100 of them.");
        return StepDefinition.DefaultTransaction;
    }
}
