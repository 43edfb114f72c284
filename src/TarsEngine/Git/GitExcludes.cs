using System.Text;

namespace TarsEngine.Git;

/// <summary>Ignore rules that don't stand in the codebase itself.</summary>
public static class GitExcludes
{
    /// <summary>What a codebase without git leaves out besides what its .gitignore files name: outputs, caches and secrets of common tools.</summary>
    internal const string WithoutGit =
        """
        /.tars/
        bin/
        obj/
        node_modules/
        .vs/
        .idea/
        __pycache__/
        *.pyc
        .venv/
        target/
        TestResults/
        .DS_Store
        .env
        .env.*

        """;

    /// <summary>
    /// The user's own ignore file ('core.excludesFile', else the one in the configuration folder); null when there is none.
    /// The user's configuration is the user's word; a repository can't name one.
    /// </summary>
    public static async Task<string?> FindUserFileAsync(
        GitProgram git, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation = default)
    {
        var (home, settings) = (variables.GetValueOrDefault("HOME"), SettingsFolder(variables));
        foreach (var file in UserConfigurations(variables))
        {
            var answer = await git.RunAsync(GitPlace.Nowhere("/"), ["config", "--file", file, "--includes", "--get", "core.excludesFile"], cancellation: cancellation);
            if (!answer.Succeeded) continue;
            var named = answer.Text.StartsWith("~/", StringComparison.Ordinal) && home is not null ? home + answer.Text[1..] : answer.Text;
            return named.StartsWith('/') && IsRegular(named) ? named : null;
        }
        return settings is not null && IsRegular(settings + "/git/ignore") ? settings + "/git/ignore" : null;
    }

    /// <summary>The user's own configuration files of git, the stronger first.</summary>
    internal static IEnumerable<string> UserConfigurations(IReadOnlyDictionary<string, string> variables)
    {
        string?[] files = [variables.GetValueOrDefault("HOME") is { } home ? home + "/.gitconfig" : null, SettingsFolder(variables) is { } settings ? settings + "/git/config" : null];
        return files.OfType<string>().Where(IsRegular);
    }

    private static string? SettingsFolder(IReadOnlyDictionary<string, string> variables) =>
        variables.GetValueOrDefault("XDG_CONFIG_HOME") is { Length: > 0 } given ? given : variables.GetValueOrDefault("HOME") is { } home ? home + "/.config" : null;

    /// <summary>The rules as one text, the weakest first, as git weighs them.</summary>
    internal static string Text(CodebaseLocation location, string? userFile)
    {
        var text = new StringBuilder();
        if (userFile is not null) text.AppendLine(File.ReadAllText(userFile, Encoding.Latin1));
        if (location.GitDirectory is null) return text.Append(WithoutGit).ToString();
        var shared = location.GitDirectory;
        if (File.Exists(shared + "/commondir")) shared = Path.GetFullPath(File.ReadAllText(shared + "/commondir").Trim(), shared);
        if (IsRegular(shared + "/info/exclude")) text.AppendLine(File.ReadAllText(shared + "/info/exclude", Encoding.Latin1));
        return text.Append("/.tars/\n").ToString();
    }

    // Length 0: empty, or a FIFO, which would make us wait for ever.
    private static bool IsRegular(string file) => File.Exists(file) && (File.ResolveLinkTarget(file, returnFinalTarget: true) as FileInfo ?? new FileInfo(file)) is { Exists: true, Length: > 0 };
}
