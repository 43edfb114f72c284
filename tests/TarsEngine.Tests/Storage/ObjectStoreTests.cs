using System.Text;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Storage;

public sealed class ObjectStoreTests : IDisposable
{
    private readonly TempFolder temp = new(inMemory: true);
    private readonly FileSystem files = new();
    private readonly StateFolder folder;
    private readonly ObjectStore store;

    public ObjectStoreTests()
    {
        folder = StateFolder.Create(temp.Path, null, files);
        store = new(folder, files);
    }

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Contents_come_back_byte_for_byte_from_bytes_and_from_streams()
    {
        foreach (var size in (int[])[0, 1, 4095, 4096, 1_000_000])
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            var hash = store.Put(bytes);
            Assert.Equal(ContentHash.Of(bytes), hash);
            Assert.Equal(bytes, Anew().Read(hash));
            Assert.Equal((hash, (long)size), Anew().Put(new MemoryStream(bytes)));
        }
        Assert.Equal(5, Stored().Count);
        Assert.Empty(Leftovers());
    }

    [Fact]
    public void A_damaged_content_is_refused_and_named_and_mended_by_storing_it_again()
    {
        var bytes = Encoding.UTF8.GetBytes("pre-image");
        var hash = store.Put(bytes);
        var path = Stored().Single();
        foreach (var damaged in new[] { "pre-imagE", "", "pre-image and more" })
        {
            File.Delete(path);
            File.WriteAllText(path, damaged);
            var error = Assert.Throws<ObjectCorruptException>(() => Anew().Read(hash));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.Equal(hash, error.Hash);
            Assert.Equal(hash, Anew().Put(bytes));
            Assert.Equal(bytes, Anew().Read(hash));
        }
        Assert.Empty(Leftovers());
    }

    [Fact]
    public void A_missing_content_is_named()
    {
        var hash = ContentHash.Of("never stored"u8);
        Assert.False(store.Contains(hash));
        Assert.Equal(hash, Assert.Throws<ObjectMissingException>(() => store.Read(hash)).Hash);
        Assert.Throws<ObjectMissingException>(() => store.MakeDurable([hash]));
        Assert.Throws<ObjectMissingException>(() => store.MakeDurable([.. Enumerable.Range(0, 20).Select(i => ContentHash.Of([(byte)i]))]));
    }

    [Fact]
    public void Contents_are_read_only_and_for_their_owner()
    {
        store.Put("secret"u8);
        using var shard = files.OpenRoot(Path.GetDirectoryName(Stored().Single())!);
        Assert.Equal(0b100_000_000, files.Stat(shard, Path.GetFileName(Stored().Single()))!.Mode);
        Assert.Equal(0b111_000_000, files.Stat(shard).Mode);
    }

    [Fact]
    public void Few_are_synced_one_by_one_and_many_at_once_and_nothing_twice()
    {
        var calls = new List<string>();
        var watched = new ObjectStore(folder, new FileSystem(new Watch(calls)));
        var few = Enumerable.Range(0, 3).Select(i => watched.Put([(byte)i])).ToList();
        calls.Clear();
        watched.MakeDurable(few);
        Assert.Equal(3, calls.Count(c => c == "fsync"));
        Assert.DoesNotContain("syncfs", calls);
        calls.Clear();
        watched.MakeDurable(few);
        Assert.Empty(calls);
        watched.MakeDurable([.. few, .. Enumerable.Range(10, 50).Select(i => watched.Put([(byte)i]))]);
        Assert.Equal(1, calls.Count(c => c == "syncfs"));
    }

    [Fact]
    public void A_kill_anywhere_leaves_no_half_content()
    {
        var bytes = new byte[300_000];
        for (var at = 0; ; at++)
        {
            bytes[0] = (byte)at;
            bytes[1] = (byte)(at >> 8);
            var hash = ContentHash.Of(bytes);
            var killed = true;
            try
            {
                var dying = new ObjectStore(folder, new FileSystem(new KillAt(at)));
                dying.Put(new MemoryStream(bytes));
                dying.MakeDurable([hash]);
                killed = false;
            }
            catch (KilledException)
            {
            }
            if (Anew().Contains(hash)) Assert.Equal(bytes, Anew().Read(hash));
            Assert.Equal(hash, Anew().Put(bytes));
            if (!killed) return;
        }
    }

    [Fact]
    public async Task Many_may_store_the_same_content_at_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var bytes = Encoding.UTF8.GetBytes($"round {round}");
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                var own = Anew();
                own.MakeDurable([own.Put(bytes)]);
            })));
            Assert.Equal(bytes, Anew().Read(ContentHash.Of(bytes)));
        }
        Assert.Equal(20, Stored().Count);
        Assert.Empty(Leftovers());
    }

    [Fact]
    public void A_snapshots_bytes_come_from_the_store_or_from_the_codebase_and_are_checked()
    {
        Directory.CreateDirectory(temp.File("src"));
        File.WriteAllText(temp.File("src/a.txt"), "now");
        File.CreateSymbolicLink(temp.File("link"), "src/a.txt");
        using var root = files.OpenRoot(temp.Path);
        var content = new TreeContent(files, root, store);
        var path = RepositoryPath.Parse("src/a.txt");
        Assert.Equal("now"u8.ToArray(), content.Read(path, State("now")));
        Assert.Equal("src/a.txt"u8.ToArray(), content.Read(RepositoryPath.Parse("link"), State("src/a.txt", EntryKind.Symlink)));
        Assert.Empty(content.Read(RepositoryPath.Parse("anything"), State("")));

        Assert.Throws<ContentMovedException>(() => content.Read(path, State("then")));
        Assert.Throws<ContentMovedException>(() => content.Read(RepositoryPath.Parse("gone/b.txt"), State("x")));
        Assert.Throws<ContentMovedException>(() => content.Read(RepositoryPath.Parse("src/b.txt"), State("x")));
        Assert.Throws<ContentMovedException>(() => content.Read(RepositoryPath.Parse("src"), State("x")));
        // What a link points at is not the file that the snapshot means.
        Assert.Throws<ContentMovedException>(() => content.Read(RepositoryPath.Parse("link"), State("now")));
        store.Put("then"u8);
        Assert.Equal("then"u8.ToArray(), content.Read(path, State("then")));
    }

    private static FileState State(string text, EntryKind kind = EntryKind.File) =>
        new(kind, kind == EntryKind.File ? 0b110_100_100 : FileState.SymlinkMode, ContentHash.Of(Encoding.UTF8.GetBytes(text)), Encoding.UTF8.GetByteCount(text));

    // As a later process would have it: knowing nothing of what this one has seen.
    private ObjectStore Anew() => new(folder, files);

    private List<string> Stored() => [.. Directory.GetFiles(folder.Objects, "*", SearchOption.AllDirectories).Where(f => Path.GetDirectoryName(f) != folder.Objects)];

    private IEnumerable<string> Leftovers() => Directory.GetFiles(folder.Objects);

    private sealed class Watch(List<string> calls) : ISeamObserver
    {
        public void Before(SeamCall call) => calls.Add(call.Operation);

        public void After(SeamCall call)
        {
        }
    }
}
