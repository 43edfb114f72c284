using System.Text;
using TarsEngine.Documents;

namespace TarsEngine.Improvements;

/// <summary>Reads the forms 'patch', 'patch-file', 'edits', 'replace', 'command' and 'agent', and what is expected afterwards.</summary>
internal sealed class ActionReader(FormReader form)
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1), LongestTimeout = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);
    private const int MaxCount = 1_000_000;
    private const int MostTaskCharacters = 32 * 1024, MostNameCharacters = 100;

    private readonly EditReader edits = new(form);

    /// <summary>Null when there is nothing to do, or with a problem.</summary>
    public StepAction? Read(MapReader map, string kind) => kind switch
    {
        "patch" => map.OptionalString("patch") is { } text ? Patch(map, "patch", Encoding.UTF8.GetBytes(text)) : null,
        "patch-file" => form.Sibling(map, "patch-file", form.Limits.MaxBytes) is { } bytes ? Patch(map, "patch-file", bytes) : null,
        "edits" => map.OptionalMaps("edits") is { Count: > 0 } list && list.Select(edits.Read).OfType<FileEdit>().ToList() is { Count: > 0 } all ? new EditAction(all) : null,
        "replace" => map.OptionalMap("replace") is { } one ? Replace(one) : null,
        "agent" => Agent(map),
        _ => Command(map),
    };

    public IReadOnlyList<StepAction> Replacements(MapReader map) =>
        [.. (map.OptionalMaps("replace") ?? []).Select(Replace).OfType<StepAction>()];

    public IReadOnlyList<StepExpectation> Expectations(MapReader map) =>
        [.. (map.OptionalMaps("expect") ?? []).Select(Expectation).OfType<StepExpectation>()];

    private PatchAction? Patch(MapReader map, string key, byte[] bytes)
    {
        switch (PatchReader.Read(new MemoryStream(bytes), form.Limits))
        {
            case PatchRead read:
                var canonical = CanonicalPatch.Of(bytes, read);
                return new(form.Keep(canonical), canonical.Length);
            case PatchRefused refused:
                foreach (var problem in refused.Problems) map.Problem(key, $"In line {problem.Line} of the patch: {problem.Message}");
                return null;
            default:
                return null;
        }
    }

    private ReplaceAction? Replace(MapReader map)
    {
        var path = form.Path(map, "path");
        var hasBoth = map.Has("search") & map.Has("replacement");
        if (!hasBoth) form.Problems.Add(map.Line, map.Column, "A replacement needs 'path', 'search' and 'replacement'.");
        var search = form.Exact(map, "search");
        var replacement = form.Exact(map, "replacement");
        if (search is { Length: 0 }) map.Problem("search", "'search' is empty; say what is to be replaced.");
        if (search is not null && search == replacement) map.Problem("replacement", "'search' and 'replacement' are the same; nothing would change.");
        var count = map.OptionalInt("count", 1, MaxCount) ?? 1;
        map.Done();
        return path is null || search is null or "" || replacement is null ? null : new(path.Value, search, replacement, count);
    }

    private CommandAction? Command(MapReader map)
    {
        if (map.Node("command") is ListNode) return Command(map, "command", null, DefaultTimeout, null);
        if (map.Node("command") is ScalarNode)
        {
            map.Problem("command", "'command' is a list of the program and its arguments, such as [dotnet, format], or a map with 'run'; no shell reads it.");
            return null;
        }
        if (map.OptionalMap("command") is not { } command) return null;
        if (!command.Has("run")) form.Problems.Add(command.Line, command.Column, "A command needs 'run': a list of the program and its arguments.");
        var folder = command.Has("folder") ? form.Path(command, "folder") : null;
        var timeout = command.OptionalDuration("timeout", ShortestTimeout, LongestTimeout) ?? DefaultTimeout;
        var environment = command.OptionalStringMap("environment");
        foreach (var name in environment?.Keys.Where(n => n.Length == 0 || n.AsSpan().ContainsAny('=', '\0')) ?? [])
            command.Problem("environment", $"'{Files.ByteText.Display(name)}' can't name an environment variable.");
        if (environment?.Values.Any(v => v.Contains('\0', StringComparison.Ordinal)) == true) command.Problem("environment", "A value holds a NUL character, which no program can get.");
        var action = Command(command, "run", folder, timeout, environment);
        command.Done();
        return action;
    }

    private static CommandAction? Command(MapReader map, string key, Files.RepositoryPath? folder, TimeSpan timeout, IReadOnlyDictionary<string, string>? environment)
    {
        if (map.OptionalStrings(key) is not { } arguments) return null;
        if (arguments.Count == 0 || arguments[0].Length == 0) map.Problem(key, "The command names no program.");
        else if (arguments.Any(a => a.AsSpan().ContainsAny('\0', '\n'))) map.Problem(key, "An argument holds a NUL or a newline; write such a command as a script in the codebase.");
        else return new(arguments, folder, timeout, environment ?? new Dictionary<string, string>(StringComparer.Ordinal));
        return null;
    }

    private static AgentAction? Agent(MapReader map)
    {
        if (map.Node("agent") is ScalarNode) return Agent(map, "agent", null);
        if (map.OptionalMap("agent") is not { } agent) return null;
        if (!agent.Has("task")) map.Problem("agent", "An agent needs 'task': what it is to do.");
        var name = agent.OptionalString("agent");
        if (name is not null && !(name.Length is > 0 and <= MostNameCharacters && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
            agent.Problem("agent", "'agent' is the name of an agent of the user's own configuration: letters, digits, '-', '_' and '.'.");
        var action = Agent(agent, "task", name);
        agent.Done();
        return action;
    }

    private static AgentAction? Agent(MapReader map, string key, string? name)
    {
        if (map.OptionalString(key) is not { } task) return null;
        if (string.IsNullOrWhiteSpace(task)) map.Problem(key, "The task says nothing; write what the agent is to do.");
        else if (task.Length > MostTaskCharacters) map.Problem(key, $"The task has {task.Length:N0} characters; the limit is {MostTaskCharacters:N0}. Put the rest into a file of the codebase and name it.");
        else if (task.Any(c => char.IsControl(c) && c is not ('\n' or '\t'))) map.Problem(key, "The task holds a control character.");
        else return new(task.Trim(), name);
        return null;
    }

    private StepExpectation? Expectation(MapReader map)
    {
        var kind = form.OneOf(map, "An expectation", "exists", "absent", "contains", "hash");
        if (kind is null)
        {
            map.Done();
            return null;
        }
        var path = form.Path(map, kind);
        if (kind == "contains" && !map.Has("text")) form.Problems.Add(map.Line, map.Column, "'contains' needs 'text'.");
        if (kind == "hash" && !map.Has("sha256")) form.Problems.Add(map.Line, map.Column, "'hash' needs 'sha256'.");
        var text = kind == "contains" ? form.Exact(map, "text") : null;
        var hash = kind == "hash" ? form.Hash(map, "sha256") : null;
        map.Done();
        if (path is not { } at) return null;
        return kind switch
        {
            "exists" => new ExistsExpectation(at),
            "absent" => new AbsentExpectation(at),
            "contains" => text is null ? null : new ContainsExpectation(at, text),
            _ => hash is null ? null : new HashExpectation(at, hash.Value),
        };
    }
}
