using System.CommandLine;
using System.Globalization;
using TarsCli.Output;
using TarsEngine;
using TarsEngine.Planning;
using TarsEngine.Review;
using TarsEngine.Validation;

namespace TarsCli.Commands;

/// <summary>'validate': the verdict on a diff, without an improvement and without an execution.</summary>
internal static class ValidateCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var patch = new Argument<string?>("patch") { Description = "A git patch; '-' reads standard input (default: the working tree beside the last commit)", Arity = ArgumentArity.ZeroOrOne };
        var staged = Options.Switch("--staged", "What is staged for the next commit, as a commit hook sees it");
        var depth = Options.Choice("--depth", "How far to go; each includes those before it", ValidationDepth.Tests);
        var format = Options.FindingsFormat();
        var command = new TarsCommand("validate", "Give the verdict on a change without executing it: exit code 0 pass, 1 fail, 5 denied, 8 hold",
            ("tarscli validate", "the working tree beside the last commit, built and tested in the sandbox"),
            ("tarscli validate --staged --depth quality", "for .git/hooks/pre-commit: fast, nothing is built"),
            ("git diff --binary main... | tarscli validate -", "any patch that fits the codebase or its last commit"),
            ("tarscli validate --format sarif > tars.sarif", "the findings for a code host or an editor"))
        {
            patch, staged, depth, format,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            if (run.Parsed.GetValue(staged) && run.Parsed.GetValue(patch) is not null)
                throw new UsageException("--staged and a patch exclude each other.", "Choose one.");
            if (run.Parsed.GetValue(patch) is null && !run.Codebase.HasGit)
                throw new UsageException($"'{run.Codebase.Root}' has no git repository, so there is no commit to compare with.", "Give a patch: 'tarscli validate change.patch'.");
            var (far, name) = (run.Parsed.GetValue(depth), run.Parsed.GetValue(patch));
            void Tell(ExecutionEvent happened) => Say(run.Screen, happened);
            var answer = run.Parsed.GetValue(staged) ? await run.Codebase.Diffs.StagedAsync(IndexFile(composition), far, Tell, cancellation)
                : name is null ? await run.Codebase.Diffs.WorkingTreeAsync(far, Tell, cancellation)
                : await run.Codebase.Diffs.PatchAsync(await PolicyCheckCommand.ReadAsync(run, name, cancellation), far, Tell, cancellation);
            return Give(run, answer, far, run.Parsed.GetValue(format));
        });
        return command;
    }

    // Git gives it to hooks relative to where they start: 'git commit file' stages into an index of its own.
    private static string? IndexFile(CompositionRoot composition) => composition.Variable("GIT_INDEX_FILE") is { } file ? Path.GetFullPath(file) : null;

    private static Ending Give(CommandRun run, DiffAnswer answer, ValidationDepth depth, ReportFormat format)
    {
        switch (answer)
        {
            case DiffJudged judged:
                if (format == ReportFormat.Json) run.Screen.AnswerRaw(VerdictDocument.Of(judged, depth).ToJson());
                else if (format == ReportFormat.Sarif) run.Screen.AnswerRaw(SarifLog.Write(judged.Verdict.Findings, run.Codebase.Root, CompositionRoot.Version));
                else Show(run.Screen, judged);
                return EndingOf(judged);
            case DiffEmpty empty:
                if (format == ReportFormat.Json) run.Screen.AnswerRaw(VerdictDocument.Empty(depth).ToJson());
                else if (format == ReportFormat.Sarif) run.Screen.AnswerRaw(SarifLog.Write([], run.Codebase.Root, CompositionRoot.Version));
                return new(ExitCode.Done, empty.Explanation);
            case DiffUnreadable { IsDenied: true } denied:
                return new(ExitCode.Denied, "Denied by policy: no change may do this.") { Details = denied.Problems };
            case DiffUnreadable unreadable:
                return new(ExitCode.Usage, "The patch can't be read.") { Details = unreadable.Problems, Hints = ["Make it with 'git diff --binary'."] };
            case DiffMisfits misfits:
                return new(ExitCode.Conflict, "The patch fits neither the codebase as it is now nor its last commit.") { Details = Endings.Lines(misfits.Findings), Hints = ["Make it anew with 'git diff --binary'."] };
            default:
                throw new InvalidOperationException($"An answer without an ending: {answer.GetType().Name}.");
        }
    }

    private static void Show(Screen screen, DiffJudged judged)
    {
        var verdict = judged.Verdict;
        foreach (var finding in verdict.Findings.Select(ReportFindings.Of)) FindingText.Write(screen, finding);
        var parts = new List<string> { $"{judged.Changes.Count} {(judged.Changes.Count == 1 ? "file" : "files")}" };
        if (verdict.Tests is { } tests) parts.Add($"tests: {tests}{(verdict.Baseline is { } before ? $" (before: {before})" : "")}");
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{verdict.Duration.TotalSeconds:0.0} s"));
        screen.Answer((Words.Id(verdict.Outcome), Words.StyleOf(verdict.Outcome)), ($"  {string.Join(" · ", parts)}", Style.Plain));
    }

    private static Ending EndingOf(DiffJudged judged) => judged switch
    {
        { IsDenied: true } => new(ExitCode.Denied, "Denied by policy.") { Hints = ["Only your own configuration can loosen policy: see docs/configuration.md."] },
        { Verdict.Outcome: VerdictOutcome.Fail } => new(ExitCode.Failed, "Validation failed."),
        { Verdict.Outcome: VerdictOutcome.Hold } => new(ExitCode.Held, "Held for a person: look at what is marked 'hold'."),
        _ => Ending.Done,
    };

    // Parsing is done before it could be read; builds and tests take their time.
    private static void Say(Screen screen, ExecutionEvent happened)
    {
        if (happened is StageStarted { Stage: not ("syntax" or "quality") } or LogWritten { Level: >= LogLevel.Info } or TestFiguresReported) screen.Talk(EventText.Of(happened).Text, Style.Dim);
    }
}
