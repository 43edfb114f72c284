using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Storage;

public sealed class StateFolderTests : IDisposable
{
    private readonly TempFolder temp = new();
    private readonly FileSystem files = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Without_git_it_hides_from_a_later_git_and_from_other_users()
    {
        var folder = StateFolder.Create(temp.Path, null, files);
        Assert.Equal(temp.File(".tars"), folder.Root);
        Assert.Equal("*\n", File.ReadAllText(temp.File(".tars/.gitignore")));
        using var root = files.OpenRoot(folder.Root);
        Assert.Equal(0b111_000_000, files.Stat(root).Mode);
        Assert.All((string[])[folder.Objects, folder.Stage, folder.Workspaces, folder.Layers, folder.Logs], f => Assert.True(Directory.Exists(f)));
    }

    [Fact]
    public void With_git_it_lies_in_the_git_directory_where_a_clean_spares_it()
    {
        Directory.CreateDirectory(temp.File(".git"));
        Assert.Equal(temp.File(".git/tars"), StateFolder.Create(temp.Path, temp.File(".git"), files).Root);
        Assert.False(Directory.Exists(temp.File(".tars")));
    }

    [Fact]
    public void On_another_device_than_git_it_lies_beside_the_code()
    {
        // Shared memory is a file system of its own everywhere.
        var elsewhere = Directory.CreateDirectory($"/dev/shm/tars-test-{Guid.NewGuid():n}");
        try
        {
            Assert.Equal(temp.File(".tars"), StateFolder.Create(temp.Path, elsewhere.FullName, files).Root);
            Assert.Empty(elsewhere.EnumerateFileSystemInfos());
        }
        finally
        {
            elsewhere.Delete();
        }
    }

    [Fact]
    public void A_state_that_came_with_a_clone_is_not_taken_for_ours()
    {
        var committed = StateFolder.Create(temp.Path, null, files);
        StateDatabase.Open(committed.Database, TimeProvider.System).Dispose();
        Directory.CreateDirectory(temp.File(".git"));
        Assert.Equal(temp.File(".git/tars"), StateFolder.Create(temp.Path, temp.File(".git"), files).Root);
    }

    [Theory]
    [InlineData(".tars", true)]
    [InlineData(".tars", false)]
    [InlineData(".tars/objects", true)]
    public void A_symlink_or_a_file_in_its_place_is_refused(string name, bool link)
    {
        var outside = Directory.CreateDirectory(temp.File("outside"));
        Directory.CreateDirectory(Path.GetDirectoryName(temp.File(name))!);
        if (link) File.CreateSymbolicLink(temp.File(name), outside.FullName);
        else File.WriteAllText(temp.File(name), "mine");
        var error = Assert.Throws<StateException>(() => StateFolder.Create(temp.Path, null, files));
        Assert.Contains(link ? "symlink" : "file", error.Message, StringComparison.Ordinal);
        Assert.Empty(outside.EnumerateFileSystemInfos());
    }

    [Fact]
    public void It_works_at_a_path_with_blanks_and_other_letters_and_twice()
    {
        var root = Directory.CreateDirectory(temp.File("mein Projekt — λ")).FullName;
        var folder = StateFolder.Create(root, null, files);
        StateDatabase.Open(StateFolder.Create(root, null, files).Database, TimeProvider.System).Dispose();
        using var held = folder.Acquire("commit", TimeSpan.Zero);
    }

    [Fact]
    public async Task A_lock_is_held_by_one_at_a_time_also_when_its_file_comes_and_goes()
    {
        var folder = StateFolder.Create(temp.Path, null, files);
        foreach (var name in (string[])["commit", "run-CTX-1"])
        {
            var (inside, most, entered) = (0, 0, 0);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 50; i++)
                {
                    if (folder.TryAcquire(name) is not { } held) continue;
                    using (held)
                    {
                        most = Math.Max(most, Interlocked.Increment(ref inside));
                        Interlocked.Increment(ref entered);
                        Thread.Yield();
                        Interlocked.Decrement(ref inside);
                    }
                }
            })));
            Assert.Equal(1, most);
            Assert.True(entered > 0);
        }
        Assert.Equal(["commit.lock"], Directory.GetFiles(Path.Combine(folder.Root, "locks")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("../commit")]
    [InlineData("")]
    [InlineData("a/b")]
    public void A_lock_name_cannot_lead_elsewhere(string name) =>
        Assert.Throws<ArgumentException>(() => StateFolder.Create(temp.Path, null, files).TryAcquire(name));
}
