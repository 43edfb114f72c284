using System.Diagnostics;
using System.Text;
using TarsEngine.Git;

namespace TarsEngine.Worlds;

/// <summary>A real git repository in a folder of its own, untouched by the configuration of the machine; gone afterwards.</summary>
public sealed class GitRepository : IDisposable
{
    private readonly TempFolder folder = new();

    public GitRepository()
    {
        Folder = folder.File("codebase");
        Directory.CreateDirectory(Folder);
        Git("init", "-q", "-b", "main");
    }

    /// <summary>The root of the working tree; beside it, in <see cref="Beside"/>, a test may put what it needs.</summary>
    public string Folder { get; }

    /// <summary>What git and our own code are given as environment.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin", ["HOME"] = "/nonexistent" };

    public CodebaseLocation Location => new(Folder, Folder + "/.git");

    public string Head => Git("rev-parse", "HEAD");

    public string Beside(string name) => folder.File(name);

    /// <summary>The absolute path of a file in the working tree.</summary>
    public string At(string path) => Path.Combine(Folder, path);

    public string Read(string path) => File.ReadAllText(At(path));

    /// <summary>Writes a file, with the folders above it.</summary>
    public void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), bytes);
    }

    public void SetExecutable(string path) => File.SetUnixFileMode(At(path), File.GetUnixFileMode(At(path)) | (UnixFileMode)0b001_001_001);

    /// <summary>Stages everything and commits; answers the commit's id.</summary>
    public string Commit(string message = "change")
    {
        Git("add", "-A");
        Git("commit", "-q", "--allow-empty", "-m", message);
        return Head;
    }

    /// <summary>A rebase of 'main' onto 'topic' that stands still, since both changed a file.</summary>
    public void LeaveRebaseInProgress(string path, string onTopic, string onMain)
    {
        Git("checkout", "-q", "-b", "topic");
        Write(path, onTopic);
        Commit("topic");
        Git("checkout", "-q", "main");
        Write(path, onMain);
        Commit("main");
        try
        {
            Git("rebase", "topic");
        }
        catch (InvalidOperationException)
        {
            return;
        }
        throw new InvalidOperationException("The rebase met no conflict.");
    }

    /// <summary>Runs git in the working tree; answers its output without the last newline.</summary>
    public string Git(params string[] arguments) => Encoding.UTF8.GetString(GitBytes(arguments)).TrimEnd('\n');

    /// <summary>The same, as bytes; <paramref name="arguments"/> are given as they are.</summary>
    public byte[] GitBytes(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        git.StandardOutput.BaseStream.CopyTo(output);
        git.WaitForExit();
        return git.ExitCode == 0
            ? output.ToArray()
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {git.ExitCode}: {errors.GetAwaiter().GetResult()}");
    }

    public void Dispose() => folder.Dispose();

    private static readonly (string Name, string Value)[] Variables =
    [
        ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("HOME", "/nonexistent"), ("LC_ALL", "C"),
        ("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.com"), ("GIT_AUTHOR_DATE", "2024-01-01T00:00:00Z"),
        ("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.com"), ("GIT_COMMITTER_DATE", "2024-01-01T00:00:00Z"),
    ];
}
