using System.CommandLine;
using System.Globalization;
using TarsCli.Output;
using TarsEngine.Journey;

namespace TarsCli.Commands;

/// <summary>'gc': frees what only saves time.</summary>
internal static class GcCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var bytes = Options.Size("--layer-bytes", "The most bytes that layers may take (default: your configuration's 'keep.layer-bytes', or 10G)");
        var age = Options.Duration("--age", "What was not used for so long goes (default: your configuration's 'keep.age', or 14d)");
        var command = new TarsCommand("gc", "Remove layers, kept workspaces, logs and displaced files that nothing needs; never a backup",
            ("tarscli gc", "what a run does at its end, and logs and kept workspaces besides"),
            ("tarscli gc --layer-bytes 2G --age 3d", "keeps less"),
            ("tarscli gc --layer-bytes 0", "removes every layer that is not in use: the next run builds from nothing"))
        {
            bytes, age,
        };
        command.SetWork(composition, run =>
        {
            var keep = run.Codebase.Configuration.Keep;
            Say(run.Screen, run.Codebase.Collect(keep with { LayerBytes = run.Parsed.GetValue(bytes) ?? keep.LayerBytes, Age = run.Parsed.GetValue(age) ?? keep.Age }));
            return Ending.Done;
        });
        return command;
    }

    private static void Say(Screen screen, Collected collected)
    {
        var (layers, displaced) = (collected.Layers, collected.Displaced);
        screen.Answer(string.Create(CultureInfo.InvariantCulture,
            $"Removed {layers.Removed} layers ({Words.Size(layers.FreedBytes)}; {Words.Size(layers.KeptBytes)} are kept), {collected.Workspaces.Count} workspaces, {collected.Logs} logs, {displaced.Removed} displaced files."));
        foreach (var kept in displaced.Kept) screen.Answer($"Kept '{kept.KeptAt}' (it was '{kept.Path}'): {kept.Reason}.");
    }
}
