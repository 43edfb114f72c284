using TarsEngine.Git;
using TarsEngine.Improvements;

namespace TarsEngine.Tests.Improvements;

public sealed class GitCommitSourceTests : IDisposable
{
    private readonly ScratchRepository repository = new();
    private readonly GitCommitSource source;

    public GitCommitSourceTests() => source = new(GitProgram.Find(new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! }),
        new GitPlace(repository.Path, Path.Combine(repository.Path, ".git"), null));

    public void Dispose() => repository.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_commit_becomes_one_improvement_with_its_parent_as_base()
    {
        var first = Commit("one", ("a.txt", "1\n"));
        var second = Commit("Second: change a\n\nBecause it was\ntoo small.\n\nRefs: #2", first, ("a.txt", "2\n"));
        var third = Commit("third, a\nfolded title", second, ("a.txt", "2\n"), ("b\ttab", "new\n"));

        var proposed = Assert.IsType<Proposed>(await source.ReadAsync($"{first}..{third}", Cancellation));

        Assert.Equal(["Second: change a", "third, a folded title"], proposed.Improvements.Select(i => i.Title));
        Assert.Equal([first, second], proposed.Improvements.Select(i => i.BaseCommit));
        Assert.Equal("Because it was\ntoo small.\n\nRefs: #2", proposed.Improvements[0].Description);
        Assert.Equal($"git:{second} by Ada Lovelace <ada@example.org>", proposed.Improvements[0].Source);
        Assert.Empty(proposed.Notices);
    }

    [Fact]
    public async Task A_root_commit_is_imported_without_a_base()
    {
        var root = Commit("root", ("a.txt", "1\n"));

        var proposed = Assert.IsType<Proposed>(await source.ReadAsync(root, Cancellation));

        Assert.Null(Assert.Single(proposed.Improvements).BaseCommit);
    }

    [Fact]
    public async Task Merges_and_empty_commits_are_left_out_and_said()
    {
        var root = Commit("root", ("a.txt", "1\n"));
        var side = Commit("side", root, ("a.txt", "1\n"), ("side.txt", "s\n"));
        var main = Commit("main", root, ("a.txt", "2\n"));
        var merge = repository.Commit([("a.txt", "100644", "2\n"u8.ToArray()), ("side.txt", "100644", "s\n"u8.ToArray())], "merge it", main, side);
        var empty = Commit("nothing at all", merge, ("a.txt", "2\n"), ("side.txt", "s\n"));

        var proposed = Assert.IsType<Proposed>(await source.ReadAsync($"{root}..{empty}", Cancellation));

        Assert.Equal(["main", "side"], proposed.Improvements.Select(i => i.Title).Order());
        Assert.Contains(proposed.Notices, n => n.Contains("merge it", StringComparison.Ordinal) && n.Contains("is a merge", StringComparison.Ordinal));
        Assert.Contains(proposed.Notices, n => n.Contains("nothing at all", StringComparison.Ordinal) && n.Contains("changes no file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_commit_that_changes_a_submodule_is_refused_by_name_and_the_others_are_taken()
    {
        var root = Commit("root", ("a.txt", "1\n"));
        var submodule = repository.Commit([("a.txt", "100644", "1\n"u8.ToArray()), ("sub", "160000", "1234567890123456789012345678901234567890"u8.ToArray())], "pull in sub", root);
        var next = repository.Commit([("a.txt", "100644", "2\n"u8.ToArray()), ("sub", "160000", "1234567890123456789012345678901234567890"u8.ToArray())], "next", submodule);

        var proposed = Assert.IsType<Proposed>(await source.ReadAsync($"{root}..{next}", Cancellation));

        Assert.Equal("next", Assert.Single(proposed.Improvements).Title);
        Assert.Contains("pull in sub", Assert.Single(proposed.Notices), StringComparison.Ordinal);
        Assert.Contains("submodule", proposed.Notices[0], StringComparison.Ordinal);
        Assert.IsType<ProposalRefused>(await source.ReadAsync(submodule, Cancellation));
    }

    [Theory]
    [InlineData("gone..HEAD", "No commit 'gone'")]
    [InlineData("--output=/tmp/x..HEAD", "looks like an option")]
    [InlineData("HEAD..--all", "looks like an option")]
    [InlineData("a...b", "A..B")]
    [InlineData("..HEAD", "no beginning")]
    [InlineData("", "looks like main..feature")]
    [InlineData("1234567890123456789012345678901234567890..HEAD", "may be gone")]
    public async Task A_range_that_names_no_commits_is_refused(string range, string said)
    {
        repository.Git("update-ref", "HEAD", Commit("root", ("a.txt", "1\n")));

        var refused = Assert.IsType<ProposalRefused>(await source.ReadAsync(range, Cancellation));

        Assert.Contains(said, Assert.Single(refused.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_and_attributes_of_the_repository_change_nothing_about_the_patch()
    {
        var root = Commit("root", ("a.txt", "1\n"), ("b.txt", "b\nb\nb\nb\n"));
        var next = Commit("next", root, ("a.txt", "2\n"), ("c.txt", "b\nb\nb\nb\n"));
        var before = Assert.IsType<Proposed>(await source.ReadAsync(next, Cancellation)).Improvements[0].Fingerprint;
        foreach (var (key, value) in ((string, string)[])[("diff.noprefix", "true"), ("diff.renames", "false"), ("diff.external", "/bin/false"), ("color.ui", "always"), ("diff.x.textconv", "/bin/false"), ("diff.x.command", "/bin/false"), ("core.quotePath", "false"), ("diff.context", "0")])
            repository.Git("config", key, value);
        File.WriteAllText(Path.Combine(repository.Path, ".git", "info", "attributes"), "*.txt diff=x\n");

        Assert.Equal(before, Assert.IsType<Proposed>(await source.ReadAsync(next, Cancellation)).Improvements[0].Fingerprint);
    }

    private string Commit(string message, params (string Path, string Text)[] files) =>
        repository.Commit(files.Select(f => (f.Path, "100644", System.Text.Encoding.UTF8.GetBytes(f.Text))), message);

    private string Commit(string message, string parent, params (string Path, string Text)[] files) =>
        repository.Commit(files.Select(f => (f.Path, "100644", System.Text.Encoding.UTF8.GetBytes(f.Text))), message, parent);
}
