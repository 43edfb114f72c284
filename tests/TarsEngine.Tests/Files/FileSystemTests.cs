using System.Diagnostics;
using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Tests.Files;

public sealed class FileSystemTests : IDisposable
{
    private readonly TempFolder temp = new();
    private readonly FileSystem files = new();
    private readonly DirectoryHandle root;

    public FileSystemTests() => root = files.OpenRoot(temp.Path);

    public void Dispose()
    {
        root.Dispose();
        temp.Dispose();
    }

    private void Put(string name, string content)
    {
        using var file = files.CreateFile(root, name, 0b110_100_100);
        files.Write(file, Encoding.UTF8.GetBytes(content));
        files.Fsync(file);
    }

    private string Text(string name) => File.ReadAllText(Path.Combine(temp.Path, name));

    [Fact]
    public void Names_that_are_not_UTF8_survive_exactly()
    {
        var name = ByteText.Decode([(byte)'a', 0xff, 0xfe, (byte)'\n', (byte)' ']);
        Put(name, "x");
        Assert.Equal([name], files.List(root));
        Assert.Equal(1, files.Stat(root, name)!.Size);
        files.Unlink(root, name);
        Assert.Empty(files.List(root));
    }

    [Fact]
    public void A_folder_of_many_names_is_listed_whole()
    {
        var names = Enumerable.Range(0, 3000).Select(i => $"file-with-a-rather-long-name-{i:D5}").ToList();
        foreach (var name in names) File.WriteAllText(Path.Combine(temp.Path, name), "");
        Assert.Equal(names, files.List(root));
    }

    [Fact]
    public void Exchange_swaps_and_noreplace_refuses_what_is_taken()
    {
        Put("a", "A");
        Put("b", "B");
        files.RenameExchange(root, "a", root, "b");
        Assert.Equal("B", Text("a"));
        Assert.Equal("A", Text("b"));
        var refused = Assert.Throws<FileSystemException>(() => files.RenameNoReplace(root, "a", root, "b"));
        Assert.Equal(Errno.Exists, refused.Error);
        Assert.Contains("rename-noreplace", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_symlinked_folder_is_not_opened_even_when_it_stays_inside()
    {
        Directory.CreateDirectory(Path.Combine(temp.Path, "real"));
        File.CreateSymbolicLink(Path.Combine(temp.Path, "link"), "real");
        Assert.NotNull(files.OpenDirectory(root, RepositoryPath.Parse("real")));
        Assert.Equal(Errno.Loop, Assert.Throws<FileSystemException>(() => files.OpenDirectory(root, RepositoryPath.Parse("link"))).Error);
    }

    [Fact]
    public void A_folder_that_is_absent_or_a_file_opens_as_null()
    {
        Put("file", "");
        Assert.Null(files.OpenDirectory(root, RepositoryPath.Parse("absent/deeper")));
        Assert.Null(files.OpenDirectory(root, RepositoryPath.Parse("file")));
        using var again = files.OpenDirectory(root, null);
        Assert.Equal(root.Inode, again!.Inode);
    }

    [Fact]
    public void Attack_reading_through_a_symlink_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(temp.Path, "passwd"), "/etc/passwd");
        Assert.Equal(Errno.Loop, Assert.Throws<FileSystemException>(() => files.OpenRead(root, "passwd")).Error);
        Assert.Equal("/etc/passwd"u8.ToArray(), files.ReadLink(root, "passwd"));
    }

    [Fact]
    public void Attack_a_FIFO_does_not_hang_and_is_named()
    {
        Process.Start("mkfifo", Path.Combine(temp.Path, "pipe")).WaitForExit();
        Assert.Contains("pipe", Assert.Throws<FileSystemException>(() => files.Capture(root, "pipe")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_names_with_a_slash_or_dots_are_no_entries()
    {
        Assert.Throws<ArgumentException>(() => files.Stat(root, "../x"));
        Assert.Throws<ArgumentException>(() => files.Unlink(root, ".."));
        Assert.Throws<ArgumentException>(() => files.CreateFile(root, "a\0b", 0));
    }

    [Fact]
    public void Capture_tells_kind_mode_and_content()
    {
        Put("file", "hello");
        using (var file = files.OpenFile(root, "file")) files.SetMode(file, 0b111_101_000);
        files.CreateSymlink(root, "link", [0xff, (byte)'x']);
        Assert.Equal(new FileState(EntryKind.File, 0b111_101_000, ContentHash.Of("hello"u8), 5), files.Capture(root, "file"));
        Assert.Equal(new FileState(EntryKind.Symlink, FileState.SymlinkMode, ContentHash.Of([0xff, (byte)'x']), 2), files.Capture(root, "link"));
        Assert.Null(files.Capture(root, "absent"));
    }

    [Fact]
    public void A_full_disk_is_told_with_its_errno_and_a_remedy()
    {
        using var devices = files.OpenRoot("/dev");
        using var full = files.OpenOrCreateFile(devices, "full", 0);
        var told = Assert.Throws<FileSystemException>(() => files.Write(full, "x"u8));
        Assert.Equal(Errno.NoSpace, told.Error);
        Assert.Contains("free some space", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_lease_is_refused_while_someone_writes_and_a_writer_does_not_kill_us()
    {
        Put("file", "x");
        var path = Path.Combine(temp.Path, "file");
        using var file = files.OpenFile(root, "file");
        using (new FileStream(path, FileMode.Open, FileAccess.Write)) Assert.False(files.TryReadLease(file));
        Assert.True(files.TryReadLease(file));
        var writer = Process.Start("sh", ["-c", "echo y > \"$0\"", path]);
        Assert.False(writer.WaitForExit(300));
        files.EndLease(file);
        writer.WaitForExit();
        Assert.Equal("y\n", Text("file"));
    }

    [Fact]
    public void Extended_attributes_and_ACLs_are_copied()
    {
        Put("from", "");
        Put("to", "");
        using var from = files.OpenFile(root, "from");
        using var to = files.OpenFile(root, "to");
        using var folder = files.OpenDirectory(root, null)!;
        files.CopyAttributes(from, to);
        files.WriteAttributes(folder, new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["user.note"] = [1, 0, 2] });
        Assert.Equal([1, 0, 2], files.ReadAttributes(folder)["user.note"]);
    }

    [Fact]
    public void The_observer_sees_every_call_and_can_be_the_failing_disk()
    {
        var observer = new FailingDisk("fsync", Errno.InputOutput);
        var observed = new FileSystem(observer);
        using var file = observed.CreateFile(root, "x", 0b110_000_000);
        observed.Write(file, "x"u8);
        Assert.Equal(Errno.InputOutput, Assert.ThrowsAny<IOException>(() => observed.Fsync(file)).HResult);
        Assert.Equal(["create", "write", "fsync"], observer.Seen);
    }

    private sealed class FailingDisk(string operation, int errno) : ISeamObserver
    {
        public List<string> Seen { get; } = [];

        public void Before(SeamCall call)
        {
            Seen.Add(call.Operation);
            if (call.Operation == operation) throw new FileSystemException(call.Operation, call.Target, errno);
        }

        public void After(SeamCall call)
        {
        }
    }
}
