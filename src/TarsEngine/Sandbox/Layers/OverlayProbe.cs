using TarsEngine.Files;
using TarsEngine.Processes;

namespace TarsEngine.Sandbox.Layers;

/// <summary>What a trial mount in the state folder showed.</summary>
/// <param name="Why">For people: why not, where layers can't be mounted.</param>
public sealed record OverlaySupport(OverlayKind Kind, string Why)
{
    public override string ToString() => Kind switch
    {
        OverlayKind.Root => "layers (overlayfs, mounted as root)",
        OverlayKind.User => "layers (overlayfs, mounted in a user namespace)",
        _ => $"copies of the codebase, slower, and what was built is not kept, because layers can't be mounted: {Why}",
    };
}

/// <summary>Tries whether layers can be mounted where the state lies, with everything that a workspace needs of them.</summary>
internal static class OverlayProbe
{
    private const int OwnerOnly = 0b111_000_000;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    // Changing, deleting and replacing what lies below, and reading back the marks of it on the host's side.
    private const string Trial =
        """cd -- "$1" && echo new > m/made && echo more >> m/l/kept && rm -r m/l/gone && mv m/l/kept m/moved && [ ! -e m/l/gone ] && [ -c u/l/gone ] && [ -c u/l/kept ] && [ -f u/moved ] && echo works""";

    public static OverlaySupport Run(string stateFolder, string layersName, FileSystem files)
    {
        OverlayKind[] kinds = Environment.IsPrivilegedProcess ? [OverlayKind.Root, OverlayKind.User] : [OverlayKind.User];
        var why = "";
        foreach (var kind in kinds)
        {
            if (kind == OverlayKind.User && !File.Exists(OverlayMount.Unshare)) return new(OverlayKind.None, $"{OverlayMount.Unshare} is missing (the package util-linux has it)");
            var said = Try(kind, stateFolder, layersName, files);
            if (said == "works") return new(kind, "");
            if (why.Length == 0) why = said.Length == 0 ? "the trial mount said nothing" : said;
        }
        return new(OverlayKind.None, why);
    }

    private static string Try(OverlayKind kind, string stateFolder, string layersName, FileSystem files)
    {
        var name = "probe-" + Guid.NewGuid().ToString("n");
        var at = $"{layersName}/{name}";
        using var layers = files.OpenRoot(Path.Combine(stateFolder, layersName));
        try
        {
            files.CreateDirectory(layers, name, OwnerOnly);
            foreach (var folder in (string[])["m", "b", "u", "w"]) Directory.CreateDirectory(Path.Combine(stateFolder, at, folder));
            var below = Directory.CreateDirectory(Path.Combine(stateFolder, at, "b", "l"));
            below.CreateSubdirectory("gone");
            File.WriteAllText(Path.Combine(below.FullName, "kept"), "kept\n");
            var mount = new OverlayMount(kind, stateFolder, [at + "/b"], at + "/u", at + "/w", at + "/m");
            var command = new ChildCommand("/bin/sh", ["-c", Trial, "sh", Path.Combine(stateFolder, at)]) { Timeout = patience };
            var result = ChildProcess.RunAsync(mount.ShownTo(command)).GetAwaiter().GetResult();
            return result.Succeeded ? result.OutputText.Trim() : ByteText.Display(result.ErrorText.Trim());
        }
        catch (MountException failure)
        {
            return failure.Reason;
        }
        finally
        {
            files.RemoveTree(layers, name);
        }
    }
}
