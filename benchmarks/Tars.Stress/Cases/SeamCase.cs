using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>Every deed once under strace: what the kernel saw is what the seam says. And once with a write that goes around it.</summary>
internal sealed class SeamCase : StressCase
{
    public override string Name => "seam";

    public override string What => "no system call goes around the seam on which all other cases stand (needs strace)";

    public override Task RunAsync(StressRun run) => run.EachAsync(Deed.Names, (name, place) =>
    {
        var deed = Deed.Make(name, place);
        var (calls, problem) = SeamCheck.Compare(deed);
        run.Tried(name, problem);
        run.Tried($"{name}, every second write interrupted", SeamCheck.Compare(deed, isInterrupted: true).Problem);
        run.Tried($"{name}, with a write that goes around it", SeamCheck.Compare(deed, goesAround: true).Problem is { } found && found.Contains("around.txt", StringComparison.Ordinal) ? null : "it was not seen");
        run.Note(string.Create(CultureInfo.InvariantCulture, $"{name}: {calls} calls"));
    });
}
