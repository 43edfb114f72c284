using TarsEngine.Processes;

namespace TarsEngine.Sandbox.Layers;

/// <summary>
/// An overlay that one command sees as its codebase. It is mounted in a mount namespace of that command's own, so that nothing stays
/// mounted when the command ends, however it ends.
/// </summary>
/// <param name="StateFolder">All names below are relative to it: then no character of the codebase's own path gets into mount options.</param>
/// <param name="Lower">Only read; the topmost first.</param>
/// <param name="Upper">Takes what the command writes.</param>
/// <param name="Work">Empty, or of an earlier mount of the same <paramref name="Upper"/>.</param>
/// <param name="Target">Where it is mounted.</param>
internal sealed record OverlayMount(OverlayKind Kind, string StateFolder, IReadOnlyList<string> Lower, string Upper, string Work, string Target)
{
    private const string Script =
        """cd -- "$1" || exit; mount -n -i -t overlay tars -o "$2" "$3" || exit; shift 3; cd / || exit; exec "$@" """;

    /// <summary>What mounts it for an ordinary user: only a process with one thread can enter a user namespace.</summary>
    public const string Unshare = "/usr/bin/unshare";

    /// <summary>The same command, which sees it mounted.</summary>
    public ChildCommand ShownTo(ChildCommand command) => Kind == OverlayKind.Root
        ? command with { PrivateMounts = [.. command.PrivateMounts, () => MountNamespace.MountOverlay(StateFolder, Options, Target)] }
        // Propagation is private by default: nothing that happens in there shows outside.
        : command with { Program = Unshare, Arguments = ["--user", "--map-root-user", "--mount", "--", "/bin/sh", "-c", Script, "sh", StateFolder, Options, Target, command.Program, .. command.Arguments] };

    private string Options =>
        $"{(Kind == OverlayKind.Root ? "redirect_dir=on,metacopy=off,index=off" : "userxattr")},lowerdir={string.Join(':', Lower)},upperdir={Upper},workdir={Work}";
}
