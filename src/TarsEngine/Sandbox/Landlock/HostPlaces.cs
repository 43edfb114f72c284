using System.Text.RegularExpressions;

namespace TarsEngine.Sandbox.Landlock;

/// <summary>
/// Where on the host the fixed places of a sandbox lie. Without a mount namespace nothing can be shown at another path, so arguments and
/// variables that name such a place are given the host's name of it.
/// </summary>
internal sealed class HostPlaces
{
    private readonly List<(Regex Inside, string Host)> places = [];

    /// <param name="temporary">A folder that is the command's own.</param>
    public HostPlaces(SandboxPaths paths, Workspace workspace, IEnumerable<SandboxBind> binds, string temporary)
    {
        Add("/tmp/home", temporary);
        Add(SandboxLayout.Codebase, workspace.Folder);
        Add(SandboxLayout.Packages, paths.PackageFolder);
        foreach (var (folder, inside) in ShownFiles.Fetched(paths)) Add(inside, folder);
        foreach (var bind in binds) Add(bind.InsidePath, bind.HostFolder);
    }

    public string In(string text) => places.Aggregate(text, (now, place) => place.Inside.Replace(now, place.Host.Replace("$", "$$", StringComparison.Ordinal)));

    // Only as a whole name: not '/results' of '/my/results' or of '/results-old'.
    private void Add(string inside, string host) =>
        places.Add((new($@"(?<![\w./-]){Regex.Escape(inside)}(?![\w.-])", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)), host));
}
