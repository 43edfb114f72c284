using System.CommandLine;
using TarsEngine.Improvements;
using TarsEngine.Storage;

namespace TarsCli.Commands;

/// <summary>'improve remove': takes an improvement off the list.</summary>
internal static class ImproveRemoveCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var id = Options.IdArgument<ImprovementId>("improvement-id", "The improvement, such as IMP-12", ImprovementId.TryParse);
        var command = new TarsCommand("remove", "Take an improvement off the list; its id is never given again",
            ("tarscli improve remove IMP-123", "refused while it is executing, awaits review, or has landed"))
        {
            id,
        };
        command.SetWork(composition, run =>
        {
            var outcome = run.Codebase.Improvements.Remove(run.Parsed.GetValue(id), run.Reviewer);
            if (outcome is Moved moved) run.Screen.Answer($"{moved.Improvement.Id} is removed.");
            return Endings.Of(outcome);
        });
        return command;
    }
}
