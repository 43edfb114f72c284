using System.CommandLine;
using System.Globalization;
using TarsCli.Output;
using TarsEngine.Terminal;
using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Scripts;

namespace TarsCli.Commands;

/// <summary>'script run': its output comes as it is written; how it ended is told at the end.</summary>
internal static class ScriptRunCommand
{
    private static readonly Option<ScriptLanguage?> language = new("--language")
    {
        Description = "The script's language, where its name doesn't tell it",
        HelpName = "csharp|python|javascript|shell",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (!text.All(char.IsAsciiDigit) && Enum.TryParse<ScriptLanguage>(text, ignoreCase: true, out var value)) return value;
            result.AddError($"'{text}' is no value for --language: it takes csharp, python, javascript, shell.");
            return null;
        },
    };

    private static readonly Option<TimeSpan> timeout = Options.Time("--timeout", "How long each run may take", TimeSpan.FromMinutes(5));
    private static readonly Option<OutputFormat> format = Options.Format();
    private static readonly Argument<string> path = new("file|folder") { Description = "A script, or a folder that holds one" };
    private static readonly Argument<string[]> rest = new("arguments") { Description = "The script's own arguments, after '--'", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create(CompositionRoot composition)
    {
        var command = new TarsCommand("run", "Run a C#, Python, JavaScript or shell script in the sandbox: no network, and nothing of yours to see or change",
            ("tarscli script run report.py -- --year 2025", "what stands after '--' is the script's own"),
            ("tarscli script run generated/", "finds where it begins: package.json, a project, main.*, '__main__', a '#!' line"),
            ("tarscli script run --language python --timeout 30s answer.txt", "says the language, and gives it half a minute"),
            ("tarscli script run tool.cs --format json", "its lines go to standard error, and how it ended is a JSON document"))
        {
            path, rest, language, timeout, format,
        };
        command.SetWork(composition, RunAsync);
        return command;
    }

    private static async Task<Ending> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        using var source = run.Codebase.OpenScript(Path.GetFullPath(run.Parsed.GetValue(path)!), out var refused);
        if (source is null) return Refused(refused!);
        var json = run.Parsed.GetValue(format) == OutputFormat.Json;
        var request = new ScriptRequest(source, run.Parsed.GetValue(language), run.Parsed.GetValue(rest) ?? [], run.Parsed.GetValue(timeout))
        {
            Input = run.LiveInput,
        };
        var outcome = await run.Codebase.Scripts.RunAsync(request, Show, line => run.Screen.Talk(line.Text, Style.Dim), cancellation);
        if (json && ScriptDocument.Of(outcome) is { } document) run.Screen.AnswerRaw(document.ToJson());
        return Of(outcome);

        void Show(OutputLine line)
        {
            if (json || line.Source == OutputSource.Error)
            {
                run.Screen.Talk(line.Text);
                return;
            }
            run.Screen.Answer(line.Text);
            run.Screen.Flush();
        }
    }

    private static Ending Refused(ScriptRefused refused) => new(ExitCode.Usage, refused.Reason) { Hints = [refused.Remedy] };

    private static Ending Of(ScriptOutcome outcome) => outcome switch
    {
        ScriptRefused refused => Refused(refused),
        ScriptSucceeded { Installed: { } installed } => new(ExitCode.Done, installed.Text),
        ScriptSucceeded => Ending.Done,
        ScriptFailed { Dependency: DependencyNotAllowed denied } => new(ExitCode.Denied, $"Script failed: {Place(outcome)}") { Hints = [denied.Text] },
        ScriptFailed failed => new(ExitCode.Failed, $"Script failed: {Place(outcome)}")
        {
            Details = failed.Result.OutputTruncated ? ["Not all of its output was shown."] : [],
            Hints = [.. failed.Dependency is { } dependency ? new[] { dependency.Text } : [], $"The whole output is in '{failed.Result.LogFile}'."],
        },
        _ => throw new InvalidOperationException($"An outcome without an ending: {outcome.GetType().Name}."),
    };

    private static string Place(ScriptOutcome outcome) => outcome is ScriptFailed failed
        ? string.Create(CultureInfo.InvariantCulture, $"{failed.Failure} ({failed.Result.Ending}).") : "";
}
