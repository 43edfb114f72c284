using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Tests.Staging;
using static TarsEngine.Tests.Staging.StagingGround;

namespace TarsEngine.Tests.Sandbox;

public sealed class VirtualFileSystemTests : IDisposable
{
    private readonly StagingGround ground = new();

    public void Dispose() => ground.Dispose();

    private async Task<VirtualFileSystem> TreeWith(params string[] names)
    {
        foreach (var name in names) ground.Repository.Write(name, name);
        return await ground.Tree();
    }

    private static ReadOnlySpan<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task Reads_come_from_the_base_and_writes_never_reach_the_disk()
    {
        var tree = await TreeWith("a", "b/c");
        Assert.Null(tree.Replace(P("a"), Bytes("new")));
        Assert.Null(tree.Create(P("d/e"), Bytes("made"), VirtualFileSystem.ExecutableMode));
        Assert.Null(tree.Delete(P("b/c")));
        Assert.Equal("new", Text(tree, "a"));
        Assert.Equal("a", ground.Repository.Read("a"));
        Assert.False(File.Exists(ground.Repository.At("d/e")));
        Assert.Equal(["a Modify", "b/c Delete", "d/e Create"], tree.ToChangeSet().Select(c => $"{c.Path} {c.Kind}"));
        Assert.Equal(tree.ToSnapshot().Hash, tree.ToChangeSet().ApplyTo(tree.Base).Hash);
        Assert.False(tree.IsFolder(P("b")));
        Assert.True(tree.IsFolder(P("d")));
    }

    [Fact]
    public async Task What_is_made_and_deleted_again_is_no_change()
    {
        var tree = await TreeWith("a");
        Assert.Null(tree.Create(P("x"), Bytes("1")));
        Assert.Null(tree.Delete(P("x")));
        Assert.Null(tree.Replace(P("a"), Bytes("other")));
        Assert.Null(tree.Replace(P("a"), Bytes("a")));
        Assert.Null(tree.Rename(P("a"), P("b")));
        Assert.Null(tree.Rename(P("b"), P("a")));
        Assert.True(tree.ToChangeSet().IsEmpty);
    }

    [Fact]
    public async Task A_rename_keeps_content_and_mode_and_names_its_origin()
    {
        ground.Repository.Write("run", "#!");
        ground.Repository.SetExecutable("run");
        var tree = await ground.Tree();
        Assert.Null(tree.Rename(P("run"), P("bin/run")));
        Assert.Null(tree.Rename(P("bin/run"), P("tool")));
        File.Delete(ground.Repository.At("run")); // the content must live on without its file
        Assert.Equal("#!", Text(tree, "tool"));
        var made = tree.ToChangeSet().Single(change => change.Kind == ChangeKind.Create);
        Assert.True(made.After!.IsExecutable);
        Assert.Equal(P("run"), made.RenamedFrom);
    }

    [Fact]
    public async Task A_file_becomes_a_folder_and_a_folder_a_file()
    {
        var tree = await TreeWith("a", "d/x", "d/y/z");
        Assert.Equal("edit/file-in-file", tree.Create(P("a/b"), Bytes("1"))!.Rule);
        Assert.Equal("edit/folder", tree.Create(P("d"), Bytes("1"))!.Rule);
        Assert.Null(tree.Delete(P("a")));
        Assert.Null(tree.Create(P("a/b"), Bytes("1")));
        Assert.Null(tree.Delete(P("d/x")));
        Assert.Null(tree.Delete(P("d/y/z")));
        Assert.Null(tree.Create(P("d"), Bytes("1")));
        Assert.Null(tree.Rename(P("d"), P("d/deeper/d")));
        Assert.Equal(["a/b", "d/deeper/d"], tree.ToSnapshot().Entries.Keys.Select(p => p.Value));
    }

