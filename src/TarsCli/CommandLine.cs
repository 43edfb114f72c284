using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using TarsCli.Commands;
using TarsCli.Output;

namespace TarsCli;

/// <summary>The tree of commands, and the one way from arguments to an exit code.</summary>
internal static class CommandLine
{
    private static readonly (string Line, string What)[] RootExamples =
    [
        ("tarscli improve add change.patch", "puts a patch on the list of improvements"),
        ("tarscli execute improvement --id IMP-1", "plans, checks and tests it; it then waits for review"),
        ("tarscli execute review --context-id CTX-1 --approve", "lands it"),
        ("tarscli execute rollback --context-id CTX-1 --all", "takes it back"),
    ];

    public static RootCommand Create(CompositionRoot composition)
    {
        var root = new RootCommand("TARS: code changes land whole and proven, or leave no trace.");
        root.Add(Options.Folder);
        root.Add(Options.Config);
        root.Add(Options.Color);
        root.Add(ImproveCommand.Create(composition));
        root.Add(AutonomousExecutionCommand.Create(composition));
        root.Add(TasksCommand.Create(composition));
        root.Add(ValidateCommand.Create(composition));
        root.Add(AutonomousCommand.Create(composition));
        root.Add(AuditCommand.Create(composition));
        root.Add(RecoverCommand.Create(composition));
        root.Add(GcCommand.Create(composition));
        root.Add(SandboxParentCommand.Create(composition));
        root.Add(PolicyCommand.Create(composition));
        root.Add(ScriptCommand.Create(composition));
        root.Add(PackagesCommand.Create(composition));
        root.Add(CompletionCommand.Create(composition));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, RootExamples);
        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CompositionRoot composition, CancellationToken cancellation)
    {
        // No response files: '@name' is an argument like every other.
        var parsed = Create(composition).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true }))
            return Refuse(parsed, composition);
        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // Signals are the program's own matter: the first one settles a run, however long that takes.
                ProcessTerminationTimeout = null,
            },
            cancellation);
    }

    private static int Refuse(ParseResult parsed, CompositionRoot composition)
    {
        using var screen = new Screen(composition.Terminal, ColorChoice.Auto);
        var path = Path(parsed.CommandResult);
        screen.End(new Ending(ExitCode.Usage, string.Join('\n', parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal)))
        {
            Details = parsed.CommandResult.Command.Subcommands is { Count: > 0 } commands
                ? [$"{path} takes: {string.Join(", ", commands.Select(c => c.Name))}" + Near(parsed, commands)]
                : [],
            Hints = [$"'{path} --help' shows what it takes, with examples."],
        });
        return (int)ExitCode.Usage;
    }

    private static string Near(ParseResult parsed, IEnumerable<Command> commands) =>
        parsed.UnmatchedTokens is [var first, ..]
            ? "." + TarsEngine.Documents.NearestName.Hint(first, commands.Select(c => c.Name))
            : "";

    private static string Path(System.CommandLine.Parsing.CommandResult result) =>
        result.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "tarscli";
}
