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

        var view = await WriteAsync();
        string InView(params string[] arguments) => repository.Git(["--git-dir", Joined(view), "--work-tree", repository.Folder, .. arguments]);

        Assert.Equal(repository.Git("rev-parse", "HEAD"), InView("rev-parse", "HEAD"));
        Assert.Equal(repository.Git("symbolic-ref", "HEAD"), InView("symbolic-ref", "HEAD"));
        Assert.StartsWith("v1.2-1-g", InView("describe"), StringComparison.Ordinal);
        Assert.Equal("second\nfirst", InView("log", "--format=%s"));
        Assert.Equal("", InView("status", "--porcelain"));
        Assert.Equal("", InView("branch", "--list", "other"));
        Assert.DoesNotContain("secret", string.Concat(Directory.EnumerateFiles(view.Folder).Where(file => Path.GetFileName(file) != "index").Select(File.ReadAllText)), StringComparison.Ordinal);
        Assert.Equal("", InView("fsck", "--no-dangling", "--connectivity-only"));
    }

    [Fact]
    public async Task A_detached_head_and_a_moved_tag_make_another_view()
    {
        repository.Write("a.txt", "one");
        repository.Commit("first");
        repository.Git("tag", "v1");
        repository.Git("checkout", "-q", "--detach");
        var before = await StateAsync();
        repository.Write("a.txt", "two");
        repository.Commit("second");
        repository.Git("tag", "-f", "v1");
        var after = await StateAsync();

        Assert.Null(after!.Branch);
        Assert.NotEqual(before!.Key, after.Key);
        Assert.Equal(after.Key, (await StateAsync())!.Key);
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

    private RepositoryViewWriter Writer => new(GitProgram.Find(GitRepository.Environment), new(repository.Folder, Path.Combine(repository.Folder, ".git"), repository.Folder), files);

    private Task<RepositoryState?> StateAsync() => Writer.ReadAsync(TestContext.Current.CancellationToken);

    private async Task<RepositoryView> WriteAsync() => await Writer.WriteAsync((await StateAsync())!, folder.Path, TestContext.Current.CancellationToken);

    /// <summary>As it is shown: with the repository's objects in their place.</summary>
    private static string Joined(RepositoryView view)
    {
        Directory.Delete(Path.Combine(view.Folder, "objects"));
        Directory.CreateSymbolicLink(Path.Combine(view.Folder, "objects"), view.Objects);
        return view.Folder;
    }
}
