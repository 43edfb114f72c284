using System.CommandLine;
using TarsCli.Output;
using TarsEngine;

namespace TarsCli;

/// <summary>What a command needs to do its work.</summary>
/// <param name="Parsed">Its arguments.</param>
/// <param name="Reviewer">Who sits at the keyboard.</param>
/// <param name="Input">Opens standard input.</param>
/// <param name="LiveInput">Standard input as a descriptor, for what runs and reads it as it comes.</param>
internal sealed record CommandRun(
    Codebase Codebase, Screen Screen, ParseResult Parsed, string Reviewer, TimeProvider Clock, Func<Stream> Input, System.Runtime.InteropServices.SafeHandle LiveInput);

/// <summary>Opens the codebase, says what opening it found, does the work, and turns however it ends into an exit code.</summary>
internal static class CommandRunner
{
    public static void SetWork(this Command command, CompositionRoot composition, Func<CommandRun, CancellationToken, Task<Ending>> work) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            using var screen = new Screen(composition.Terminal, parsed.GetValue(Options.Color));
            Ending ending;
            try
            {
                using var codebase = await composition.OpenAsync(parsed, screen, cancellation);
                foreach (var notice in codebase.Notices) screen.Talk(notice, Style.Warn);
                ending = await work(new(codebase, screen, parsed, composition.Reviewer, composition.Clock, composition.Input, composition.LiveInput), cancellation);
            }
            catch (Exception error) when (Endings.Of(error) is { } known)
            {
                ending = known;
            }
            screen.End(ending);
            return (int)ending.Code;
        });

    public static void SetWork(this Command command, CompositionRoot composition, Func<CommandRun, Ending> work) =>
        command.SetWork(composition, (run, _) => Task.FromResult(work(run)));
}
