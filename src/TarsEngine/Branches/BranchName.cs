using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;

namespace TarsEngine.Branches;

/// <summary>Which branches can't be landed on.</summary>
internal sealed class BranchName(GitProgram git, GitPlace place)
{
    private static readonly string[] heads = ["rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START"];

    public static string Ref(string branch) => "refs/heads/" + branch;

    /// <summary>Why nothing can land on a branch of this name; null when it can.</summary>
    public async Task<Finding?> WhyNotAsync(string branch, CancellationToken cancellation)
    {
        if (!await IsNameAsync(branch, cancellation))
            return new(Severity.Error, "branch/name", $"'{ByteText.Display(branch)}' can't name a branch.", Remedy: "Choose another name, such as tars/faster-lookup.");
        if (await ClashAsync(branch, cancellation) is { } other)
            return new(Severity.Error, "branch/name", $"There can't be a branch '{branch}' beside the branch '{other}': git keeps them as a folder and a file.", Remedy: "Choose another name.");
        return await CheckedOutAsync(branch, cancellation) is { } folder
            ? new(Severity.Error, "branch/checked-out", $"The branch '{branch}' is checked out in '{folder}', or a rebase or bisect of it goes on there: its files would no longer be what it says.",
                Remedy: "Leave it there ('git switch --detach'), land on another branch, or in the working tree (--land worktree).")
            : null;
    }

    private async Task<bool> IsNameAsync(string branch, CancellationToken cancellation) =>
        !branch.StartsWith('-') && !branch.StartsWith("refs/", StringComparison.Ordinal) && branch is not ("HEAD" or "@")
        && await git.RunAsync(place, ["check-ref-format", "--branch", branch], cancellation: cancellation) is { Succeeded: true, Text: var shown } && shown == branch;

    private async Task<string?> ClashAsync(string branch, CancellationToken cancellation)
    {
        var all = (await git.RunAsync(place, ["for-each-ref", "--format=%(refname)", Ref(branch) + "/"], cancellation: cancellation)).Checked().Text;
        if (all.Length > 0) return all.Split('\n')[0]["refs/heads/".Length..];
        for (var at = branch.LastIndexOf('/'); at > 0; at = branch.LastIndexOf('/', at - 1))
        {
            if ((await git.RunAsync(place, ["show-ref", "--verify", "--quiet", Ref(branch[..at])], cancellation: cancellation)).Succeeded) return branch[..at];
        }
        return null;
    }

    /// <summary>The folder of the working tree whose branch it is, also while a rebase or bisect of it goes on; null for none.</summary>
    private async Task<string?> CheckedOutAsync(string branch, CancellationToken cancellation)
    {
        var answer = await git.RunAsync(place, ["worktree", "list", "--porcelain"], cancellation: cancellation);
        var folder = "";
        foreach (var line in answer.Checked().Text.Split('\n'))
        {
            if (line.StartsWith("worktree ", StringComparison.Ordinal)) folder = line["worktree ".Length..];
            if (line == "branch " + Ref(branch)) return folder;
        }
        return GitDirectories().FirstOrDefault(directory => heads.Select(name => Path.Combine(directory, name)).Where(File.Exists)
            .Any(file => File.ReadAllText(file).Trim() is var head && (head == Ref(branch) || head == branch)));
    }

    // The repository's own, and those of its linked working trees.
    private IEnumerable<string> GitDirectories()
    {
        var common = Path.Combine(place.GitDirectory, "commondir");
        var shared = File.Exists(common) ? Path.GetFullPath(File.ReadAllText(common).Trim(), place.GitDirectory) : place.GitDirectory;
        var linked = Path.Combine(shared, "worktrees");
        return Directory.Exists(linked) ? [shared, .. Directory.GetDirectories(linked)] : [shared];
    }
}
