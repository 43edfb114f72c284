using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Improvements;
using TarsEngine.Storage;

namespace TarsCli.Commands;

/// <summary>'improve show': one improvement with its steps.</summary>
internal static class ImproveShowCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var id = Options.IdArgument<ImprovementId>("improvement-id", "The improvement, such as IMP-12", ImprovementId.TryParse);
        var format = Options.Format();
        var command = new TarsCommand("show", "Show one improvement with its steps",
            ("tarscli improve show IMP-123", "what it is for, where it came from, what it does"))
        {
            id, format,
        };
        command.SetWork(composition, run =>
        {
            var wanted = run.Parsed.GetValue(id);
            if (run.Codebase.Improvements.Get(wanted) is not { } one) return Endings.ImprovementNotFound(wanted);
            if (run.Parsed.GetValue(format) == OutputFormat.Json)
            {
                run.Screen.AnswerRaw(new ImprovementsDocument([ImprovementItem.Of(one)]).ToJson());
                return Ending.Done;
            }
            Write(run.Screen, one);
            return Ending.Done;
        });
        return command;
    }

    private static void Write(Screen screen, Improvement one)
    {
        screen.Answer((one.Id.ToString(), Style.Strong), ("  ", Style.Plain), (Words.Text(one.State), Words.StyleOf(one.State)), ($"  {one.Title}", Style.Plain));
        screen.Answer(($"  {Words.Text(one.Priority)} priority · {(one.Category.Length > 0 ? one.Category : "no category")} · from {one.Source} · added {Words.Time(one.Added)}", Style.Dim));
        if (one.BaseCommit is not null) screen.Answer(($"  made on commit {one.BaseCommit}", Style.Dim));
        if (one.Description.Length > 0) screen.Answer("\n" + one.Description.TrimEnd() + "\n");
        screen.Answer("Steps", Style.Strong);
        foreach (var step in one.Steps)
        {
            screen.Answer(($"  {step.Id}", Style.Accent), ($"  {StepText.Of(step.Action)}", Style.Plain),
                (step.DependsOn.Count > 0 ? $"  after {string.Join(", ", step.DependsOn)}" : "", Style.Dim),
                (step.Transaction == StepDefinition.DefaultTransaction ? "" : $"  in transaction {step.Transaction}", Style.Dim));
        }
    }
}
