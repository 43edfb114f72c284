using System.CommandLine;
using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsCli.Output;
using TarsEngine;
using TarsEngine.Files;

namespace TarsCli.Commands;

/// <summary>'autonomous init': a plan and constraints to begin with. What is there stays.</summary>
internal static class AutonomousInitCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var command = new TarsCommand("init", $"Write a plan ({TaskPlan.DefaultPath}) and constraints ({ConstraintsDocument.DefaultPath}) where they are missing",
            ("tarscli autonomous init", "commit them then: a night works with what is committed"));
        command.SetWork(composition, async (run, cancellation) =>
        {
            var session = NightSettings.Of(run.Codebase).Session;
            var missing = new Dictionary<RepositoryPath, byte[]>();
            foreach (var (path, template) in (ReadOnlySpan<(RepositoryPath, byte[])>)[(session.Plan, Templates.Plan), (session.Constraints, Templates.Constraints)])
            {
                if (IsThere(run.Codebase.Root, path)) run.Screen.Answer($"Kept: {path}");
                else missing[path] = template;
            }
            if (missing.Count == 0) return new Ending(ExitCode.Done, "Nothing to do: both are there.");
            var outcome = await OwnDocuments.WriteAsync(run.Codebase, "Begin with autonomous tasks", missing, missing.ToDictionary(m => m.Key, _ => (byte[]?)null), cancellation);
            return Say(run, outcome, missing.Keys);
        });
        return command;
    }

    // Whatever it is: a link or a folder of that name is the person's too.
    private static bool IsThere(string root, RepositoryPath path)
    {
        var file = new FileInfo(Path.Combine(root, path.Value));
        return file.Exists || file.LinkTarget is not null || Directory.Exists(file.FullName);
    }

    private static Ending Say(CommandRun run, ExecutionOutcome outcome, IEnumerable<RepositoryPath> written)
    {
        var ending = Endings.Of(outcome);
        if (outcome is not ExecutionOutcome.Landed landed) return ending;
        foreach (var path in written) run.Screen.Answer($"Written: {path}");
        return ending with
        {
            Hints = ["Write tasks under 'Ready for Autonomous Execution', and commit both files: a night works with what is committed.", "'tarscli tasks list' shows how they are read.", $"'tarscli execute rollback --context-id {landed.Context} --all' takes them back."],
        };
    }
}
