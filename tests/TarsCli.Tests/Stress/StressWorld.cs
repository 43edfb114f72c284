using System.Text;
using TarsEngine;
using TarsEngine.Improvements;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsCli.Tests.Stress;

/// <summary>
/// A real repository with everything a user may have lying about: staged, unstaged, untracked and ignored files, a stash, a branch, a
/// tag. What is under test runs as real tarscli processes; what only prepares and cleans up uses the library, to be quick.
/// </summary>
internal sealed class StressWorld : IDisposable
{
    private static readonly string[] Users = ["kept.txt", "staged.txt", "notes.md", "noise.log"];
    private readonly Dictionary<string, string> environment;

    /// <param name="checks">The checks of the user's configuration, as YAML; the library's own runs have none.</param>
    public StressWorld(Action<CliFolder> before, string checks = "[]")
    {
        const string loose = "allow:\n  unproven: true\n";
        Write("config/tars/config.yaml", $"checks: {checks}\n{loose}");
        Write("loose.yaml", $"checks: []\n{loose}");
        Directory.CreateDirectory(Temporary);
        Cli.Variables["TMPDIR"] = Temporary;
        // The runtime's own debugging sockets, which no killed process could remove.
        Cli.Variables["DOTNET_EnableDiagnostics"] = "0";
        environment = new(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin", ["HOME"] = Cli.Home, ["GIT_CONFIG_NOSYSTEM"] = "1",
        };
        ChangeShape.WriteAll(Cli, "a.txt", "b.txt", "sub/c.txt", "kept.txt", "stashed.txt");
        Cli.Write(".gitignore", "*.log\n");
        before(Cli);
        Cli.Commit();
        Cli.Write("stashed.txt", "stashed");
        Cli.Git("stash", "-q");
        Cli.Git("branch", "other");
        Cli.Git("tag", "v1");
        Cli.Git("config", "user.note", "mine");
        ChangeShape.WriteAll(Cli, "staged.txt", "notes.md", "noise.log");
        Cli.Git("add", "staged.txt");
        Cli.Write("staged.txt", "staged, and edited again");
        Cli.Write("kept.txt", "edited, not staged");
    }

    public CliFolder Cli { get; } = new();

    private string Temporary => Path.Combine(Cli.Home, "tmp");

    /// <summary>The working tree without the user's own edits.</summary>
    public string Tree() => Picture.OfTree(Cli.Codebase, Users);

    /// <summary>What nothing may ever touch: git's files, and what the user edited.</summary>
    public string User() => Picture.OfUser(Cli.Codebase, Users);

    public Task<Codebase> OpenAsync() => Codebase.OpenAsync(new(
        Cli.Codebase, Path.Combine(Cli.Home, "state", "tars"), Path.Combine(Cli.Home, "loose.yaml"), "tester", environment));

    public static ImprovementId Add(Codebase codebase, string yaml)
    {
        var read = ImprovementSource.Read(new MemoryStream(Encoding.UTF8.GetBytes(yaml)), "improvement.yaml");
        var proposals = Assert.IsType<Proposed>(read).Improvements;
        return Assert.IsType<Added>(codebase.Improvements.Add(proposals, "tester")[0]).Improvement.Id;
    }

    /// <summary>Rolls everything of a context back.</summary>
    public static void RollBack(Codebase codebase, ContextId context) =>
        Assert.IsNotType<RollbackOutcome.Conflicted>(codebase.Execution.Rollback(new(context, new RollbackScope.All(), false, "tester")));

    /// <summary>Starts the real program and kills it, and nothing else, with SIGKILL after a while.</summary>
    /// <param name="isAimed">The while begins when the program has made the stage of its commit, not when it starts.</param>
    /// <returns>True when it had ended by itself.</returns>
    public async Task<bool> KillAsync(TimeSpan after, bool isAimed, string[] arguments)
    {
        var stages = Stages();
        using var process = Cli.Start(arguments);
        process.StandardInput.Close();
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (isAimed && !process.HasExited && Stages() == stages) await Task.Delay(1);
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(after));
        var ended = process.HasExited;
        if (!ended) process.Kill();
        await process.WaitForExitAsync();
        if (ended) await output;
        return ended;
    }

    /// <summary>What a settled codebase has none of: workspaces, scratch folders, temporary files, processes, mounts.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync()
    {
        var state = Cli.File(".git/tars");
        return
        [
            .. Directory.EnumerateFileSystemEntries(Path.Combine(state, "workspaces")),
            .. Directory.EnumerateFileSystemEntries(state, "scratch-*", SearchOption.AllDirectories),
            .. Directory.EnumerateFileSystemEntries(Temporary),
            .. await Survivors.WaitAsync(Cli.Home),
        ];
    }

    public void Dispose() => Cli.Dispose();

    private int Stages() => Directory.Exists(Cli.File(".git/tars/stage")) ? Directory.GetDirectories(Cli.File(".git/tars/stage")).Length : 0;

    private void Write(string name, string text)
    {
        var path = Path.Combine(Cli.Home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
