using TarsEngine.Git;

namespace TarsEngine.Tests.Git;

public sealed class CodebaseLocationTests : IDisposable
{
    private static readonly GitProgram Program = GitProgram.Find(GitRepository.Environment);
    private readonly GitRepository repository = new();

    public void Dispose() => repository.Dispose();

    private static async Task<CodebaseLocation> Find(string folder) =>
        Assert.IsType<Located>(await CodebaseLocation.FindAsync(Program, folder, TestContext.Current.CancellationToken)).Location;

    [Fact]
    public async Task A_repository_is_found_from_its_root_and_from_a_subfolder()
    {
        repository.Write("a/b c/ü.txt", "x");
        Assert.Equal(repository.Location, await Find(repository.Folder));
        Assert.Equal(repository.Location, await Find(repository.Folder + "/"));
        Assert.Equal(repository.Location, await Find(repository.At("a/b c")));
    }

    [Fact]
    public async Task A_worktree_is_a_codebase_with_a_git_directory_of_its_own()
    {
        repository.Commit();
        repository.Git("worktree", "add", "-q", repository.Beside("second"));
        var found = await Find(repository.Beside("second"));
        Assert.Equal(new CodebaseLocation(repository.Beside("second"), repository.At(".git/worktrees/second")), found);
    }

    [Fact]
    public async Task A_submodule_is_a_codebase_of_its_own()
    {
        repository.Write("f", "x");
        repository.Commit();
        using var outer = new GitRepository();
        outer.Git("-c", "protocol.file.allow=always", "submodule", "add", "-q", repository.Folder, "inner");
        var found = await Find(outer.At("inner"));
        Assert.Equal(new CodebaseLocation(outer.At("inner"), outer.At(".git/modules/inner")), found);
    }

    [Fact]
    public async Task A_bare_repository_is_refused_with_the_way_out()
    {
        repository.Commit();
        var bare = repository.Beside("bare.git");
        repository.Git("clone", "-q", "--bare", repository.Folder, bare);
        var refused = Assert.IsType<LocationRefused>(await CodebaseLocation.FindAsync(Program, bare, TestContext.Current.CancellationToken));
        Assert.Contains("bare", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("git worktree add", refused.Remedy, StringComparison.Ordinal);
        repository.Git("config", "core.bare", "true");
        Assert.IsType<LocationRefused>(await CodebaseLocation.FindAsync(Program, repository.Folder, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_inside_of_a_git_directory_is_refused()
    {
        var refused = Assert.IsType<LocationRefused>(await CodebaseLocation.FindAsync(Program, repository.At(".git/hooks"), TestContext.Current.CancellationToken));
        Assert.Contains(repository.Folder, refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worktree_whose_git_directory_is_gone_is_refused_and_not_taken_for_a_plain_folder()
    {
        Directory.CreateDirectory(repository.Beside("lost"));
        await File.WriteAllTextAsync(repository.Beside("lost/.git"), "gitdir: /gone/away\n", TestContext.Current.CancellationToken);
        var refused = Assert.IsType<LocationRefused>(await CodebaseLocation.FindAsync(Program, repository.Beside("lost"), TestContext.Current.CancellationToken));
        Assert.Contains("/gone/away", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_git_it_is_the_start_folder_or_the_nearest_with_a_state()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("a/b"));
        Assert.Equal(new CodebaseLocation(folder.File("a/b"), null), await Find(folder.File("a/b")));
        Directory.CreateDirectory(folder.File(".tars"));
        Assert.Equal(new CodebaseLocation(folder.Path, null), await Find(folder.File("a/b")));
    }

    [Fact]
    public async Task Attack_a_state_in_a_folder_of_everybodys_files_does_not_take_the_folders_below()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("everybody/mine"));
        Directory.CreateDirectory(folder.File("everybody/.tars"));
        File.SetUnixFileMode(folder.File("everybody"), (UnixFileMode)0b1_111_111_111);
        Assert.Equal(new CodebaseLocation(folder.File("everybody/mine"), null), await Find(folder.File("everybody/mine")));
        foreach (var place in (string[])["/", folder.File("everybody")])
        {
            var refused = Assert.IsType<LocationRefused>(await CodebaseLocation.FindAsync(Program, place, TestContext.Current.CancellationToken));
            Assert.Contains($"'{place}' is no codebase", refused.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_planted_state_folder_inside_a_repository_moves_nothing()
    {
        Directory.CreateDirectory(repository.At("sub/.tars"));
        Assert.Equal(repository.Location, await Find(repository.At("sub")));
    }

    [Fact]
    public async Task A_repository_that_names_another_work_tree_is_not_believed()
    {
        Directory.CreateDirectory(repository.Beside("elsewhere"));
        repository.Git("config", "core.worktree", repository.Beside("elsewhere"));
        Assert.Equal(repository.Folder, (await Find(repository.Folder)).Root);
    }
}
