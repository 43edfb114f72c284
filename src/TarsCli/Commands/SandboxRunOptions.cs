using System.CommandLine;
using TarsCli.Output;
using TarsEngine;
using TarsEngine.Sandbox;

namespace TarsCli.Commands;

/// <summary>The limits and folders of 'sandbox run'.</summary>
internal sealed class SandboxRunOptions
{
    private static readonly SandboxLimits byDefault = new();

    private readonly Option<TimeSpan> timeout = Options.Time("--timeout", "How long it may run", TimeSpan.FromMinutes(30));

    private readonly Option<long> memory = Size("--memory", "How much memory all its processes may have", byDefault.MemoryBytes);
    private readonly Option<long> disk = Size("--disk", "How much it may write in all", byDefault.WorkspaceBytes);
    private readonly Option<long> temporary = Size("--tmp", "How much room its /tmp has", byDefault.TemporaryBytes);
    private readonly Option<int> processes = Options.Number("--processes", "number", "How many processes and threads it may have", byDefault.Processes, 4, 1_000_000);
    private readonly Option<string[]> readable = new("--readable") { Description = "A folder outside the codebase that it may read; may be given again", HelpName = "folder" };
    private readonly Option<string[]> writable = new("--writable") { Description = "A folder outside the codebase that it may read and write; may be given again", HelpName = "folder" };

    private readonly Option<string[]> environment = new("--env") { Description = "A variable of its environment, or the name of one of yours; may be given again", HelpName = "NAME[=VALUE]" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[timeout, memory, disk, temporary, processes, readable, writable, environment]) command.Add(option);
    }

    public SandboxCommand Read(ParseResult parsed, Codebase codebase, Func<string, string?> variable) => new([], "", parsed.GetValue(timeout), Variables(parsed, variable))
    {
        Limits = new()
        {
            MemoryBytes = parsed.GetValue(memory),
            WorkspaceBytes = parsed.GetValue(disk),
            FileBytes = parsed.GetValue(disk),
            TemporaryBytes = parsed.GetValue(temporary),
            Processes = parsed.GetValue(processes),
            // Its output is the user's to read, as much as there is.
            OutputBytes = long.MaxValue,
        },
        Binds =
        [
            .. (parsed.GetValue(readable) ?? []).Select(folder => Bind(folder, "--readable", codebase, writable: false)),
            .. (parsed.GetValue(writable) ?? []).Select(folder => Bind(folder, "--writable", codebase, writable: true)),
        ],
    };

    private static SandboxBind Bind(string given, string option, Codebase codebase, bool writable)
    {
        var folder = Path.GetFullPath(given);
        if (!Directory.Exists(folder)) throw new UsageException($"The folder '{given}' isn't there.", $"Give an existing folder to {option}.");
        return codebase.Sandbox.WhyNotShown(folder, codebase.Root) is { } why
            ? throw new UsageException($"'{given}' can't be given to {option}: {why}", "Give a folder outside the codebase, your own and not the system's.")
            : new SandboxBind(folder, folder, writable);
    }

    private Dictionary<string, string> Variables(ParseResult parsed, Func<string, string?> own)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(environment) ?? [])
        {
            var (name, value) = text.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, own(text));
            if (name.Length == 0) throw new UsageException($"'{text}' is no value for --env.", "Give NAME=VALUE, or the NAME of a variable of yours.");
            variables[name] = value ?? throw new UsageException($"You have no variable '{name}'.", $"Set it, or give its value: --env {name}=VALUE.");
        }
        return variables;
    }

    private static Option<long> Size(string name, string description, long usual) => new(name)
    {
        Description = description, HelpName = "size", DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (Sizes.TryParse(text, out var bytes)) return bytes;
            result.AddError($"'{text}' is no value for {name}: it takes a size such as 512M or 4G.");
            return usual;
        },
    };
}
