using System.Text;
using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Git;

namespace TarsEngine.Improvements;

/// <summary>Makes improvements of commits: each one that is no merge becomes one, with its parent as base.</summary>
public sealed class GitCommitSource(GitProgram git, GitPlace place, PatchLimits? limits = null)
{
    private const int MaxCommits = 10_000;
    private readonly PatchLimits limits = limits ?? PatchLimits.Default;

    // Everything that a repository's or a user's configuration could change about a patch is said here.
    private static readonly string[] DiffOptions =
    [
        "diff-tree", "-p", "-r", "--root", "--no-commit-id", "--binary", "--full-index", "-M", "-U3", "--inter-hunk-context=0", "--diff-algorithm=myers",
        "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--ignore-submodules=none",
    ];

    /// <param name="range">'A..B': the commits that B has and A hasn't, oldest first; or one commit.</param>
    public async Task<ProposalResult> ReadAsync(string range, CancellationToken cancellation = default)
    {
        var (from, to, problem) = Split(range);
        var newest = problem is null ? await ResolveAsync(to, cancellation) : null;
        var oldest = problem is null && from is not null ? await ResolveAsync(from, cancellation) : null;
        if (problem is null && newest is null) problem = Unknown(to);
        if (problem is null && from is not null && oldest is null) problem = Unknown(from);
        if (problem is not null) return new ProposalRefused([new(ByteText.Display(range), 1, 1, problem)]);
        var commits = await ListAsync(newest!, oldest, from is null, cancellation);
        if (commits.Count > MaxCommits)
            return new ProposalRefused([new(ByteText.Display(range), 1, 1, $"The range holds {commits.Count:N0} commits; the limit is {MaxCommits:N0}. Import it in parts.")]);
        var proposals = new List<ImprovementProposal>();
        var notices = new List<string>();
        var problems = new List<DocumentProblem>();
        foreach (var commit in commits) await TakeAsync(commit, proposals, notices, problems, cancellation);
        if (proposals.Count > 0) return new Proposed(proposals, [.. notices, .. problems.Select(p => $"Left out: {p.Source}: {p.Message}")]);
        if (problems.Count > 0) return new ProposalRefused(problems);
        return new NothingProposed($"Nothing to do: '{ByteText.Display(range)}' holds no commit that changes something." + string.Concat(notices.Take(3).Select(n => " " + n)));
    }

    private async Task TakeAsync(
        (string Id, IReadOnlyList<string> Parents) commit, List<ImprovementProposal> proposals, List<string> notices, List<DocumentProblem> problems, CancellationToken cancellation)
    {
        var said = CommitText.Parse((await RunAsync(["cat-file", "commit", commit.Id], cancellation)).Checked().Output);
        var name = $"commit {commit.Id[..12]} '{ByteText.Display(said.Title)}'";
        if (commit.Parents.Count > 1)
        {
            notices.Add($"Left out: {name} is a merge; what it merged is imported commit by commit.");
            return;
        }
        var patch = (await RunAsync([.. DiffOptions, .. commit.Parents, commit.Id], cancellation)).Checked().Output;
        switch (PatchReader.Read(new MemoryStream(patch), limits))
        {
            case PatchRead read:
                proposals.Add(ImprovementSource.OfPatch(
                    CanonicalPatch.Of(patch, read), said.Title, said.Body, $"git:{commit.Id} by {said.Author}", commit.Parents is [var parent] ? parent : null));
                break;
            case PatchRefused refused:
                problems.AddRange(refused.Problems.Select(p => new DocumentProblem(name, p.Line, 1, p.Message, p.IsDenied)));
                break;
            default:
                notices.Add($"Left out: {name} changes no file.");
                break;
        }
    }

    private async Task<List<(string Id, IReadOnlyList<string> Parents)>> ListAsync(string newest, string? oldest, bool onlyOne, CancellationToken cancellation)
    {
        string[] bounds = onlyOne ? ["--max-count=1", newest] : [newest, "^" + oldest];
        var listing = await RunAsync(["rev-list", "--reverse", "--topo-order", "--parents", .. bounds], cancellation);
        return [.. listing.Checked().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).Select(ids => (ids[0], (IReadOnlyList<string>)ids[1..]))];
    }

    private async Task<string?> ResolveAsync(string name, CancellationToken cancellation)
    {
        var answer = await RunAsync(["rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"], cancellation);
        return answer.Succeeded ? answer.Text : null;
    }

    private Task<GitResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => git.RunAsync(place, arguments, cancellation: cancellation);

    private static string Unknown(string name) =>
        $"No commit '{ByteText.Display(name)}' is in this repository. It may be gone (amended, rebased, pruned) or never fetched: fetch it, or name another.";

    private static (string? From, string To, string? Problem) Split(string range)
    {
        if (range.Length == 0 || range.Any(char.IsControl)) return (null, "", "A range of commits looks like main..feature.");
        if (range.Contains("...", StringComparison.Ordinal)) return (null, "", "'A...B' names both sides; give 'A..B' for the commits that B has and A hasn't.");
        var at = range.IndexOf("..", StringComparison.Ordinal);
        var (from, to) = at < 0 ? (null, range) : (range[..at], range[(at + 2)..]);
        if (to.Length == 0) to = "HEAD";
        if (from is { Length: 0 }) return (null, "", "The range has no beginning; it looks like main..feature.");
        return from is ['-', ..] || to is ['-', ..] ? (null, "", "The range looks like an option; it looks like main..feature.") : (from, to, null);
    }
}

/// <summary>What a commit says of itself.</summary>
internal sealed record CommitText(string Title, string Body, string Author)
{
    public static CommitText Parse(byte[] commit)
    {
        var text = Decode(commit);
        var split = text.IndexOf("\n\n", StringComparison.Ordinal);
        var header = (split < 0 ? text : text[..split]).Split('\n');
        var message = split < 0 ? "" : text[(split + 2)..].Trim('\n', '\r', ' ');
        var end = message.IndexOf("\n\n", StringComparison.Ordinal);
        var title = string.Join(' ', (end < 0 ? message : message[..end]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var author = header.FirstOrDefault(l => l.StartsWith("author ", StringComparison.Ordinal))?["author ".Length..] ?? "";
        var mail = author.LastIndexOf('>');
        return new(title.Length == 0 ? "(no message)" : title, end < 0 ? "" : message[(end + 2)..].Trim(), mail < 0 ? author : author[..(mail + 1)]);
    }

    // A commit says its encoding when that isn't UTF-8; many old ones don't, and are Latin-1 all the same.
    private static string Decode(byte[] commit)
    {
        try
        {
            if (commit.AsSpan().IndexOf("\nencoding "u8) < 0) return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(commit);
        }
        catch (DecoderFallbackException)
        {
            // Latin-1 below: it has a letter for every byte.
        }
        return Encoding.Latin1.GetString(commit);
    }
}
