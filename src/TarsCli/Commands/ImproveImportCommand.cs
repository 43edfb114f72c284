using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'improve import': commits, or the fixes that an analyzer wrote into a SARIF log, become improvements.</summary>
internal static class ImproveImportCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var range = new Option<string>("--git") { Description = "Commits: 'A..B', those that B has and A hasn't, or one commit", HelpName = "A..B" };
        var log = new Option<string>("--sarif") { Description = "A SARIF 2.1.0 log; each fix in it becomes an improvement; '-' reads standard input", HelpName = "file" };
        var command = new TarsCommand("import", "Import improvements from git commits or from the fixes in a SARIF log",
            ("tarscli improve import --git main~3..main", "three commits as three improvements, the oldest first"),
            ("tarscli improve import --git feature", "the one commit at the tip of a branch"),
            ("tarscli improve import --sarif analysis.sarif", "each fix that an analyzer suggests"))
        {
            range, log,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(range) is null == result.GetResult(log) is null) result.AddError("'improve import' takes either --git or --sarif.");
        });
        command.SetWork(composition, async (run, cancellation) => run.Parsed.GetValue(log) is { } file
            ? ImproveAddCommand.Take(run, await ReadAsync(run, file, cancellation), $"sarif:{file}", proposal => proposal)
            : ImproveAddCommand.Take(run, await Commits(run).ReadAsync(run.Parsed.GetRequiredValue(range), cancellation), $"git:{run.Parsed.GetValue(range)}", proposal => proposal));
        return command;
    }

    private static TarsEngine.Improvements.GitCommitSource Commits(CommandRun run) => run.Codebase.CommitSource
        ?? throw new UsageException($"'{run.Codebase.Root}' is not in a git repository, so there are no commits to import.", "Add patches instead: 'tarscli improve add change.patch'.");

    private static async Task<TarsEngine.Improvements.ProposalResult> ReadAsync(CommandRun run, string file, CancellationToken cancellation)
    {
        if (file != "-" && !File.Exists(file)) throw new UsageException($"The file '{file}' isn't there.", "Give a SARIF log, or '-' for standard input.");
        await using var stream = file == "-" ? run.Input() : File.OpenRead(file);
        return await run.Codebase.ReadSarifAsync(stream, file, cancellation);
    }
}
