using System.Globalization;
using System.Runtime.InteropServices;
using TarsEngine.Files;

namespace TarsEngine.Processes;

/// <summary>Starts a program by posix_spawn: own session, all signals at their defaults, exactly the descriptors it is given.</summary>
internal static unsafe class Spawner
{
    // The C library's structures have 80 and 336 bytes; this leaves room for others.
    private const int OpaqueSize = 1024;

    /// <param name="command">What to start.</param>
    /// <param name="descriptors">What the child finds as 0, 1, 2, …; each numbered above that range.</param>
    /// <exception cref="ProcessStartException">It did not start.</exception>
    public static int Start(ChildCommand command, IReadOnlyList<int> descriptors)
    {
        if (!command.Program.StartsWith('/')) throw new ArgumentException($"'{command.Program}' is not an absolute path.", nameof(command));
        using var texts = new NativeTexts();
        var arguments = texts.List([command.Program, .. command.Arguments]);
        var environment = texts.List([.. command.Environment.Select(pair => pair.Key + "=" + pair.Value)]);
        var actions = texts.Allocate(OpaqueSize);
        var attributes = texts.Allocate(OpaqueSize);
        var signals = texts.Allocate(OpaqueSize);
        Must(Posix.ActionsInit(actions));
        Must(Posix.AttributesInit(attributes));
        try
        {
            _ = Posix.SigFillSet(signals);
            Must(Posix.AttributesSetSigDefault(attributes, signals));
            _ = Posix.SigEmptySet(signals);
            Must(Posix.AttributesSetSigMask(attributes, signals));
            Must(Posix.AttributesSetFlags(attributes, Posix.SpawnSetSigDef | Posix.SpawnSetSigMask | Posix.SpawnSetSid));
            Must(Posix.ActionsChangeFolder(actions, texts.Text(command.Folder)));
            for (var i = 0; i < descriptors.Count; i++) Must(Posix.ActionsDup2(actions, descriptors[i], i));
            CloseOthers(actions, descriptors.Count);
            int process;
            var errno = Posix.Spawn(&process, texts.Text(command.Program), actions, attributes, arguments, environment);
            return errno == 0 ? process : throw new ProcessStartException(command.Program, command.Folder, errno);
        }
        finally
        {
            _ = Posix.ActionsDestroy(actions);
            _ = Posix.AttributesDestroy(attributes);
        }
    }

    /// <summary>Whoever started us may have left descriptors open without close-on-exec: they end here.</summary>
    private static void CloseOthers(byte* actions, int first)
    {
        try
        {
            Must(Posix.ActionsCloseFrom(actions, first));
        }
        catch (EntryPointNotFoundException)
        {
            // glibc before 2.34, musl: close one by one what is open now.
            foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
            {
                if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor >= first)
                    Must(Posix.ActionsClose(actions, descriptor));
            }
        }
    }

    private static void Must(int errno)
    {
        if (errno != 0) throw Posix.Failure("posix_spawn's preparation", errno);
    }

    /// <summary>Zero-terminated texts and lists of them, freed together.</summary>
    private sealed class NativeTexts : IDisposable
    {
        private readonly List<nint> blocks = [];

        public byte* Allocate(int size)
        {
            var block = (byte*)NativeMemory.AllocZeroed((nuint)size);
            blocks.Add((nint)block);
            return block;
        }

        public byte* Text(string text)
        {
            if (text.Contains('\0')) throw new ArgumentException($"'{ByteText.Display(text)}' holds a NUL character: no program can be given that.", nameof(text));
            var bytes = ByteText.Encode(text);
            var block = Allocate(bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(block, bytes.Length));
            return block;
        }

        public byte** List(IReadOnlyList<string> texts)
        {
            var list = (byte**)Allocate((texts.Count + 1) * sizeof(byte*));
            for (var i = 0; i < texts.Count; i++) list[i] = Text(texts[i]);
            return list;
        }

        public void Dispose()
        {
            foreach (var block in blocks) NativeMemory.Free((void*)block);
        }
    }
}
