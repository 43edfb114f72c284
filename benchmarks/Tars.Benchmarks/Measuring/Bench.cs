using System.Collections;
using System.Diagnostics;
using System.Text;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Storage;

namespace Tars.Benchmarks.Measuring;

/// <summary>What a case works with: a folder of its own, and in it a codebase with state and a real sandbox. All of it goes afterwards.</summary>
/// <param name="options">What was asked for on the command line.</param>
internal sealed class Bench(BenchOptions options) : IDisposable
{
    private DirectoryHandle? root;
    private SafeExecutionEnvironment? sandbox;
    private ObjectStore? objects;
    private StateFolder? state;
    private readonly List<Action> atEnd = [];
    private int counter;

    /// <summary>Of the process that runs the benchmarks.</summary>
    public static IReadOnlyDictionary<string, string> HostEnvironment { get; } =
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);

    public BenchOptions Options => options;

    public string Folder { get; } = Directory.CreateTempSubdirectory("tars-bench-").FullName;

    public FileSystem Files { get; } = new();

    public string Codebase => Directory.CreateDirectory(Path.Combine(Folder, "codebase")).FullName;

    public StateFolder State => state ??= StateFolder.Create(Codebase, null, Files);

    public ObjectStore Objects => objects ??= new(State, Files);

    public TreeContent Content => new(Files, root ??= Files.OpenRoot(Codebase), Objects);

    public SandboxPaths Paths => SandboxPaths.Discover(HostEnvironment, State.Root);

    /// <summary>Its self-test runs at the first command: warm up.</summary>
    public SafeExecutionEnvironment Sandbox => sandbox ??= new(Paths);

    /// <summary>A workspace with these files.</summary>
    public Workspace CreateWorkspace(params (string Path, string Text)[] files) =>
        new WorkspaceFactory(State, Files, TimeProvider.System).Create(
            new TreeSnapshot(files.Select(file => KeyValuePair.Create(RepositoryPath.Parse(file.Path), StateOf(file.Text)))),
            Content, $"bench-{Interlocked.Increment(ref counter)}");

    public static SandboxCommand Command(params IReadOnlyList<string> arguments) =>
        new(arguments, "", TimeSpan.FromMinutes(5), new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>A program on the host, for baselines; its output is dropped.</summary>
    public static async Task RunOnHostAsync(IReadOnlyList<string> arguments, string? folder = null, CancellationToken cancellation = default)
    {
        // Into a file: a pipe would stay open for as long as a build server lives that the command leaves behind.
        var output = Path.GetTempFileName();
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "out=$0; exec \"$@\" >\"$out\" 2>&1 </dev/null", output, .. arguments]) { UseShellExecute = false, WorkingDirectory = folder ?? "" })!;
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0) throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}: {await File.ReadAllTextAsync(output, cancellation)}");
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>Has something done when the case is over, before its folder goes.</summary>
    public void AtEnd(Action action) => atEnd.Add(action);

    public void Dispose()
    {
        foreach (var action in atEnd) action();
        root?.Dispose();
        using var remove = Process.Start("rm", ["-rf", "--", Folder]);
        remove.WaitForExit();
    }

    private FileState StateOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new(EntryKind.File, 0b110_100_100, Objects.Put(bytes), bytes.Length);
    }
}
