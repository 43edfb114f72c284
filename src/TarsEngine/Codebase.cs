using TarsEngine.Audit;
using TarsEngine.Branches;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Improvements;
using TarsEngine.Improvements.Sarif;
using TarsEngine.Journey;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Layers;
using TarsEngine.Sandbox.Network;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Scripts;
using TarsEngine.Validation;
using TarsEngine.Validation.Semantics;

namespace TarsEngine;

/// <summary>
/// One codebase with everything that works on it, put together. Opening it settles whatever a killed process left:
/// <see cref="Notices"/> says what that was.
/// </summary>
public sealed class Codebase : IDisposable
{
    private readonly DirectoryHandle rootHandle;
    private readonly StateDatabase database;
    private readonly TerminalExecutor terminal;
    private readonly SemanticValidator semantics;

    private Codebase(CodebaseOptions options, GitProgram git, CodebaseLocation location, string? userExcludes)
    {
        Options = options;
        Location = location;
        Files = new(options.Seams);
        State = StateFolder.Create(location.Root, location.GitDirectory, Files);
        database = StateDatabase.Open(State.Database, options.Clock, options.Seams);
        rootHandle = Files.OpenRoot(location.Root);
        Objects = new(State, Files);
        Content = new(Files, rootHandle, Objects);
        Audit = new(database, Files, options.UserStateFolder);
        Capture = new(git, location, Files, State, userExcludes);
        Improvements = new(database, Objects, Audit);
        Contexts = new(database, Audit);
        Transactions = new(Files, location.Root, State, database, Objects, Audit, options.Clock) { Waiting = options.Waiting };
        Rollbacks = new(Transactions, new FileBackupService(Files, Objects), Files, location.Root);
        var sandboxPaths = SandboxPaths.Discover(options.Environment, State.Root, location.Root);
        Sandbox = new(sandboxPaths)
        {
            Repository = location.Git is null ? null : new(git, location.Git, Files),
            Fallback = () => Configuration.Fallback,
            Network = new() { Environment = options.Environment, Upstream = UpstreamProxies.Read(options.Environment), Clock = options.Clock, Happened = new NetworkAudit(database, Audit, options.Actor).Record },
        };
        terminal = new TerminalExecutor(Sandbox, State);
        Workspaces = new(State, Files, options.Clock);
        Planner = new(Objects);
        Steps = new(git, Files, State, Objects, Content, Workspaces, terminal, options.Clock);
        semantics = new(Content, Workspaces, State, terminal, options.Clock);
        Validator = new(Content, Workspaces, terminal, database, Files, options.Clock, semantics, Toolchain.Describe(options.Environment));
        CommitSource = location.Git is null ? null : new(git, location.Git);
        Packages = new(this, terminal);
        Scan = new(this, terminal);
        if (location.Git is not null)
        {
            var writer = new CommitWriter(git, location.Git, Files, State.Workspaces, Objects, new(git, location.Git, options.Environment), options.Clock);
            Branches = new(git, location.Git, writer, Capture, Objects, new(database), Audit);
        }
        Execution = new(this);
        Trial = new(this);
        Git = git;
        Permissions = new(this);
        Diffs = new(this);
        Base = new(this);
    }

    /// <summary>The codebase's topmost folder, absolute.</summary>
    public string Root => Location.Root;

    /// <summary>Where its state lies.</summary>
    public string StateRoot => State.Root;

    /// <summary>False for a folder without a repository: then there are no commits and no index.</summary>
    public bool HasGit => Location.Git is not null;

    /// <summary>Where the user stands, relative to <see cref="Root"/>; empty at its top.</summary>
    public string StartFolder => Path.GetRelativePath(RealPath.Of(Root), RealPath.Of(Options.StartFolder)) is var inside && inside != "." && !inside.StartsWith("..", StringComparison.Ordinal) ? inside : "";

    /// <summary>What opening the codebase found and settled, in sentences.</summary>
    public IReadOnlyList<string> Notices { get; private set; } = [];

    /// <summary>The user's own policy; a run adds what the codebase's 'tars.yaml' tightens.</summary>
    public TarsConfiguration Configuration { get; private set; } = TarsConfiguration.Default;

    public ImprovementExecution Execution { get; }

    /// <summary>One command on a copy.</summary>
    public SandboxTrial Trial { get; }
    public PatchPermission Permissions { get; }

    /// <summary>The verdict on a diff, without an execution.</summary>
    public DiffValidation Diffs { get; }

    /// <summary>Whether a commit is green.</summary>
    public BaseCheck Base { get; }

    /// <summary>What builds and tests need of others.</summary>
    public CodebasePackages Packages { get; }

    /// <summary>What the codebase's own analyzers would mend.</summary>
    public CodebaseScan Scan { get; }

    public ImprovementCatalog Improvements { get; }
    public ExecutionContextStore Contexts { get; }
    public TransactionManager Transactions { get; }
    public AuditTrailService Audit { get; }
    public SafeExecutionEnvironment Sandbox { get; }

    /// <summary>Runs scripts in the sandbox; what they may install is the user's configuration's to say.</summary>
    public ScriptExecutor Scripts => new(terminal, Workspaces, State, new DependencyInstaller(terminal, Configuration.Dependencies, Configuration.Permissions.Network));

    /// <summary>Whether workspaces are layers here, or copies and why: found out by a trial mount.</summary>
    public OverlaySupport LayerSupport => Workspaces.Support;

    /// <summary>Contents of captured trees and of changes.</summary>
    public TreeContent Content { get; }

    /// <summary>Commits as improvements; null without git.</summary>
    public GitCommitSource? CommitSource { get; }