    [Fact]
    public async Task Nothing_is_written_through_a_symlink()
    {
        Directory.CreateDirectory(ground.Repository.Beside("outside"));
        File.CreateSymbolicLink(ground.Repository.At("link"), ground.Repository.Beside("outside"));
        var tree = await TreeWith("a");
        Assert.Equal("edit/through-symlink", tree.Create(P("link/x"), Bytes("1"))!.Rule);
        Assert.Equal("edit/through-symlink", tree.Replace(P("link"), Bytes("1"))!.Rule);
        Assert.Equal("edit/through-symlink", tree.SetMode(P("link"), 0)!.Rule);
        Assert.Equal("edit/through-symlink", tree.Rename(P("a"), P("link/a"))!.Rule);
        Assert.Equal("edit/through-symlink", tree.Delete(P("link/x"))!.Rule);
        Assert.True(tree.ToChangeSet().IsEmpty);
        Assert.Null(tree.CreateSymlink(P("own"), ground.Objects.Put(Bytes("a")), 1));
        Assert.Equal("edit/through-symlink", tree.Create(P("own/x"), Bytes("1"))!.Rule);
        Assert.Null(tree.Delete(P("link")));
        Assert.Null(tree.Create(P("link/x"), Bytes("1")));
    }

    [Theory]
    [InlineData("src/Code.cs", "src/code.cs")]
    [InlineData("src/Code.cs", "SRC/other.cs")]
    [InlineData("ä/f", "Ä/g")]
    public async Task A_name_that_differs_by_case_only_is_refused(string there, string twin)
    {
        var tree = await TreeWith(there, "z");
        Assert.Equal("edit/case-twin", tree.Create(P(twin), Bytes("1"))!.Rule);
        Assert.Equal("edit/case-twin", tree.Rename(P("z"), P(twin))!.Rule);
        Assert.True(tree.ToChangeSet().IsEmpty);
    }

