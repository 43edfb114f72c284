using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Sandbox;

namespace TarsCli.Commands;

/// <summary>'sandbox': what holds changes in while they are built and tested.</summary>
internal static class SandboxParentCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var check = new TarsCommand("check", "Check what this host lets the sandbox enforce; tries to get out of it",
            ("tarscli sandbox check", "ends with 0 when it holds, with 6 and the remedy when it can't be enforced"));
        check.SetWork(composition, async (run, _) => Say(run.Screen, await run.Codebase.Sandbox.CheckAsync()));
        return new TarsCommand("sandbox", "The sandbox in which changes are built and tested",
            ("tarscli sandbox check", "shows what it enforces here"))
        {
            check,
        };
    }

    private static Ending Say(Screen screen, SandboxStatus status)
    {
        if (!status.Available) return Endings.SandboxUnavailable(status.Reason ?? "it can't be set up.", status.Remedy ?? "");
        screen.Answer(("The sandbox holds", Style.Good), ($": {status.Backend}", Style.Plain));
        foreach (var protection in status.Protections) screen.Answer(("  + ", Style.Good), (protection, Style.Plain));
        foreach (var gap in status.Gaps) screen.Answer(("  - ", Style.Warn), (gap, Style.Plain));
        return Ending.Done;
    }
}
