using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Files;
using TarsEngine.Rollback;

namespace TarsCli.Commands;

/// <summary>'execute rollback': takes back what a context landed: all of it, a transaction, or a file.</summary>
internal static class RollbackCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var context = Options.Context("The execution context to roll back");
        context.Required = true;
        var transaction = Options.Transaction("The transaction ID to roll back; the others stay");
        var file = new Option<string>("--file-path") { Description = "The file path to roll back, relative to the codebase's root ('./name': to this folder)", HelpName = "path" };
        var all = Options.Switch("--all", "Roll back all changes of the context");
        var force = Options.Switch("--force", "Force the rollback over later edits; what it overrides is kept in the object store");
        var command = new TarsCommand("rollback", "Roll back what an execution landed",
            ("tarscli execute rollback --context-id CTX-456 --all", "all changes of the context"),
            ("tarscli execute rollback --context-id CTX-456 --transaction-id TX-9", "one of its transactions"),
            ("tarscli execute rollback --context-id CTX-456 --file-path src/Greeting.cs", "one file"))
        {
            context, transaction, file, all, force,
        };
        command.Validators.Add(result =>
        {
            var chosen = (result.GetValue(all) ? 1 : 0) + (result.GetResult(transaction) is null ? 0 : 1) + (result.GetResult(file) is null ? 0 : 1);
            if (chosen != 1) result.AddError("Say what to roll back: one of --all, --transaction-id and --file-path.");
        });
        command.SetWork(composition, (run, cancellation) =>
        {
            var id = run.Parsed.GetValue(context);
            if (run.Codebase.Contexts.Get(id) is null) return Task.FromResult(Endings.ContextNotFound(id));
            RollbackScope scope = run.Parsed.GetValue(all) ? new RollbackScope.All()
                : run.Parsed.GetResult(transaction) is not null ? new RollbackScope.Transaction(run.Parsed.GetValue(transaction))
                : new RollbackScope.File(FilePath(run, run.Parsed.GetValue(file)!));
            var outcome = run.Codebase.Execution.Rollback(new(id, scope, run.Parsed.GetValue(force), run.Reviewer) { Merged = PlanOf(run, id) }, cancellation);
            return Task.FromResult(RollbackAnswer.Give(run.Screen, id, outcome));
        });
        return command;
    }

    // Every landed task marks the plan: to take one back, only its own mark goes.
    private static HashSet<RepositoryPath> PlanOf(CommandRun run, TarsEngine.Storage.ContextId id) =>
        run.Codebase.BranchLandingOf(id) is null ? [] : [NightSettings.Of(run.Codebase).Session.Plan];

    /// <summary>As reports show it, from the root; or as a shell completes it, './name' and absolute.</summary>
    private static RepositoryPath FilePath(CommandRun run, string given)
    {
        var text = given;
        if (given.StartsWith('/') || given is "." or ".." || given.StartsWith("./", StringComparison.Ordinal) || given.StartsWith("../", StringComparison.Ordinal))
            text = Path.GetRelativePath(run.Codebase.Root, Path.GetFullPath(given));
        return RepositoryPath.TryParse(text, out var path, out var problem)
            ? path
            : throw new UsageException(problem, "Give the path as 'tarscli execute status' shows it, relative to the codebase's root.");
    }
}
