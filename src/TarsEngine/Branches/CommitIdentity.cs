using TarsEngine.Git;

namespace TarsEngine.Branches;

/// <summary>Who commits are by: as git would say it for this person, from the variables, the repository's configuration, or their own.</summary>
internal sealed class CommitIdentity(GitProgram git, GitPlace place, IReadOnlyDictionary<string, string> variables)
{
    private const string UnknownName = "TARS", UnknownEmail = "tars@localhost";

    public async Task<(string Name, string Email)> FindAsync(CancellationToken cancellation) => (
        Variable("GIT_AUTHOR_NAME") ?? await ConfiguredAsync("user.name", cancellation) ?? UnknownName,
        Variable("GIT_AUTHOR_EMAIL") ?? await ConfiguredAsync("user.email", cancellation) ?? UnknownEmail);

    private async Task<string?> ConfiguredAsync(string key, CancellationToken cancellation)
    {
        if (await AskAsync(place, ["config", "--get", key], cancellation) is { } own) return own;
        foreach (var file in GitExcludes.UserConfigurations(variables))
        {
            if (await AskAsync(GitPlace.Nowhere("/"), ["config", "--file", file, "--includes", "--get", key], cancellation) is { } theirs) return theirs;
        }
        return null;
    }

    private async Task<string?> AskAsync(GitPlace at, string[] question, CancellationToken cancellation) =>
        await git.RunAsync(at, question, cancellation: cancellation) is { Succeeded: true, Text: { Length: > 0 } text } ? text : null;

    private string? Variable(string name) => variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
