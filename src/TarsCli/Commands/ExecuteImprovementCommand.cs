using System.CommandLine;
using TarsAutonomy.NightShift;
using TarsCli.Output;
using TarsEngine.Planning;

namespace TarsCli.Commands;

/// <summary>'execute improvement': the journey of one improvement.</summary>
internal static class ExecuteImprovementCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var id = Options.Improvement("The improvement to execute");
        id.Required = true;
        var dryRun = Options.Switch("--dry-run", "Perform a dry run without making changes");
        var backup = Options.Switch("--backup", "Backup files before making changes; switching it off needs your own configuration", byDefault: true);
        var validate = Options.Switch("--validate", "Validate changes before applying them; switching it off needs your own configuration", byDefault: true);
        var autoRollback = Options.Switch("--auto-rollback", "Automatically roll back on failure; switched off, the failed workspace is kept for a look", byDefault: true);
        var outputFolder = new Option<string>("--output-dir") { Description = "The output directory for execution results (JSON, Markdown and the diff)", HelpName = "folder" };
        var approve = Options.Switch("--approve-when-valid", "Land at once when everything passes, instead of waiting for review");
        var tests = new Option<string>("--tests") { Description = "Run only tests whose names hold this text; the change is then held, and its approval runs all of them", HelpName = "text" };
        var level = new Option<string>("--level") { Description = "The same with the tests of a level, which 'tests.levels' of your configuration or the codebase's names", HelpName = "name" };
        var basis = new Option<string>("--base") { Description = "Validate against the last commit instead of the working tree", HelpName = "HEAD" };
        basis.AcceptOnlyFromAmong("HEAD");
        var land = Options.Choice("--land", "Where it lands: in the files of the working tree, or as a commit on a branch, which leaves files, index and HEAD alone", LandingPlace.Worktree);
        var branch = new Option<string>("--branch") { Description = "The branch for --land branch; made from HEAD where there is none (default: tars/<improvement-id>)", HelpName = "name" };
        var command = new TarsCommand("improvement", "Execute an improvement: plan, workspace, checks, tests, then review",
            ("tarscli execute improvement --id IMP-123", "everything up to the review"),
            ("tarscli execute improvement --id IMP-123 --dry-run", "everything but the commit; the diff can be read, not approved"),
            ("tarscli execute improvement --id IMP-123 --land branch --approve-when-valid", "as a commit on the branch tars/IMP-123"),
            ("tarscli execute improvement --id IMP-123 --approve-when-valid --output-dir /tmp/results", "lands it when it passes, and writes reports"))
        {
            id, dryRun, backup, validate, autoRollback, outputFolder, approve, tests, level, basis, land, branch,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var improvement = run.Parsed.GetValue(id);
            if (run.Parsed.GetResult(branch) is not null && run.Parsed.GetValue(land) != LandingPlace.Branch) throw new UsageException("--branch goes with --land branch.", "Add it, or leave --branch out.");
            if (run.Codebase.Improvements.Get(improvement) is null) return Endings.ImprovementNotFound(improvement);
            // Its constraints and its gate are a session's.
            if (run.Codebase.Improvements.Get(improvement) is { } known && TaskImprovement.TaskOf(known) is { } task)
                return new Ending(ExitCode.Conflict, $"Not possible now: {improvement} is the task '{task}' of a session ({known.Source}), and is executed by sessions alone.") { Hints = [$"'tarscli autonomous run --task {task} --retry' runs it in a session."] };
            var options = new ExecutionOptions
            {
                DryRun = run.Parsed.GetValue(dryRun),
                Backup = run.Parsed.GetValue(backup),
                Validate = run.Parsed.GetValue(validate),
                AutoRollback = run.Parsed.GetValue(autoRollback),
                ApproveWhenValid = run.Parsed.GetValue(approve) || run.Codebase.Configuration.ApproveWhenValid,
                OutputFolder = run.Parsed.GetValue(outputFolder) is { } folder ? MakeFolder(folder) : null,
                TestNames = TestNames(run, run.Parsed.GetValue(tests), run.Parsed.GetValue(level)),
                Base = run.Parsed.GetValue(basis),
                Land = run.Parsed.GetValue(land),
                Branch = run.Parsed.GetValue(land) == LandingPlace.Branch ? run.Parsed.GetValue(branch) ?? $"tars/{improvement}" : null,
            };
            var outcome = await run.Codebase.Execution.ExecuteAsync(improvement, options, cancellation);
            return ExecutionAnswer.Give(run, outcome);
        });
        return command;
    }

    private static IReadOnlyList<string>? TestNames(CommandRun run, string? text, string? level)
    {
        if (text is { Length: > 0 } && level is not null) throw new UsageException("--tests and --level exclude each other.", "Choose one.");
        if (level is null) return text is { Length: > 0 } ? [text] : null;
        var levels = run.Codebase.PolicyInForce().Configuration.Tests.Levels;
        if (levels.TryGetValue(level, out var parts)) return parts;
        throw new UsageException($"There is no level '{level}'.", levels.Count == 0 ? "Name tests under 'tests.levels' in 'tars.yaml' or in your own configuration." : $"There are: {string.Join(", ", levels.Keys.Order(StringComparer.Ordinal))}.");
    }

    // Before the run, and not after it: a run of minutes should not end with nowhere to tell of it.
    private static string MakeFolder(string given)
    {
        try
        {
            return Directory.CreateDirectory(given).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The output folder '{given}' can't be made: {error.Message}", "Give a folder that can be written; nothing was executed.");
        }
    }
}
