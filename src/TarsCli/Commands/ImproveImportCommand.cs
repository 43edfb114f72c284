using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'improve import': commits become improvements, each with its base.</summary>
internal static class ImproveImportCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var range = new Option<string>("--git") { Description = "Commits: 'A..B', those that B has and A hasn't, or one commit", HelpName = "A..B", Required = true };
        var command = new TarsCommand("import", "Import improvements from git commits",
            ("tarscli improve import --git main~3..main", "three commits as three improvements, the oldest first"),
            ("tarscli improve import --git feature", "the one commit at the tip of a branch"))
        {
            range,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var wanted = run.Parsed.GetRequiredValue(range);
            if (run.Codebase.CommitSource is not { } commits)
                throw new UsageException($"'{run.Codebase.Root}' is not in a git repository, so there are no commits to import.", "Add patches instead: 'tarscli improve add change.patch'.");
            return ImproveAddCommand.Take(run, await commits.ReadAsync(wanted, cancellation), $"git:{wanted}", proposal => proposal);
        });
        return command;
    }
}