    [Fact]
    public async Task A_file_may_be_renamed_to_another_case_of_itself_and_old_twins_stay_usable()
    {
        var tree = await TreeWith("readme", "Twin", "twin");
        Assert.Null(tree.Rename(P("readme"), P("README")));
        Assert.Null(tree.Replace(P("Twin"), Bytes("1")));
        Assert.Null(tree.Delete(P("Twin")));
        Assert.Equal("edit/case-twin", tree.Create(P("Twin"), Bytes("1"))!.Rule);
    }

    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData("sub/.GIT/config")]
    [InlineData(".Tars/state.db")]
    public async Task What_belongs_to_git_or_to_the_system_is_refused(string path)
    {
        var tree = await TreeWith("a");
        Assert.Equal("edit/metadata", tree.Create(P(path), Bytes("1"))!.Rule);
        Assert.Equal("edit/metadata", tree.Rename(P("a"), P(path))!.Rule);
    }

    [Fact]
    public async Task A_whole_change_applies_in_any_order_or_not_at_all()
    {
        var tree = await TreeWith("a", "d/x");
        var one = ground.Objects.Put(Bytes("1"));
        var state = new FileState(EntryKind.File, VirtualFileSystem.FileMode, one, 1);
        var good = new ChangeSet([
            new(P("a"), tree[P("a")], null), new(P("a/b"), null, state), new(P("d"), null, state), new(P("d/x"), tree[P("d/x")], null)]);
        Assert.Null(tree.Apply(good));
        Assert.Equal(good.Hash, tree.ToChangeSet().Hash);
        var clash = new ChangeSet([new(P("a/b"), state, null), new(P("q"), null, state), new(P("q/r"), null, state)]);
        Assert.Equal("edit/file-in-file", tree.Apply(clash)!.Rule);
        Assert.Equal("edit/conflict", tree.Apply(new ChangeSet([new(P("z"), null, state), new(P("d"), state with { Mode = 1 }, null)]))!.Rule);
        Assert.Equal(good.Hash, tree.ToChangeSet().Hash);
    }

    [Fact]
    public async Task Random_edits_equal_a_dictionary_and_every_checkpoint_restores()
    {
        var start = await TreeWith("a", "b", "d/a", "d/e/f");
        string[] names = ["a", "b", "c", "d", "d/a", "d/e", "d/e/f", "d/e/g", "c/x", "A"];
        var gen = Gen.ArrayOf(Gen.Choose(0, 9_999_999));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60), Prop.ForAll(gen.ToArbitrary(), numbers =>
        {
            var tree = new VirtualFileSystem(start.Base, ground.Content(), ground.Objects);
            var model = tree.Base.Entries.ToDictionary(e => e.Key.Value, e => e.Value, StringComparer.Ordinal);
            var points = new Stack<(VirtualCheckpoint Point, ContentHash Changes, Dictionary<string, FileState> Model)>();
            foreach (var number in numbers)
            {
                var (one, two, content) = (names[number / 10 % 10], names[number / 100 % 10], "text " + (number / 1000 % 10));
                switch (number % 10)
                {
                    case 0:
                    case 1:
                        var fits = CanMake(model, one);
                        Assert.Equal(fits, tree.Create(P(one), Bytes(content)) is null);
                        if (fits) model[one] = Made(content, VirtualFileSystem.FileMode);
                        break;
                    case 2:
                        Assert.Equal(model.ContainsKey(one), tree.Replace(P(one), Bytes(content)) is null);
                        if (model.TryGetValue(one, out var old)) model[one] = Made(content, old.Mode);
                        break;
                    case 3:
                    case 4:
                        Assert.Equal(model.Remove(one), tree.Delete(P(one)) is null);
                        break;
                    case 5:
                        Assert.Equal(model.ContainsKey(one), tree.SetMode(P(one), VirtualFileSystem.ExecutableMode) is null);
                        if (model.TryGetValue(one, out var there)) model[one] = there with { Mode = VirtualFileSystem.ExecutableMode };
                        break;
                    case 6:
                    case 7:
                        var without = model.Where(e => e.Key != one).ToDictionary(StringComparer.Ordinal);
                        var moves = model.ContainsKey(one) && (one == two || CanMake(without, two));
                        Assert.Equal(moves, tree.Rename(P(one), P(two)) is null);
                        if (moves) (without[two], model) = (model[one], without);
                        break;
                    case 8:
                        points.Push((tree.Checkpoint(), tree.ToChangeSet().Hash, new(model, StringComparer.Ordinal)));
                        break;
                    default:
                        if (!points.TryPop(out var point)) break;
                        tree.RestoreTo(point.Point);
                        Assert.Equal(point.Changes, tree.ToChangeSet().Hash);
                        model = point.Model;
                        break;
                }
                Assert.Equal(new TreeSnapshot(model.Select(e => KeyValuePair.Create(P(e.Key), e.Value))).Hash, tree.ToSnapshot().Hash);
            }
            if (points.TryPeek(out var last))
            {
                var since = tree.ChangesSince(last.Point);
                Assert.Equal(tree.ToSnapshot().Hash, since.ApplyTo(new TreeSnapshot(last.Model.Select(e => KeyValuePair.Create(P(e.Key), e.Value)))).Hash);
            }
        }));
    }

    private static FileState Made(string content, int mode) => new(EntryKind.File, mode, ContentHash.Of(Bytes(content)), content.Length);

    private static bool CanMake(Dictionary<string, FileState> model, string path)
    {
        var nodes = model.Keys.SelectMany(key => P(key).Ancestors().Select(a => a.Value).Append(key)).ToHashSet(StringComparer.Ordinal);
        if (nodes.Contains(path) || P(path).Ancestors().Any(folder => model.ContainsKey(folder.Value))) return false;
        return !P(path).Ancestors().Select(a => a.Value).Append(path)
            .Any(node => nodes.Any(other => other != node && string.Equals(other, node, StringComparison.OrdinalIgnoreCase)));
    }
}
