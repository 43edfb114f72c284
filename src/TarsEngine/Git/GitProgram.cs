using TarsEngine.Files;
using TarsEngine.Processes;

namespace TarsEngine.Git;

/// <summary>
/// The git program, hermetic: no configuration of the machine or the user, no hooks, no file-system monitor, no external diff,
/// no network, no prompt, no optional lock; nothing of the caller's environment. What a repository configures never runs on the host.
/// </summary>
public sealed class GitProgram
{
    private static readonly string[] Overrides =
    [
        "--no-pager",
        "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false",
        "-c", "core.excludesFile=/dev/null", "-c", "core.attributesFile=/dev/null", "-c", "core.quotePath=false",
        "-c", "core.autocrlf=false", "-c", "core.symlinks=true", "-c", "core.filemode=true", "-c", "core.ignoreCase=false",
        "-c", "submodule.recurse=false", "-c", "log.showSignature=false", "-c", "protocol.allow=never", "-c", "gc.auto=0",
        "-c", "maintenance.auto=false",
    ];

    private readonly Dictionary<string, string> environment;

    private GitProgram(string program, string searchPath)
    {
        Program = program;
        environment = new(StringComparer.Ordinal)
        {
            ["PATH"] = searchPath,
            ["LC_ALL"] = "C",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_CONFIG_COUNT"] = "1",
            ["GIT_CONFIG_KEY_0"] = "safe.directory",
            ["GIT_CONFIG_VALUE_0"] = "*",
            ["GIT_ATTR_NOSYSTEM"] = "1",
            ["GIT_OPTIONAL_LOCKS"] = "0",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_ASKPASS"] = "/bin/false",
            ["GIT_SSH_COMMAND"] = "/bin/false",
            ["GIT_EDITOR"] = "/bin/false",
            ["GIT_PAGER"] = "cat",
            // A partial clone would fetch what it lacks, through programs that the repository names.
            ["GIT_NO_LAZY_FETCH"] = "1",
            ["GIT_ALLOW_PROTOCOL"] = "",
            ["GIT_NO_REPLACE_OBJECTS"] = "1",
        };
    }

    /// <summary>Where it is.</summary>
    public string Program { get; }

    /// <summary>Finds git on the PATH of <paramref name="variables"/>; relative entries of it are not searched.</summary>
    /// <exception cref="GitException">There is none.</exception>
    public static GitProgram Find(IReadOnlyDictionary<string, string> variables)
    {
        var searchPath = variables.GetValueOrDefault("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
        var program = searchPath.Split(':').Where(folder => folder.StartsWith('/')).Select(folder => Path.Combine(folder, "git")).FirstOrDefault(File.Exists)
            ?? throw new GitException($"No 'git' on the PATH ({searchPath}). Install git, for example with: apt-get install git");
        return new GitProgram(program, searchPath);
    }

    /// <summary>Runs git and hands back how it ended; an exit code other than 0 is for the caller to judge, see <see cref="GitResult.Checked"/>.</summary>
    /// <exception cref="GitException">It was ended by a signal or ran for minutes.</exception>
    public Task<GitResult> RunAsync(
        GitPlace place, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input = default, CancellationToken cancellation = default) =>
        RunAsync(place, arguments, input.IsEmpty ? null : new MemoryStream(input.ToArray(), writable: false), null, cancellation);

    /// <summary>The same, with input and output as streams of bytes.</summary>
    public async Task<GitResult> RunAsync(
        GitPlace place, IReadOnlyList<string> arguments, Stream? input, ChildOutput? onOutput, CancellationToken cancellation = default)
    {
        var variables = new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["GIT_DIR"] = place.GitDirectory };
        if (place.WorkTree is not null) variables["GIT_WORK_TREE"] = place.WorkTree;
        if (place.IndexFile is not null) variables["GIT_INDEX_FILE"] = place.IndexFile;
        var command = new ChildCommand(Program, [.. Overrides, .. place.Settings, .. arguments])
        {
            Folder = place.Folder,
            Environment = variables,
            Input = input,
            OnOutput = onOutput,
            Timeout = place.Patience,
        };
        var result = await ChildProcess.RunAsync(command, cancellation);
        var shown = "git " + string.Join(' ', arguments.Select(ByteText.Display));
        if (result.TimedOut)
            throw new GitException($"'{shown}' in '{place.Folder}' did not end within {place.Patience.TotalSeconds:0} s.") { TimedOut = true };
        if (result.Truncated) throw new GitException($"'{shown}' in '{place.Folder}' printed more than can be held.");
        return new(shown, result.ExitCode ?? throw new GitException($"'{shown}' in '{place.Folder}' was ended by signal {result.Signal}."),
            result.Output, result.ErrorText);
    }
}
