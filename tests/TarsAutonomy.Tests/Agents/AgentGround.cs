using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using TarsAutonomy.Agents;
using TarsEngine;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Permissions;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Staging;
using TarsEngine.Storage;

namespace TarsAutonomy.Tests.Agents;

/// <summary>A person's codebase with git and work that isn't committed, and agents that are let loose on it.</summary>
public sealed class AgentGround : IAsyncLifetime
{
    private static readonly RuleOrigin user = new(RuleAuthor.User, "config.yaml", 1);
    private readonly TempFolder folder = new();
    private int runs;

    /// <summary>The user's variables, as agents' programs and keys are found from them.</summary>
    public static IReadOnlyDictionary<string, string> HostEnvironment { get; } =
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal);

    public Codebase Codebase { get; private set; } = null!;

    /// <summary>The codebase's folder.</summary>
    public string Root => folder.File("codebase");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Root);
        Git("init", "-q", "-b", "main");
        Write(".gitignore", "*.log\n");
        Write("src/greeting.txt", "Hi\n");
        Write("src/keep.txt", "keep\n");
        Write("CLAUDE.md", "Be brief.\n");
        Git("add", "-A");
        Git("commit", "-q", "-m", "first");
        Write("src/keep.txt", "changed and staged\n");
        Git("add", "-A");
        Write("src/greeting.txt", "Hi there\n");
        Write("untracked.txt", "mine\n");
        Write("run.log", "ignored\n");
        Codebase = await Codebase.OpenAsync(new(Root, folder.File("user"), null, "ada", HostEnvironment), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Codebase.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The path of a file beside the codebase.</summary>
    public string Beside(string name) => folder.File(name);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, path))!);
        File.WriteAllText(Path.Combine(Root, path), text);
    }

    /// <summary>An agent that is a line of shell.</summary>
    public static AgentSetting Shell(string script, int seconds = 60) =>
        new("script", AgentProfiles.Generic, user) { Run = ["/bin/sh", "-c", script], Timeout = TimeSpan.FromSeconds(seconds) };

    public static AgentLauncher Launcher(AgentSetting agent, SandboxLimits? limits = null) =>
        limits is null ? new(new([agent], agent.Name), HostEnvironment) : new(new([agent], agent.Name), HostEnvironment) { Sandbox = limits };

    public Task<AgentRun> RunAsync(string script, int seconds = 60, SandboxLimits? limits = null) => RunAsync(Launcher(Shell(script, seconds), limits));

    /// <summary>Lets an agent work on the codebase as it is, and watches that nothing of the person's changes.</summary>
    public async Task<AgentRun> RunAsync(IAgentHost? agents, Func<StagingRequest, StagingRequest>? with = null, string task = "Say hello", CancellationToken? cancellation = null)
    {
        var before = Fingerprint();
        var events = new ConcurrentQueue<ExecutionEvent>();
        var captured = (await Codebase.Capture.CaptureAsync(TestContext.Current.CancellationToken)).Tree;
        var tree = new VirtualFileSystem(captured, Codebase.Content, Codebase.Objects);
        var step = new ExecutionStep("agent", new AgentAction(task, null), [], "main", [], new("main", null));
        var request = new StagingRequest(
            new(new ImprovementId(1), [step]), tree, Codebase.Capture.RulesOf(captured, Codebase.Content), $"CTX-{Interlocked.Increment(ref runs)}") { Agents = agents, Events = events.Enqueue };
        var clock = Stopwatch.StartNew();
        try
        {
            var result = await Codebase.Steps.RunAsync(with?.Invoke(request) ?? request, cancellation ?? TestContext.Current.CancellationToken);
            return new(result, tree, [.. events], clock.Elapsed);
        }
        finally
        {
            Assert.Equal(before, Fingerprint());
            Assert.Empty(Codebase.Workspaces.List());
        }
    }

    /// <summary>Every file of the person's, git's own among them, with mode, time and content; all but our own state.</summary>
    private string Fingerprint()
    {
        var text = new StringBuilder();
        foreach (var path in Directory.EnumerateFileSystemEntries(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Order(StringComparer.Ordinal))
        {
            if (path.StartsWith(Path.Combine(Root, ".git", "tars"), StringComparison.Ordinal)) continue;
            var info = new FileInfo(path);
            text.Append(path).Append(' ').Append(info.UnixFileMode);
            if (info.LinkTarget is { } target) text.Append(" -> ").Append(target);
            else if (!Directory.Exists(path)) text.Append(' ').Append(info.LastWriteTimeUtc.Ticks).Append(' ').Append(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
            text.Append('\n');
        }
        return text.ToString();
    }

    private void Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=ada", "-c", "user.email=ada@example.org", .. arguments]) { WorkingDirectory = Root };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("HOME", "/nonexistent")]) start.Environment[name] = value;
        using var git = Process.Start(start)!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}

/// <summary>What one run of an agent came to.</summary>
public sealed record AgentRun(StagingResult Result, VirtualFileSystem Tree, IReadOnlyList<ExecutionEvent> Events, TimeSpan Took)
{
    /// <summary>All that it said.</summary>
    public string Output => string.Join('\n', Events.OfType<OutputWritten>().Select(line => line.Text));

    /// <summary>'Create:a Modify:b'.</summary>
    public string Changes => string.Join(' ', Assert.IsType<Staged>(Result).Net.Select(change => $"{change.Kind}:{change.Path}"));

    /// <summary>The rules of what was found, as errors first.</summary>
    public string Rules => string.Join(' ', Result.Findings.OrderByDescending(finding => finding.Severity).Select(finding => finding.Rule));

    public string Text(string path) => Encoding.UTF8.GetString(Tree.Read(RepositoryPath.Parse(path)));
}
