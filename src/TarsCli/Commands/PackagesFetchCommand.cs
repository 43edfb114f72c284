using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Validation.Packages;

namespace TarsCli.Commands;

/// <summary>'packages fetch': the one step that has a network, and only to the registry.</summary>
internal static class PackagesFetchCommand
{
    private const int ShownLines = 12;

    public static Command Create(CompositionRoot composition)
    {
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Don't show what the restores say" };
        var command = new TarsCommand("fetch", "Fetch the packages that this codebase needs: restored in the sandbox with the registry as its only host, checked by hash, kept read-only",
            ("tarscli packages fetch", "NuGet packages of its projects, and npm packages of every package-lock.json"),
            ("tarscli packages fetch --config mirror.yaml", "from the registries that 'dependencies: sources:' names there"))
        {
            quiet,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var isQuiet = run.Parsed.GetValue(quiet);
            var outcome = await run.Codebase.Packages.FetchAsync(line =>
            {
                if (!isQuiet) run.Screen.Talk(line.Text, Style.Dim);
            }, cancellation);
            return Say(run.Screen, outcome);
        });
        return command;
    }

    private static Ending Say(Screen screen, FetchOutcome outcome)
    {
        switch (outcome)
        {
            case FetchOutcome.NothingToFetch:
                screen.Answer("Nothing to fetch: there is no .NET project and no package-lock.json.");
                return Ending.Done;
            case FetchOutcome.Fetched { Added: [] }:
                screen.Answer("Every package is there already.");
                return Ending.Done;
            case FetchOutcome.Fetched fetched:
                foreach (var name in fetched.Added) screen.Answer($"  {name}");
                screen.Answer(fetched.Added.Count == 1 ? "Fetched and checked 1 package." : $"Fetched and checked {fetched.Added.Count} packages.");
                return Ending.Done;
            case FetchOutcome.RestoreFailed failed:
                return new(ExitCode.Failed, $"Fetching packages failed: '{failed.What}' ended with {failed.Result.Ending}. Nothing was kept.")
                {
                    Details = [.. failed.Refused, .. failed.Result.Tail.TakeLast(ShownLines).Select(line => line.Text)],
                    Hints = [$"The whole output is in '{failed.Result.LogFile}'. Which hosts may be spoken to: docs/network.md."],
                };
            case FetchOutcome.RegistryRefused refused:
                return new(ExitCode.Denied, $"The registry that '{refused.What}' needs may not be spoken to. Nothing was kept.") { Details = refused.Reasons, Hints = ["Which hosts may be spoken to: docs/network.md."] };
            case FetchOutcome.CheckFailed wrong:
                return new(ExitCode.Failed, "Checking packages failed: what was fetched, or a lock file, does not hold. Nothing was kept.")
                {
                    Details = wrong.Problems,
                    Hints = ["Mend what the lines name, then run the command again."],
                };
            default:
                throw new InvalidOperationException(outcome.ToString());
        }
    }
}
