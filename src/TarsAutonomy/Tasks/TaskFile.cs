using System.Text;
using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Improvements;

namespace TarsAutonomy.Tasks;

/// <summary>
/// Tasks for an agent that people write by hand: YAML or JSON with 'schema: tars/task/v1', one task or several under 'tasks:'. Each becomes an
/// improvement of one step, and goes the same way as every other. docs/tasks.md describes the schema.
/// </summary>
public static class TaskFile
{
    public const string SchemaFamily = "tars/task";
    public const int SchemaVersion = 1;

    private const int MaxTitle = 300, MaxTask = 64 << 10, MaxName = 100, MaxTasks = 1_000;

    /// <summary>Reads what 'improve add' was given: a task file, or whatever <see cref="ImprovementSource"/> reads.</summary>
    /// <param name="name">The file's name, or '-' for standard input.</param>
    public static ProposalResult ReadAny(Stream input, string name, SiblingFiles? siblings = null)
    {
        if (BoundedBytes.Read(input, PatchLimits.Default.MaxBytes) is not { } bytes)
            return new ProposalRefused([new(Shown(name), 1, 1, $"The input has more than {PatchLimits.Default.MaxBytes:N0} bytes, which is the limit; split it into several improvements.")]);
        return IsTaskFile(bytes) ? Read(bytes, Shown(name)) : ImprovementSource.Read(new MemoryStream(bytes), name, siblings);
    }

    public static ProposalResult Read(ReadOnlySpan<byte> bytes, string sourceName)
    {
        var document = DocumentReader.Read(bytes, sourceName);
        var proposals = new List<ImprovementProposal>();
        if (MapReader.Root(document, "a task file") is { } root && root.Schema(SchemaFamily, SchemaVersion))
        {
            if (root.Has("tasks"))
            {
                var several = root.OptionalMaps("tasks") ?? [];
                if (several.Count > MaxTasks) root.Problem("tasks", $"The file holds {several.Count:N0} tasks; the limit is {MaxTasks:N0}.");
                foreach (var one in several.Take(MaxTasks)) Take(one, sourceName, proposals);
                root.Done();
            }
            else Take(root, sourceName, proposals);
        }
        if (document.Problems.Count > 0) return new ProposalRefused(document.Problems.List);
        return proposals.Count > 0 ? new Proposed(proposals, []) : new NothingProposed($"Nothing to do: '{sourceName}' holds no task.");
    }

    /// <summary>One task as an improvement; its title is the text's first line.</summary>
    public static ProposalResult Of(string task, string? agent, string source)
    {
        var problems = new DocumentProblems(source);
        foreach (var problem in Problems(task, agent)) problems.Add(1, 1, problem);
        return problems.Count > 0 ? new ProposalRefused(problems.List) : new Proposed([Proposal(FirstLine(task), "", ImprovementProposal.DefaultCategory, ImprovementPriority.Medium, source, task, agent)], []);
    }

    private static void Take(MapReader map, string sourceName, List<ImprovementProposal> proposals)
    {
        var task = map.RequiredString("task");
        var agent = map.OptionalString("agent");
        if (task.Length > 0) foreach (var problem in Problems(task, agent)) map.Problem("task", problem);
        var title = map.OptionalString("title") ?? FirstLine(task);
        if (title.Length > MaxTitle || title.AsSpan().ContainsAny('\n', '\r')) map.Problem("title", $"'title' is one line of at most {MaxTitle} characters.");
        var category = map.OptionalString("category") ?? ImprovementProposal.DefaultCategory;
        if (category.Length > MaxName) map.Problem("category", $"'category' has {category.Length:N0} characters; the limit is {MaxName}.");
        var priority = map.OptionalChoice("priority", "low", "medium", "high", "critical");
        var description = Description(map);
        map.Done();
        if (map.Problems.Count == 0)
            proposals.Add(Proposal(title, description, category, Enum.TryParse<ImprovementPriority>(priority, ignoreCase: true, out var read) ? read : ImprovementPriority.Medium, "task:" + sourceName, task, agent));
    }

    // What the plan says in fields, a reviewer reads in the description.
    private static string Description(MapReader map)
    {
        var description = new StringBuilder(map.OptionalString("description") ?? "");
        if (description.Length > MaxTask) map.Problem("description", $"'description' has {description.Length:N0} characters; the limit is {MaxTask:N0}.");
        Say("Alignment score", map.OptionalInt("alignment-score", 0, 100) is { } score ? $"{score}/100" : null);
        Say("Estimated lines", map.OptionalInt("estimated-lines", 1, 1_000_000)?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Say("Tests defined", map.OptionalString("tests"));
        Say("Safety check", map.OptionalString("safety-check"));
        return description.ToString();

        void Say(string name, string? value)
        {
            if (value is not null) description.Append(description.Length > 0 ? "\n" : "").Append(name).Append(": ").Append(value);
        }
    }

    private static IEnumerable<string> Problems(string task, string? agent)
    {
        if (string.IsNullOrWhiteSpace(task)) yield return "The task is empty; say what is to be done.";
        if (task.Length > MaxTask) yield return $"The task has {task.Length:N0} characters; the limit is {MaxTask:N0}.";
        if (task.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) yield return "The task holds a control character.";
        if (agent is not null && (agent.Length is 0 or > MaxName || !agent.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
            yield return "An agent's name is made of letters, digits, '-', '_' and '.'.";
    }

    private static ImprovementProposal Proposal(string title, string description, string category, ImprovementPriority priority, string source, string task, string? agent) => new(
        title, description, category, priority, source,
        [new StepDefinition("agent", new AgentAction(task.Trim(), agent), [], null, StepDefinition.DefaultTransaction, [])], null, new Dictionary<ContentHash, byte[]>());

    private static string FirstLine(string task)
    {
        var line = task.Trim().Split('\n')[0].TrimEnd('\r').Trim();
        return line.Length > MaxTitle ? line[..(MaxTitle - 1)] + "…" : line;
    }

    // By the schema, which stands before anything else but comments.
    private static bool IsTaskFile(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range].TrimStart(" \t{"u8);
            if (line.StartsWith("diff --git "u8) || line.StartsWith("--- "u8) || line.StartsWith("@@ -"u8)) return false;
            if (line.StartsWith("schema:"u8) || line.StartsWith("\"schema\""u8)) return line.IndexOf("tars/task/"u8) >= 0;
        }
        return false;
    }

    private static string Shown(string name) => name == "-" ? "standard input" : ByteText.Display(name);
}
