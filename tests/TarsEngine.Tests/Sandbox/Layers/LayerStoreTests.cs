using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Layers;

namespace TarsEngine.Tests.Sandbox.Layers;

public sealed class LayerStoreTests : IDisposable
{
    private static readonly ContentHash checks = ContentHash.Of("some checks"u8), otherChecks = ContentHash.Of("other checks"u8);
    private readonly SandboxFixture sandbox = new();
    private int counter;

    private string Layers => sandbox.State.Layers;

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public async Task A_second_workspace_on_the_same_tree_writes_nothing_again()
    {
        var tree = sandbox.Tree(("a", "1"), ("b", "2"));
        (await Run(tree, "cat a b")).Dispose();
        var before = Names();

        using var second = await Run(tree, "cat a b");

        Assert.Equal(before, Names());
        Assert.Single(before);
    }

    [Fact]
    public async Task A_tree_that_hardly_differs_is_kept_as_the_difference()
    {
        var tree = sandbox.Tree([.. Enumerable.Range(0, 50).Select(i => ($"f{i}", $"content {i}")), ("gone/inner", "x"), ("kept/a", "a"), ("kept/b", "b")]);
        (await Run(tree, "true")).Dispose();
        var moved = new TreeSnapshot(tree.Entries
            .Remove(SandboxFixture.Path("gone/inner")).Remove(SandboxFixture.Path("kept/a"))
            .SetItem(SandboxFixture.Path("f7"), sandbox.StateOf("changed")).Add(SandboxFixture.Path("new/file"), sandbox.StateOf("new")));

        using var workspace = await Run(moved, "ls; ls kept new; cat f7; [ ! -e gone ]");

        var difference = Names().Single(name => File.Exists(Path.Combine(Layers, name, "files/f7")) && !File.Exists(Path.Combine(Layers, name, "files/f8")));
        Assert.Equal(["f7", "gone", "kept", "new"], Directory.GetFileSystemEntries(Path.Combine(Layers, difference, "files")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task What_was_built_shows_for_the_same_checks_on_a_like_tree_and_for_no_others()
    {
        var tree = sandbox.Tree(("a.cs", "class A;"), ("b.csproj", "<Project/>"));
        using (var first = await Run(tree, "mkdir -p obj; echo built > obj/out; echo stray > stray", basis: new(tree, checks)))
        {
            first.FreezeOutputs();
            await Sh(first, "echo of tests > obj/test-leftover");
            await sandbox.Factory.KeepOutputsAsync(first, checks, _ => Task.FromResult<IReadOnlySet<RepositoryPath>>(new HashSet<RepositoryPath>()));
        }

        var edited = new TreeSnapshot(tree.Entries.SetItem(SandboxFixture.Path("a.cs"), sandbox.StateOf("class B;")));
        using var built = await Run(edited, "cat obj/out; [ ! -e stray ] && [ ! -e obj/test-leftover ]; [ a.cs -nt obj/out ]", basis: new(tree, checks));
        Assert.True(built.HasOutputs);
        using var moved = await Run(edited, "cat obj/out", basis: new(edited, checks));
        Assert.True(moved.HasOutputs);
        using var others = await Run(edited, "[ ! -e obj ]", basis: new(edited, otherChecks));
        Assert.False(others.HasOutputs);
        using var none = await Run(edited, "[ ! -e obj ]", basis: new(edited));
        Assert.False(none.HasOutputs);
        var reshaped = new TreeSnapshot(tree.Entries.SetItem(SandboxFixture.Path("b.csproj"), sandbox.StateOf("<Project></Project>")));
        using var fresh = await Run(reshaped, "[ ! -e obj ]", basis: new(tree, checks));
        Assert.False(fresh.HasOutputs);
    }

    [Fact]
    public async Task A_folder_that_only_ignore_rules_name_is_kept_with_its_folders_and_links()
    {
        var tree = sandbox.Tree(("a.js", "a"));
        using (var first = await Run(tree, "mkdir -p node_modules/a/b node_modules/.bin; echo x > node_modules/a/b/c; ln -s ../a/b/c node_modules/.bin/c", basis: new(tree, checks)))
        {
            first.FreezeOutputs();
            await sandbox.Factory.KeepOutputsAsync(first, checks, paths => Task.FromResult<IReadOnlySet<RepositoryPath>>(paths.Where(path => path.Value.StartsWith("node_modules/", StringComparison.Ordinal)).ToHashSet()));
        }
        using var next = await Run(tree, "[ \"$(cat node_modules/.bin/c)\" = x ]", basis: new(tree, checks));
        Assert.True(next.HasOutputs);
    }

    [Fact]
    public async Task Attack_what_a_change_built_serves_no_other_until_it_is_the_codebase()
    {
        var tree = sandbox.Tree(("a.cs", "class A;"), ("b.cs", "class B;"));
        await Build(tree, tree, "mkdir obj; echo clean > obj/out");
        var changed = new TreeSnapshot(tree.Entries.SetItem(SandboxFixture.Path("a.cs"), sandbox.StateOf("class Evil;")));
        await Build(tree, changed, "echo poisoned > obj/out");
        var other = new TreeSnapshot(changed.Entries.SetItem(SandboxFixture.Path("b.cs"), sandbox.StateOf("class B2;")));

        // It is nearer to the change than to the codebase, and stands on the codebase all the same.
        (await Run(other, "[ \"$(cat obj/out)\" = clean ]", new(other, checks))).Dispose();
        (await Run(other, "[ \"$(cat obj/out)\" = clean ]", new(tree, checks))).Dispose();
        (await Run(changed, "[ \"$(cat obj/out)\" = poisoned ]", new(changed, checks))).Dispose();
        var next = new TreeSnapshot(changed.Entries.SetItem(SandboxFixture.Path("b.cs"), sandbox.StateOf("class B3;")));
        (await Run(next, "[ \"$(cat obj/out)\" = poisoned ]", new(next, checks))).Dispose();

        async Task Build(TreeSnapshot basis, TreeSnapshot built, string script)
        {
            using var workspace = await Run(built, script, new(basis, checks));
            workspace.FreezeOutputs();
            await sandbox.Factory.KeepOutputsAsync(workspace, checks, _ => Task.FromResult<IReadOnlySet<RepositoryPath>>(new HashSet<RepositoryPath>()));
        }
    }

    [Fact]
    public async Task A_file_over_what_was_built_is_newer_even_when_the_clock_went_back()
    {
        var tree = sandbox.Tree(("a.cs", "class A;"));
        using (var first = await Run(tree, "mkdir obj; echo built > obj/out; touch -d '2 years' obj/out", basis: new(tree, checks)))
        {
            first.FreezeOutputs();
            await sandbox.Factory.KeepOutputsAsync(first, checks, _ => Task.FromResult<IReadOnlySet<RepositoryPath>>(new HashSet<RepositoryPath>()));
        }
        var edited = new TreeSnapshot(tree.Entries.SetItem(SandboxFixture.Path("a.cs"), sandbox.StateOf("class B;")));

        using var workspace = await Run(edited, "[ a.cs -nt obj/out ]", basis: new(tree, checks));
    }

    [Fact]
    public async Task At_most_sixteen_layers_lie_below_another()
    {
        var tree = sandbox.Tree([.. Enumerable.Range(0, 300).Select(i => ($"f{i}", "x"))]);
        for (var i = 0; i < 25; i++)
        {
            tree = new TreeSnapshot(tree.Entries.SetItem(SandboxFixture.Path($"f{i}"), sandbox.StateOf("changed")));
            using var workspace = await Run(tree, $"[ \"$(cat f*)\" = '{string.Concat(tree.Entries.Values.Select(state => System.Text.Encoding.UTF8.GetString(sandbox.Objects.Read(state.Hash))))}' ]");
        }

        Assert.Equal(16, Names().Max(name => LayerFile.Read(Path.Combine(Layers, name))!.Below.Count));
    }

    [Fact]
    public async Task Outputs_that_follow_each_other_are_put_together_in_time()
    {
        var tree = sandbox.Tree(("a.cs", "class A;"), ("gone.cs", "x"));
        for (var i = 0; i < 12; i++)
        {
            var basis = new WorkspaceBasis(tree, checks);
            tree = new TreeSnapshot(tree.Entries.Remove(SandboxFixture.Path("gone.cs")).SetItem(SandboxFixture.Path("a.cs"), sandbox.StateOf($"class A{i};")));
            using var workspace = await Run(tree, i == 0 ? "mkdir obj; echo 0 > obj/n" : $"[ \"$(cat obj/n)\" = {i - 1} ]; [ \"$(ls)\" = \"$(printf 'a.cs\\nobj')\" ]; [ a.cs -nt obj/n ]; echo {i} > obj/n", basis);
            workspace.FreezeOutputs();
            await sandbox.Factory.KeepOutputsAsync(workspace, checks, _ => Task.FromResult<IReadOnlySet<RepositoryPath>>(new HashSet<RepositoryPath>()));
        }

        Assert.InRange(Names().Max(name => LayerFile.Read(Path.Combine(Layers, name))!.Below.Count), 10, 18);
        Assert.True(Names().Count(name => LayerFile.Read(Path.Combine(Layers, name))!.Below.Count == 0) >= 2);
    }

    [Fact]
    public async Task Collecting_removes_what_is_not_in_use_and_what_kills_left()
    {
        (await Run(sandbox.Tree(("old", "1")), "true")).Dispose();
        Directory.CreateDirectory(Path.Combine(Layers, "new-0123456789ab/files"));
        Directory.CreateDirectory(Path.Combine(Layers, "gone-0123456789ab/files"));
        Directory.CreateDirectory(Path.Combine(Layers, "L-0123456789ab/files"));
        using var used = await Run(sandbox.Tree([.. Enumerable.Range(0, 300).Select(i => ($"f{i}", "x"))]), "true");

        var collected = sandbox.Factory.CollectLayers(0, TimeSpan.FromDays(1));

        Assert.Equal(1, collected.Removed);
        Assert.Single(Directory.GetFileSystemEntries(Layers));
        await Sh(used, "[ -e f299 ]");
    }

    [Fact]
    public async Task Collecting_by_size_keeps_no_layer_without_those_below_it()
    {
        var tree = sandbox.Tree([.. Enumerable.Range(0, 300).Select(i => ($"f{i}", "0123456789"))]);
        for (var i = 0; i < 6; i++)
        {
            tree = new TreeSnapshot(tree.Entries.SetItem(SandboxFixture.Path($"f{i}"), sandbox.StateOf("changed")));
            (await Run(tree, "true")).Dispose();
        }

        var collected = sandbox.Factory.CollectLayers(2997 + 2 * 7, TimeSpan.FromDays(1));

        Assert.Equal((3, 3), (collected.Removed, Names().Count));
        Assert.Equal(3, sandbox.Factory.CollectLayers(0, TimeSpan.FromDays(1)).Removed);
    }

    [Fact]
    public async Task A_damaged_description_of_a_layer_only_costs_time()
    {
        var tree = sandbox.Tree(("a", "1"));
        (await Run(tree, "true")).Dispose();
        var layer = Path.Combine(Layers, Names().Single());
        await File.WriteAllTextAsync(Path.Combine(layer, "layer.json"), "{\"Kind\":", TestContext.Current.CancellationToken);

        using var workspace = await Run(tree, "[ \"$(cat a)\" = 1 ]");

        Assert.Equal(2, Names().Count);
    }

    private List<string> Names() => [.. Directory.GetDirectories(Layers, "L-*").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    private async Task<Workspace> Run(TreeSnapshot tree, string script, WorkspaceBasis? basis = null)
    {
        var workspace = sandbox.Factory.Create(tree, sandbox.Content, string.Create(CultureInfo.InvariantCulture, $"store-{++counter}"), basis);
        await Sh(workspace, script);
        return workspace;
    }

    private async Task Sh(Workspace workspace, string script)
    {
        var (result, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell("set -e\n" + script));
        Assert.True(result.Succeeded, $"{script}: {result.Ending}\n{text}");
    }
}
