using System.CommandLine;
using TarsAutonomy.Tasks;
using TarsCli.Output;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Staging;

namespace TarsCli.Commands;

/// <summary>'improve add': a patch or an improvement file goes on the list.</summary>
internal static class ImproveAddCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var source = new Argument<string?>("file") { Description = "A git patch, an improvement file or a task file (YAML or JSON); '-' reads standard input", Arity = ArgumentArity.ZeroOrOne };
        var task = new Option<string>("--task") { Description = "What an agent is to do, instead of a file; its first line is the title", HelpName = "text" };
        var agent = new Option<string>("--agent") { Description = "With --task: one of the agents of your configuration, instead of the default one", HelpName = "name" };
        var title = new Option<string>("--title") { Description = "A title, instead of the one that the file has", HelpName = "text" };
        var description = new Option<string>("--description") { Description = "A description, instead of the one that the file has", HelpName = "text" };
        var category = new Option<string>("--category") { Description = "A category, instead of the one that the file has", HelpName = "word" };
        var priority = Options.Choice("--priority", "A priority, instead of the one that the file has", ImprovementPriority.Medium);
        var command = new TarsCommand("add", "Add an improvement from a patch or an improvement file",
            ("tarscli improve add change.patch", "made with: git diff --binary > change.patch"),
            ("git diff --binary | tarscli improve add - --title \"Faster lookup\"", "from standard input"),
            ("tarscli improve add improvement.yaml", "docs/improvement-files.md and docs/tasks.md describe the formats"),
            ("tarscli improve add --task \"Add a test for empty input\" --agent codex", "an agent makes the change, in the sandbox"))
        {
            source, task, agent, title, description, category, priority,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(source) is { Tokens.Count: > 0 } == result.GetResult(task) is not null) result.AddError("'improve add' takes either a file or --task.");
            if (result.GetResult(agent) is not null && result.GetResult(task) is null) result.AddError("--agent goes with --task.");
        });
        command.SetWork(composition, run =>
        {
            var name = run.Parsed.GetValue(source) ?? "--task";
            var read = run.Parsed.GetValue(task) is { } text ? TaskFile.Of(text, run.Parsed.GetValue(agent), "manual") : Read(run, name);
            return Take(run, read, name, proposal => proposal with
            {
                Title = run.Parsed.GetValue(title) ?? proposal.Title,
                Description = run.Parsed.GetValue(description) ?? proposal.Description,
                Category = run.Parsed.GetValue(category) ?? proposal.Category,
                Priority = run.Parsed.GetResult(priority) is null ? proposal.Priority : run.Parsed.GetValue(priority),
            });
        });
        return command;
    }

    /// <summary>Adds what was read, or says why not. Shared with 'improve import'.</summary>
    public static Ending Take(CommandRun run, ProposalResult read, string name, Func<ImprovementProposal, ImprovementProposal> adapt)
    {
        switch (read)
        {
            case NothingProposed nothing:
                return new Ending(ExitCode.Done, nothing.Explanation);
            case ProposalRefused refused:
                run.Codebase.Improvements.RecordRefused(name, refused, run.Reviewer);
                return Endings.Of(refused);
            case Proposed proposed:
                foreach (var notice in proposed.Notices) run.Screen.Talk(notice, Style.Warn);
                foreach (var outcome in run.Codebase.Improvements.Add([.. proposed.Improvements.Select(adapt)], run.Reviewer)) Say(run, outcome);
                return Ending.Done;
            default:
                throw new InvalidOperationException($"A result without an ending: {read.GetType().Name}.");
        }
    }

    private static ProposalResult Read(CommandRun run, string name)
    {
        if (name == "-") return TaskFile.ReadAny(run.Input(), name);
        var path = Path.GetFullPath(name);
        if (!File.Exists(path)) throw new UsageException($"The file '{name}' isn't there.", "Give a patch or an improvement file, or '-' for standard input.");
        using var stream = File.OpenRead(path);
        return TaskFile.ReadAny(stream, name, new SiblingFiles(new FileSystem(), Path.GetDirectoryName(path)!));
    }

    private static void Say(CommandRun run, AddOutcome outcome)
    {
        run.Screen.Answer((outcome.Improvement.Id.ToString(), Style.Strong), ($"  {outcome.Improvement.Title}", Style.Plain));
        if (outcome is AlreadyThere) run.Screen.Talk($"{outcome.Improvement.Id} holds the very same change already; nothing was added.", Style.Warn);
        if (outcome is Added { SameAs: { } same }) run.Screen.Talk($"{same} had the very same change.", Style.Warn);
        foreach (var finding in outcome.Improvement.Steps.Select(step => step.Action).OfType<CommandAction>()
            .Select(action => CommandPermission.Check(action, run.Codebase.Configuration.Permissions.Commands)).OfType<Finding>())
            run.Screen.Talk($"{(finding.Severity == Severity.Error ? "It will be denied" : "It will be held for a person")}: {finding.Message} [{finding.Rule}]", Style.Warn);
        if (outcome is Added) run.Screen.Talk($"→ 'tarscli execute improvement --id {outcome.Improvement.Id}' executes it.", Style.Accent);
    }
}
