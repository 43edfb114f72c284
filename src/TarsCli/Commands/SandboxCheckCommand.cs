using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Layers;

namespace TarsCli.Commands;

/// <summary>'sandbox check': what this host enforces, which toolchains are there, and how to get what is missing.</summary>
internal static class SandboxCheckCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var format = Options.Format();
        var check = new TarsCommand("check", "Check what this host lets the sandbox enforce; tries to get out of it",
            ("tarscli sandbox check", "ends with 0 when it holds, with 6 and the remedy when it can't be enforced"),
            ("tarscli sandbox check --format json", "the same for programs"))
        {
            format,
        };
        check.SetWork(composition, async (run, _) =>
        {
            var status = await run.Codebase.Sandbox.CheckAsync();
            if (run.Parsed.GetValue(format) == OutputFormat.Json) run.Screen.AnswerRaw(SandboxDocument.Of(status, run.Codebase.LayerSupport).ToJson());
            else if (status.Available) Say(run.Screen, status, run.Codebase.LayerSupport);
            return status.Available ? Ending.Done : Endings.SandboxUnavailable(status.Reason ?? "it can't be set up.", status.Remedy ?? "");
        });
        return check;
    }

    private static void Say(Screen screen, SandboxStatus status, OverlaySupport layers)
    {
        screen.Answer(("The sandbox holds", Style.Good), ($": {status.Backend}", Style.Plain));
        foreach (var protection in status.Protections) screen.Answer(("  + ", Style.Good), (protection, Style.Plain));
        foreach (var gap in status.Gaps) screen.Answer(("  - ", Style.Warn), (gap, Style.Plain));
        screen.Answer(layers.Kind == OverlayKind.None ? ("  - ", Style.Warn) : ("  + ", Style.Good), ($"workspaces are {layers}", Style.Plain));
        screen.Answer("Tools inside", Style.Strong);
        foreach (var tool in status.Tools.Where(tool => tool.Path is not null)) screen.Answer(("  + ", Style.Good), ($"{tool.Name}: {tool.Path}", Style.Plain));
        foreach (var tool in status.Tools.Where(tool => tool.Path is null)) screen.Answer(("  - ", Style.Dim), ($"{tool.Name} is missing; to get it: {tool.Remedy}", Style.Dim));
        if (status.Toolchains.Count > 0) screen.Answer("Toolchains outside /usr, read-only inside", Style.Strong);
        foreach (var one in status.Toolchains) screen.Answer(($"  {one.Name}", Style.Plain), ($"  {one.Folder}", Style.Dim));
        foreach (var folder in status.FoldersLeftOut) screen.Answer(($"  {folder} is on your PATH and not shown inside: it is no toolchain that is known", Style.Dim));
    }
}
