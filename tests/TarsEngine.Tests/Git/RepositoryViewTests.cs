using TarsEngine.Files;
using TarsEngine.Git;

namespace TarsEngine.Tests.Git;

public sealed class RepositoryViewTests : IDisposable
{
    private readonly GitRepository repository = new();
    private readonly TempFolder folder = new();
    private readonly FileSystem files = new();

    [Fact]
    public async Task It_shows_head_its_branch_tags_and_history_and_a_clean_index()
    {
        repository.Write("a.txt", "one");
        repository.Commit("first");
        repository.Git("tag", "-a", "v1.2", "-m", "annotated");
        repository.Git("tag", "light");
        repository.Write("a.txt", "two");
        repository.Commit("second");
        repository.Git("remote", "add", "origin", "https://user:secret@example.org/x.git");
        repository.Git("branch", "other");

        await WriteAsync();
        string InView(params string[] arguments) => repository.Git(["--git-dir", folder.Path, "--work-tree", repository.Folder, .. arguments]);

        Assert.Equal(repository.Git("rev-parse", "HEAD"), InView("rev-parse", "HEAD"));
        Assert.Equal(repository.Git("symbolic-ref", "HEAD"), InView("symbolic-ref", "HEAD"));
        Assert.StartsWith("v1.2-1-g", InView("describe"), StringComparison.Ordinal);
        Assert.Equal("second\nfirst", InView("log", "--format=%s"));
        Assert.Equal("", InView("status", "--porcelain"));
        Assert.Equal("", InView("branch", "--list", "other"));
        Assert.DoesNotContain("secret", string.Concat(Directory.EnumerateFiles(folder.Path).Where(file => Path.GetFileName(file) != "index").Select(File.ReadAllText)), StringComparison.Ordinal);
        Assert.Equal("", InView("fsck", "--no-dangling", "--connectivity-only"));
    }

    [Fact]
    public async Task A_detached_head_has_no_branch()
    {
        repository.Write("a.txt", "one");
        repository.Commit("first");
        repository.Git("checkout", "-q", "--detach");

        await WriteAsync();

        Assert.Equal(repository.Head + "\n", await File.ReadAllTextAsync(Path.Combine(folder.Path, "HEAD"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_a_commit_or_with_objects_elsewhere_there_is_none()
    {
        Assert.Null(await StateAsync());
        repository.Write("a.txt", "one");
        repository.Commit("first");
        Assert.NotNull(await StateAsync());
        await File.WriteAllTextAsync(Path.Combine(repository.Folder, ".git/objects/info/alternates"), "/elsewhere/objects\n", TestContext.Current.CancellationToken);
        Assert.Null(await StateAsync());
    }

    public void Dispose()
    {
        repository.Dispose();
        folder.Dispose();
    }

    private RepositoryView View => new(GitProgram.Find(GitRepository.Environment), new(repository.Folder, Path.Combine(repository.Folder, ".git"), repository.Folder), files);

    private Task<RepositoryState?> StateAsync() => View.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>As it is shown: with the repository's objects in their place.</summary>
    private async Task WriteAsync()
    {
        var state = (await StateAsync())!;
        await View.WriteAsync(state, folder.Path, TestContext.Current.CancellationToken);
        var objects = Path.Combine(folder.Path, "objects");
        Directory.Delete(objects);
        Directory.CreateSymbolicLink(objects, state.Objects);
    }
}
