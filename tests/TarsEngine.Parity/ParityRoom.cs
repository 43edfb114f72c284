using System.Collections;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.CSharp.Answering;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Validation;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Semantics;

namespace TarsEngine.Parity;

/// <summary>A codebase whose base is built in the sandbox, and the compiler's worker standing on it.</summary>
internal sealed class ParityRoom : IAsyncDisposable
{
    private static readonly IReadOnlyDictionary<string, string> environment =
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);

    private readonly FileSystem files = new();
    private readonly DirectoryHandle root;
    private readonly ObjectStore objects;
    private readonly TreeContent content;
    private readonly WorkspaceFactory factory;
    private readonly TerminalExecutor terminal;
    private readonly TestExecutor executor;
    private readonly CheckPlan plan;
    private readonly ContentHash checks;
    private CompilerWorker? worker;
    private int counter;

    private ParityRoom(string codebase, string configuration, Func<FileSystem, StateFolder, TreeSnapshot> capture)
    {
        var state = StateFolder.Create(codebase, null, files);
        (root, objects) = (files.OpenRoot(codebase), new(state, files));
        (content, factory) = (new(files, root, objects), new(state, files, TimeProvider.System));
        terminal = new(new(SandboxPaths.Discover(environment, state.Root)), state);
        executor = new(terminal, files, TimeProvider.System);
        Base = capture(files, state);
        var loaded = ConfigurationLoader.Load(configuration.Length == 0 ? null : File.ReadAllText(configuration), null);
        var all = CheckPlanner.Plan(loaded.Configuration, Base, content.Read);
        plan = all with { Checks = [.. all.Checks.Where(check => check.Kind is CheckKind.Restore or CheckKind.Build)] };
        checks = plan.Hash("");
    }

    public TreeSnapshot Base { get; }

    /// <summary>What the build of the base showed.</summary>
    public IReadOnlySet<Shown> OfBase { get; private set; } = new HashSet<Shown>();

    /// <summary>Builds the base from nothing and starts the worker.</summary>
    public static async Task<ParityRoom> OpenAsync(string codebase, string configuration)
    {
        var room = new ParityRoom(codebase, configuration, (files, state) =>
            new CodebaseCapture(GitProgram.Find(environment), new CodebaseLocation(codebase, Path.Combine(codebase, ".git")), files, state).CaptureAsync().GetAwaiter().GetResult().Tree);
        using (var workspace = room.factory.Create(room.Base, room.content, "parity-base", new(room.Base)))
        {
            room.OfBase = await room.BuildIn(workspace);
            await new BuildRecorder(room.terminal).RecordAsync(workspace, CancellationToken.None);
            workspace.FreezeOutputs();
            await room.factory.KeepOutputsAsync(workspace, room.checks, _ => Task.FromResult<IReadOnlySet<RepositoryPath>>(new HashSet<RepositoryPath>()));
        }
        room.worker = new(room.terminal, room.factory.Create(room.Base, room.content, "parity-worker", new(room.Base, room.checks)), TimeProvider.System);
        return room;
    }

    public string Text(RepositoryPath path) => Encoding.UTF8.GetString(content.Read(path, Base[path]!));

    public ChangeSet Changes(Edit edit) => new(edit.Files.Select(file =>
    {
        var path = RepositoryPath.Parse(file.Key);
        return new FileChange(path, Base[path], file.Value is null ? null : State(Encoding.UTF8.GetBytes(file.Value), Base[path]));
    }));

    /// <summary>A real build of the base with the changes, upon what was built of the base.</summary>
    public async Task<IReadOnlySet<Shown>> BuildAsync(ChangeSet changes)
    {
        using var workspace = factory.Create(changes.ApplyTo(Base), content, $"parity-{++counter}", new(Base, checks));
        return await BuildIn(workspace);
    }

    public async Task<Answer> AskAsync(ChangeSet changes, bool all)
    {
        List<ChangedFile> asked = [.. changes.Select(change => new ChangedFile(change.Path.Value, change.Before is not null, change.After is { } after ? content.Read(change.Path, after) : null))];
        return await worker!.AskAsync(new(0, asked, Layer.Verdict, Analyzers: all, Warnings: all, Emit: false), TimeSpan.FromMinutes(5), CancellationToken.None)
            ?? throw new InvalidOperationException("The worker gave no answer; its log lies in the codebase's state folder.");
    }

    public async ValueTask DisposeAsync()
    {
        if (worker is not null) await worker.DisposeAsync();
        root.Dispose();
    }

    private async Task<IReadOnlySet<Shown>> BuildIn(Workspace workspace)
    {
        var lines = new List<string>();
        await executor.RunAsync(workspace, plan, happened =>
        {
            if (happened is OutputWritten output) lines.Add(output.Text);
        }, CancellationToken.None);
        if (Environment.GetEnvironmentVariable("PARITY_SHOW") is not null) Console.Error.WriteLine(string.Join('\n', lines));
        return lines.Select(Shown.Of).OfType<Shown>().ToHashSet();
    }

    private FileState State(byte[] bytes, FileState? before) => new(EntryKind.File, before?.Mode ?? 0b110_100_100, objects.Put(bytes), bytes.Length);
}
