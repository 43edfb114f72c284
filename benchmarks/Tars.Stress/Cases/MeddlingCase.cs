using System.Globalization;
using Tars.Stress.Meddling;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>Before every call of a landing or a rollback, another program does something to the same files.</summary>
internal sealed class MeddlingCase : StressCase
{
    private static readonly (string Name, Func<Deed, string, int, Meddler> Make)[] kinds =
    [
        ("a save", (deed, folder, point) => new Saver(deed, folder, point)),
        ("a save, and a death", (deed, folder, point) => new DyingSaver(deed, folder, point)),
        ("a file beside", (deed, folder, point) => new Bystander(deed, folder, point)),
        ("a folder swapped for a symlink", (deed, folder, point) => new Swapper(deed, folder, point)),
        ("a symlink to a secret", (deed, folder, point) => new Linker(deed, folder, point)),
        ("another recovery", (deed, folder, point) => new Recoverer(deed, folder, point)),
        ("another landing", (deed, folder, point) => new Lander(deed, folder, point)),
        ("a commit discarded by another", (deed, folder, point) => new Discarder(deed, folder, point)),
    ];

    public override string Name => "meddle";

    public override string What => "before every call another program saves, swaps a folder for a symlink, lands or recovers itself";

    public override Task RunAsync(StressRun run)
    {
        foreach (var deed in run.Deeds.Where(name => name is not ("many" or "empty")).TakeWhile(_ => !run.IsOver).Select(name => Deed.Make(name, Path.Combine(run.Folder, name))))
        {
            foreach (var (kind, make) in kinds)
            {
                var points = Meddle(run, deed, kind, make);
                run.Note(string.Create(CultureInfo.InvariantCulture, $"{deed.Name}, {kind}: {points} points"));
            }
        }
        return Task.CompletedTask;
    }

    private static int Meddle(StressRun run, Deed deed, string kind, Func<Deed, string, int, Meddler> make)
    {
        var tried = 0;
        for (var point = 0; !run.IsOver; point++)
        {
            var meddler = make(deed, Deed.Copy(deed.Template, Path.Combine(run.Folder, "try")), point);
            var problem = meddler.Run();
            // Where there was nothing to meddle with, nothing was tried.
            if (meddler.HasActed || problem is not null) run.Tried($"{deed.Name}, {kind} at {point} (before {meddler.Where})", problem);
            if (meddler.CameTooLate) return tried;
            if (meddler.HasActed) tried++;
        }
        return tried;
    }
}
