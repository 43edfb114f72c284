using System.CommandLine;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using TarsCli.Output;
using TarsEngine.Changes;
using TarsEngine.Documents;
using TarsEngine.Improvements;
using TarsEngine.Journey;
using TarsEngine.Sandbox;

namespace TarsCli.Commands;

/// <summary>'sandbox run': one command of the user's in the sandbox, on a copy of the codebase.</summary>
internal static class SandboxRunCommand
{
    /// <summary>As timeout(1) ends: the command's own code, were it 0, would hide that its time was up.</summary>
    private const int TimeIsUp = 124;
    private const int FirstSignal = 128, BrokenPipe = 13, ShownFiles = 10;

    public static Command Create(CompositionRoot composition)
    {
        var arguments = new Argument<string[]>("command") { Description = "The program and its arguments, behind '--'", Arity = ArgumentArity.OneOrMore };
        var limits = new SandboxRunOptions();
        var patch = new Option<string>("--patch") { Description = "Write what it changed to a file, as a git patch", HelpName = "file" };
        var add = Options.Switch("--add", "Put what it changed on the list of improvements");
        var keep = Options.Switch("--keep", "Leave the copy for a look, and say where it is");
        var quiet = Options.Switch("--quiet", "Say nothing of what it changed");
        var command = new TarsCommand("run", "Run a command in the sandbox, on a copy of the codebase; the codebase itself is never written",
            ("tarscli sandbox run -- dotnet test", "ends with the command's own exit code (128+n: signal n, 124: its time was up)"),
            ("tarscli sandbox run --patch fix.patch -- npx eslint --fix .", "writes what it changed as a patch"),
            ("tarscli sandbox run --add -- dotnet format", "puts what it changed on the list of improvements"),
            ("tarscli sandbox run --memory 2G --timeout 5m --writable ~/out -- ./build.sh", "with less memory and time, and a folder to write in"))
        {
            arguments, patch, add, keep, quiet,
        };
        limits.AddTo(command);
        command.SetWork(composition, async (run, cancellation) =>
        {
            var wanted = limits.Read(run.Parsed, run.Codebase, composition.Variable) with { Arguments = run.Parsed.GetRequiredValue(arguments), WorkingFolder = run.Codebase.StartFolder };
            using var input = new SafeFileHandle(0, ownsHandle: false);
            using var output = new PassedOn(CompositionRoot.Raw(1), composition.Terminal.OutputIsTerminal, cancellation);
            using var error = new PassedOn(CompositionRoot.Raw(2), composition.Terminal.ErrorIsTerminal, cancellation);
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(output.Gone, error.Gone);
            SandboxTrialResult result;
            try
            {
                result = await run.Codebase.Trial.RunAsync(wanted with { LiveInput = input }, output.Write, error.Write, run.Parsed.GetValue(keep), gone.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Nobody reads what it says any more: 'tarscli sandbox run -- yes | head -1'.
                return new Ending((ExitCode)(FirstSignal + BrokenPipe));
            }
            var isQuiet = run.Parsed.GetValue(quiet);
            if (!isQuiet) SayChanges(run.Screen, result, run.Parsed.GetValue(patch) is null && !run.Parsed.GetValue(add));
            if (result.KeptIn is { } folder) run.Screen.Talk($"The copy is kept in '{folder}'; remove it when you are done.");
            if (run.Parsed.GetValue(patch) is { } file) await File.WriteAllBytesAsync(file, await run.Codebase.Trial.ToPatchAsync(result.Changes, cancellation), cancellation);
            if (run.Parsed.GetValue(add)) await AddAsync(run, wanted, result, cancellation);
            return EndingOf(result.Run, wanted.Limits, wanted.Timeout);
        });
        return command;
    }

    private static void SayChanges(Screen screen, SandboxTrialResult result, bool tellsHow)
    {
        foreach (var finding in result.Findings) screen.Talk(finding.Message, Style.Warn);
        if (result.Changes.IsEmpty) return;
        screen.Talk(string.Create(CultureInfo.InvariantCulture,
            $"It changed {result.Changes.Count} {(result.Changes.Count == 1 ? "file" : "files")} in its copy; the codebase is untouched:"), Style.Dim);
        foreach (var change in result.Changes.Take(ShownFiles)) screen.Talk($"  {Letter(change.Kind)} {change.Path}", Style.Dim);
        if (result.Changes.Count > ShownFiles) screen.Talk(string.Create(CultureInfo.InvariantCulture, $"  and {result.Changes.Count - ShownFiles} more"), Style.Dim);
        if (tellsHow) screen.Talk("→ --patch FILE writes such a change as a patch, --add puts it on the list of improvements.", Style.Accent);
    }

    private static char Letter(ChangeKind kind) => kind switch
    {
        ChangeKind.Create => 'A',
        ChangeKind.Delete => 'D',
        _ => 'M',
    };

    private static async Task AddAsync(CommandRun run, SandboxCommand command, SandboxTrialResult result, CancellationToken cancellation)
    {
        if (result.Changes.IsEmpty)
        {
            run.Screen.Talk("It changed nothing, so nothing was added.");
            return;
        }
        using var text = new MemoryStream(await run.Codebase.Trial.ToPatchAsync(result.Changes, cancellation));
        var title = $"What '{command}' changes";
        run.Screen.End(ImproveAddCommand.Take(run, ImprovementSource.Read(text, "sandbox.patch"), "sandbox.patch", proposal => proposal with { Title = title }));
    }

    private static Ending EndingOf(SandboxResult result, SandboxLimits limits, TimeSpan timeout)
    {
        var code = (ExitCode)(result.LimitReached == SandboxLimit.Time ? TimeIsUp : result.ExitCode ?? FirstSignal + result.Signal!.Value);
        return result.LimitReached switch
        {
            SandboxLimit.Time => Ended($"its time of {Durations.Format(timeout)} was up", "--timeout"),
            SandboxLimit.Memory => Ended($"it needed more memory than {Sizes.Format(limits.MemoryBytes)}", "--memory"),
            SandboxLimit.Disk => Ended($"it wrote more than {Sizes.Format(limits.WorkspaceBytes)}, or too many files", "--disk"),
            SandboxLimit.FileSize => Ended($"a file of it grew beyond {Sizes.Format(limits.FileBytes)}", "--disk"),
            SandboxLimit.Temporary => Ended($"its /tmp of {Sizes.Format(limits.TemporaryBytes)} was full", "--tmp"),
            SandboxLimit.Processes when result.ExitCode != 0 => Ended(string.Create(CultureInfo.InvariantCulture, $"it ran into the limit of {limits.Processes} processes and threads"), "--processes"),
            _ => new(code),
        };

        Ending Ended(string why, string option) => new(code, $"tarscli: the command ended, since {why}.") { Hints = [$"{option} changes the limit."] };
    }
}
