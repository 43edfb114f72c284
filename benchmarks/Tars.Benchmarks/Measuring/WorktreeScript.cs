using System.Text;
using TarsEngine.Configuration;

namespace Tars.Benchmarks.Measuring;

/// <summary>What people write today to try a change without touching their files: a worktree, the patch, the tests, a commit or nothing.</summary>
internal sealed class WorktreeScript(Bench bench, ImprovedRepository repository)
{
    private readonly BuildServers servers = new(bench);

    public Task RunAsync(CancellationToken cancellation) =>
        Bench.RunOnHostAsync([.. servers.Environment, "sh", "-c", Text(), repository.Folder, repository.Folder + ".tree", repository.Patch], repository.Folder, cancellation);

    private string Text() => $"""
        set -e
        repo=$0 tree=$1 patch=$2
        git -C "$repo" worktree add -q --detach "$tree" HEAD
        cd "$tree"
        trap 'git -C "$repo" worktree remove --force "$tree"' EXIT
        git apply "$patch"
        {string.Join('\n', Checks().Select(check => $"({check})"))}
        git add -u
        git commit -q -m improvement
        made=$(git rev-parse HEAD)
        cd "$repo"
        git merge -q --ff-only "$made"
        """;

    // The same commands as in the sandbox, where the configuration names some.
    private IEnumerable<string> Checks()
    {
        if (repository.Configuration is not { } file) return ["dotnet test"];
        var result = ConfigurationLoader.Load(File.ReadAllText(file), null, file);
        if (result.Problems.Count > 0) throw new ConfigurationException(result.Problems);
        return result.Configuration.Checks?.Select(check => string.Join(' ', check.Arguments.Select(Quoted))) ?? ["dotnet test"];
    }

    private static string Quoted(string argument)
    {
        var quoted = new StringBuilder("'").Append(argument.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'');
        return quoted.Replace("{results}", "'\"$tree/results\"'").Replace("/codebase", "'\"$tree\"'").ToString();
    }
}