    internal CodebaseOptions Options { get; }
    internal CodebaseLocation Location { get; }
    internal GitProgram Git { get; }
    internal FileSystem Files { get; }
    internal StateFolder State { get; }
    internal StateDatabase Database => database;
    internal ObjectStore Objects { get; }
    internal CodebaseCapture Capture { get; }
    internal RollbackManager Rollbacks { get; }
    internal WorkspaceFactory Workspaces { get; }
    /// <summary>Landings on branches; null without git.</summary>
    internal BranchLander? Branches { get; }

    internal ExecutionPlanner Planner { get; }
    internal Staging.StepExecutor Steps { get; }
    internal ChangeValidator Validator { get; }

    /// <summary>Finds the codebase of a folder, opens its state, and settles what was left unfinished.</summary>
    /// <exception cref="NoCodebaseException">There is none there, or none that can be worked on.</exception>
    /// <exception cref="ConfigurationException">The user's own configuration can't be used.</exception>
    /// <exception cref="StateException">The state is damaged, of a newer version, or not accessible.</exception>
    public static async Task<Codebase> OpenAsync(CodebaseOptions options, CancellationToken cancellation = default)
    {
        var git = GitProgram.Find(options.Environment);
        var location = await CodebaseLocation.FindAsync(git, options.StartFolder, cancellation) switch
        {
            Located found => found.Location,
            LocationRefused refused => throw new NoCodebaseException(refused.Reason, refused.Remedy),
            var other => throw new InvalidOperationException(other.ToString()),
        };
        var configuration = ReadUserConfiguration(options);
        var codebase = new Codebase(options, git, location, await GitExcludes.FindUserFileAsync(git, options.Environment, cancellation))
        {
            Configuration = configuration,
        };
        try
        {
            codebase.Notices = await new Settlement(codebase).SettleAsync();
            return codebase;
        }
        catch
        {
            codebase.Dispose();
            throw;
        }
    }

    /// <summary>Takes a script from the host; null with the reason where the path is no script's.</summary>
    /// <param name="path">A file or folder, absolute; inside the codebase or not.</param>
    public ScriptSource? OpenScript(string path, out ScriptRefused? refused) => ScriptSource.Open(path, Files, Objects, out refused);

    public void Dispose()
    {
        semantics.DisposeAsync().AsTask().GetAwaiter().GetResult();
        rootHandle.Dispose();
        database.Dispose();
    }

    /// <summary>The fixes of a SARIF 2.1.0 log as improvements, placed in the codebase as it is.</summary>
    /// <param name="name">The log's, for messages.</param>
    public async Task<ProposalResult> ReadSarifAsync(Stream log, string name, CancellationToken cancellation = default)
    {
        var tree = (await Capture.CaptureAsync(cancellation)).Tree;
        return await new SarifSource(Git, Files, State.Workspaces, Root, Content, Objects).ReadAsync(log, name, tree, cancellation);
    }

    /// <summary>Removes what nothing needs any more: never a backup, never anything of a run that is going on.</summary>
    public Collected Collect(KeepLimits keep)
    {
        semantics.RestAsync().GetAwaiter().GetResult();
        return new GarbageCollection(this).Collect(keep);
    }

    /// <summary>A context's landing on a branch; null when it has none, or its branch never moved.</summary>
    public BranchLanding? BranchLandingOf(ContextId context) => Branches?.Find(context) is { State: BranchLandingState.Landed or BranchLandingState.RolledBack } landing ? landing : null;

    /// <summary>What still stands of what a context landed, wherever it did.</summary>
    internal ContextStanding StandingOf(ContextId context) => Branches?.Find(context)?.State switch
    {
        null => Rollbacks.StandingOf(context),
        BranchLandingState.Landed => ContextStanding.Whole,
        BranchLandingState.RolledBack => ContextStanding.Nothing,
        _ => ContextStanding.NeverLanded,
    };

    /// <summary>The policy for one run: the user's, tightened by the 'tars.yaml' of the tree that the change is made for.</summary>
    internal ConfigurationResult ConfigurationFor(TreeSnapshot tree)
    {
        var path = RepositoryPath.Parse(ConfigurationLoader.RepositoryFileName);
        var own = tree[path] is { Kind: EntryKind.File } state ? System.Text.Encoding.UTF8.GetString(Content.Read(path, state)) : null;
        var result = ConfigurationLoader.Load(UserText(Options), own, Options.UserConfigurationFile ?? "");
        return result.Problems.Count == 0 ? result : throw new ConfigurationException(result.Problems);
    }

    /// <summary>The policy that would hold for a run now: the user's, tightened by the 'tars.yaml' that lies in the codebase.</summary>
    /// <exception cref="ConfigurationException">It can't be used.</exception>
    public ConfigurationResult PolicyInForce()
    {
        var file = Path.Combine(Root, ConfigurationLoader.RepositoryFileName);
        // A symlink or a FIFO is no policy, here as in a run.
        var info = Files.Stat(rootHandle, ConfigurationLoader.RepositoryFileName);
        var result = ConfigurationLoader.Load(UserText(Options), info is { Kind: NodeKind.File } ? File.ReadAllText(file) : null, Options.UserConfigurationFile ?? "");
        return result.Problems.Count == 0 ? result : throw new ConfigurationException(result.Problems);
    }

    private static TarsConfiguration ReadUserConfiguration(CodebaseOptions options)
    {
        var result = ConfigurationLoader.Load(UserText(options), null, options.UserConfigurationFile ?? "");
        return result.Problems.Count == 0 ? result.Configuration : throw new ConfigurationException(result.Problems);
    }

    /// <summary>The user's own configuration file as text; null where there is none.</summary>
    public string? UserConfigurationText() => UserText(Options);

    private static string? UserText(CodebaseOptions options) =>
        options.UserConfigurationFile is { } file ? File.ReadAllText(file) : null;
}
