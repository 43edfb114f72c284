using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;

namespace TarsEngine.Branches;

/// <summary>Which branches can't be landed on.</summary>
internal sealed class BranchName(GitProgram git, GitPlace place)
{
    public static string Ref(string branch) => "refs/heads/" + branch;

    /// <summary>Why nothing can land on a branch of this name; null when it can.</summary>
    public async Task<Finding?> WhyNotAsync(string branch, CancellationToken cancellation)
    {
        if (branch.StartsWith('-') || !(await git.RunAsync(place, ["check-ref-format", Ref(branch)], cancellation: cancellation)).Succeeded)
            return new(Severity.Error, "branch/name", $"'{ByteText.Display(branch)}' can't name a branch.", Remedy: "Choose another name, such as tars/faster-lookup.");
        return await CheckedOutAsync(branch, cancellation) is { } folder
            ? new(Severity.Error, "branch/checked-out", $"The branch '{branch}' is checked out in '{folder}': its files would no longer be what it says.",
                Remedy: "Land on another branch, or in the working tree (--land worktree).")
            : null;
    }

    /// <summary>The folder of the working tree whose branch it is, also while a rebase of it goes on; null for none.</summary>
    private async Task<string?> CheckedOutAsync(string branch, CancellationToken cancellation)
    {
        var answer = await git.RunAsync(place, ["worktree", "list", "--porcelain"], cancellation: cancellation);
        var folder = "";
        foreach (var line in answer.Checked().Text.Split('\n'))
        {
            if (line.StartsWith("worktree ", StringComparison.Ordinal)) folder = line["worktree ".Length..];
            if (line == "branch " + Ref(branch)) return folder;
        }
        return Rebased().Contains(Ref(branch), StringComparer.Ordinal) ? place.WorkTree ?? place.GitDirectory : null;
    }

    private IEnumerable<string> Rebased() =>
        ((string[])["rebase-merge/head-name", "rebase-apply/head-name"]).Select(name => Path.Combine(place.GitDirectory, name)).Where(File.Exists).Select(file => File.ReadAllText(file).Trim());
}
