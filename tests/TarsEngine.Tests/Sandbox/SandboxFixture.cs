using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Layers;
using TarsEngine.Storage;
using TarsEngine.Terminal;

namespace TarsEngine.Tests.Sandbox;

/// <summary>A real sandbox on this host, with a codebase and a state folder of its own. Its self-test runs once per test class.</summary>
public sealed class SandboxFixture : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly DirectoryHandle root;
    private int counter;

    public SandboxFixture()
    {
        Codebase = Directory.CreateDirectory(folder.File("codebase")).FullName;
        State = StateFolder.Create(Codebase, null, Files);
        Objects = new ObjectStore(State, Files);
        root = Files.OpenRoot(Codebase);
        Content = new TreeContent(Files, root, Objects);
        Factory = new WorkspaceFactory(State, Files, TimeProvider.System);
        Copying = new WorkspaceFactory(State, Files, TimeProvider.System, OverlayKind.None);
        Unprivileged = new WorkspaceFactory(State, Files, TimeProvider.System, OverlayKind.User);
        Paths = SandboxPaths.Discover(HostEnvironment, State.Root);
        Environment = new SafeExecutionEnvironment(Paths);
    }

    public static IReadOnlyDictionary<string, string> HostEnvironment { get; } =
        System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!);

    public FileSystem Files { get; } = new();
    public string Codebase { get; }
    public string Outside => folder.Path;
    public StateFolder State { get; }
    public ObjectStore Objects { get; }
    public TreeContent Content { get; }
    public WorkspaceFactory Factory { get; }

    /// <summary>As where layers can't be mounted.</summary>
    public WorkspaceFactory Copying { get; }

    /// <summary>As for a user who is not root.</summary>
    public WorkspaceFactory Unprivileged { get; }
    public SandboxPaths Paths { get; }
    public SafeExecutionEnvironment Environment { get; }

    public static RepositoryPath Path(string text) => RepositoryPath.Parse(text);

    /// <summary>A snapshot whose contents lie in the object store.</summary>
    public TreeSnapshot Tree(params (string Path, string Text)[] files) =>
        new(files.Select(file => KeyValuePair.Create(Path(file.Path), StateOf(file.Text))));

    public FileState StateOf(string text, int mode = 0b110_100_100) =>
        new(EntryKind.File, mode, Objects.Put(System.Text.Encoding.UTF8.GetBytes(text)), System.Text.Encoding.UTF8.GetByteCount(text));

    public FileState Link(string target) =>
        new(EntryKind.Symlink, FileState.SymlinkMode, Objects.Put(System.Text.Encoding.UTF8.GetBytes(target)), target.Length);

    public Workspace Create(params (string Path, string Text)[] files) => Create(Tree(files));

    public Workspace Create(TreeSnapshot tree, bool layered = true) =>
        (layered ? Factory : Copying).Create(tree, Content, $"test-{Interlocked.Increment(ref counter)}");

    public static SandboxCommand Shell(string script, int seconds = 60) =>
        new(["/bin/sh", "-c", script], "", TimeSpan.FromSeconds(seconds), new Dictionary<string, string>());

    public async Task<(CommandResult Result, string Text)> RunAsync(Workspace workspace, SandboxCommand command)
    {
        var lines = new List<string>();
        var result = await new TerminalExecutor(Environment, State).RunAsync(workspace, command, line => lines.Add(line.Text), TestContext.Current.CancellationToken);
        return (result, string.Join('\n', lines));
    }

    public async Task<(CommandResult Result, string Text)> ShellAsync(string script, int seconds = 60)
    {
        using var workspace = Create();
        return await RunAsync(workspace, Shell(script, seconds));
    }

    public void Dispose()
    {
        root.Dispose();
        folder.Dispose();
    }
}
