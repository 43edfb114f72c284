using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using TarsEngine.Processes;

namespace TarsEngine.Sandbox.Network;

/// <summary>
/// Listening sockets in another network namespace. A socket belongs for good to the namespace in which it was made, and may be
/// used from anywhere: a program of ours enters it for a moment, makes them, and hands them out.
/// </summary>
internal static class NamespaceListeners
{
    private static readonly TimeSpan time = TimeSpan.FromSeconds(30);
    private static readonly string program = Path.Combine(AppContext.BaseDirectory, "TarsListener.dll");

    /// <exception cref="SandboxUnavailableException">This host can't do it.</exception>
    public static void Require(SandboxPaths paths)
    {
        if (paths.Nsenter is null)
            throw new SandboxUnavailableException("the command may use a network, and 'nsenter', which opens it, is not installed.", "Install the package 'util-linux' (on some systems 'util-linux-core').");
        if (!File.Exists(program) || !File.Exists(Runtime()))
            throw new SandboxUnavailableException($"the command may use a network, and the program '{program}', or the .NET runtime that runs it, is missing.", "Install tarscli again.");
    }

    /// <param name="process">A process in the namespace, which nothing foreign controls yet.</param>
    public static IReadOnlyList<Socket> Open(SandboxPaths paths, int process, IReadOnlyList<int> ports)
    {
        var (ours, theirs) = Descriptors.SocketPair();
        var (network, owner) = Descriptors.NetworkNamespace(process);
        using (network)
        using (owner)
        using (ours)
        {
            ProcessResult ended;
            using (theirs)
            {
                var command = new ChildCommand(paths.Nsenter!,
                    ["--user=/proc/self/fd/5", "--net=/proc/self/fd/4", "--preserve-credentials", Runtime(), "exec", program, .. ports.Select(Text)])
                {
                    Timeout = time,
                    KeepBytes = 4096,
                    Descriptors = [theirs, network, owner],
                    // Nothing of it is to lie about in /tmp, and it has no secrets to report.
                    Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_EnableDiagnostics"] = "0", ["DOTNET_TieredPGO"] = "0" },
                };
                // We stand on the sandbox's own thread, which has nothing else to do.
                ended = ChildProcess.RunAsync(command).GetAwaiter().GetResult();
            }
            var descriptors = ended.Succeeded ? Descriptors.Receive(ours, ports.Count) : [];
            var sockets = descriptors.Select(descriptor => new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))).ToList();
            if (sockets.Count == ports.Count) return sockets;
            foreach (var socket in sockets) socket.Dispose();
            throw new SandboxUnavailableException(
                $"its network could not be opened: 'nsenter' ended with {Text(ended.ExitCode ?? ended.Signal ?? 0)}. {Files.ByteText.Display(ended.ErrorText.Trim())}",
                "Check that this user may enter the namespaces of own processes ('nsenter --user --net').");
        }
    }

    // The one that runs us.
    private static string Runtime() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
