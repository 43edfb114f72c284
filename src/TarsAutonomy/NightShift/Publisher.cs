using TarsAutonomy.Settings;
using TarsEngine.Processes;

namespace TarsAutonomy.NightShift;

/// <summary>
/// Brings a session's branch to where the user's own configuration says, with the user's own git and gh: this is the one thing of a
/// session that leaves the machine.
/// </summary>
/// <param name="environment">The user's.</param>
public sealed class Publisher(string root, IReadOnlyDictionary<string, string> environment)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private const int KeptBytes = 16 * 1024;

    /// <summary>What came of it, for people.</summary>
    public sealed record Result(bool Succeeded, string Text);

    public async Task<Result> PushAsync(string branch, PushSettings settings, CancellationToken cancellation)
    {
        if (!settings.Allows(branch)) return new(false, $"The branch '{branch}' is not pushed: your configuration allows '{settings.Branches}'.");
        var reference = $"refs/heads/{branch}:refs/heads/{branch}";
        // Hooks of the repository are code that anybody may have left there.
        return await RunAsync("git", ["-c", "core.hooksPath=/dev/null", "push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no", "--", settings.Remote, reference], $"'{branch}' was pushed to '{settings.Remote}'.", cancellation);
    }

    public Task<Result> AskForPullRequestAsync(string branch, string title, string bodyFile, CancellationToken cancellation) =>
        RunAsync("gh", ["pr", "create", "--head", branch, "--title", title, "--body-file", bodyFile], "A pull request was opened.", cancellation);

    private async Task<Result> RunAsync(string program, string[] arguments, string done, CancellationToken cancellation)
    {
        var path = (environment.GetValueOrDefault("PATH") ?? "").Split(':').Where(folder => folder.StartsWith('/')).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (path is null) return new(false, $"'{program}' is not on the PATH.");
        var variables = new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["GIT_TERMINAL_PROMPT"] = "0", ["GH_PROMPT_DISABLED"] = "1" };
        foreach (var inherited in variables.Keys.Where(name => name is "GIT_DIR" or "GIT_WORK_TREE" or "GIT_INDEX_FILE").ToList()) variables.Remove(inherited);
        var result = await ChildProcess.RunAsync(new ChildCommand(path, arguments) { Folder = root, Environment = variables, Timeout = Patience, KeepBytes = KeptBytes }, cancellation);
        var said = TarsEngine.Files.ByteText.Display((result.ErrorText + "\n" + System.Text.Encoding.UTF8.GetString(result.Output)).Trim());
        return result.Succeeded ? new(true, $"{done} {said}".Trim()) : new(false, $"'{program} {string.Join(' ', arguments)}' failed{(result.TimedOut ? ": its time was up" : "")}. {said}".Trim());
    }
}
