using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Sandbox;

namespace TarsEngine.Tests.Sandbox.Layers;

/// <summary>A change read from a layer is the change that comparing a whole copy shows, whatever commands did.</summary>
public sealed class ChangeLayerTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static readonly string[] names = ["a", "b", "c", "d/a", "d/b", "d/e/a", "d/e/b", "f/a", "f/g/h/a", "f/g/b"];
    private static readonly string[] places = [.. names, "d", "d/e", "f", "f/g", "f/g/h", "new", "new/er", "d/new"];

    private int counter;

    [Fact]
    public async Task Whatever_commands_did_reads_as_from_a_copy()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var tree = sandbox.Tree([.. names.Where(_ => random.Next(4) > 0).Select(name => (name, "content of " + name))]);
            var script = string.Join('\n', Enumerable.Range(0, random.Next(1, 14)).Select(_ => Command(random)));
            var expected = await Run(sandbox.Copying, tree, script);

            Assert.True(expected == await Run(sandbox.Factory, tree, script), $"seed {seed}, as root:\n{script}");
            Assert.True(expected == await Run(sandbox.Unprivileged, tree, script), $"seed {seed}, in a user namespace:\n{script}");
        }
    }

    [Fact]
    public async Task A_folder_that_was_moved_with_what_it_held_is_read_without_being_copied()
    {
        var tree = sandbox.Tree(("d/one", "1"), ("d/deep/two", "2"), ("d/deep/gone", "3"), ("stay", "s"));
        using var workspace = sandbox.Create(tree);

        await sandbox.RunAsync(workspace, SandboxFixture.Shell("mv d moved; rm moved/deep/gone; mv moved/deep moved/deeper; echo new > moved/deeper/three; mkdir d; echo again > d/one"));
        var changes = workspace.ReadChanges(sandbox.Objects).Changes;

        Assert.Equal(
            ["d/deep/gone -", "d/deep/two -", "d/one again", "moved/deeper/three new", "moved/deeper/two 2", "moved/one 1"],
            changes.Select(change => $"{change.Path} {(change.After is { } after ? System.Text.Encoding.UTF8.GetString(sandbox.Objects.Read(after.Hash)).Trim() : "-")}"));
    }

    [Fact]
    public async Task New_paths_are_named_also_where_they_came_with_a_folder()
    {
        var tree = sandbox.Tree(("d/one", "1"), ("d/two", "2"));
        using var workspace = sandbox.Create(tree);

        await sandbox.RunAsync(workspace, SandboxFixture.Shell("mv d e; echo x > f"));

        Assert.Equal(["e/one", "e/two", "f"], workspace.NewPaths().Order().Select(path => path.Value));
    }

    private async Task<string> Run(WorkspaceFactory factory, TreeSnapshot tree, string script)
    {
        using var workspace = factory.Create(tree, sandbox.Content, string.Create(CultureInfo.InvariantCulture, $"layered-{++counter}"));
        var (result, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell(script + "\ntrue"));
        Assert.True(result.Succeeded, text);
        return string.Join('\n', workspace.ReadChanges(sandbox.Objects).Changes.Select(change => $"{change.Path} {change.Before} {change.After} {change.RenamedFrom}"));
    }

    private static string Command(Random random)
    {
        var (one, other) = (Pick(places), Pick(places));
        return random.Next(11) switch
        {
            0 => $"rm -rf {one}",
            1 => $"mv {one} {other}",
            2 => $"mv -T {one} {other}",
            3 => $"mkdir -p $(dirname {one}); echo {random.Next(3)} > {one}",
            4 => $"echo more >> {one}",
            5 => $"chmod {Pick(["755", "644", "600"])} {one}",
            6 => $"rm -rf {one}; ln -s {Pick(names)} {one}",
            // What a folder holds when it is copied into itself depends on the order in which its names come.
            7 when !other.StartsWith(one, StringComparison.Ordinal) => $"cp -a {one} {other}",
            8 => $"rm -rf {one}; mkdir -p {one}; echo in > {one}/inside",
            9 => $"touch {one}",
            _ => $"mv {one} tmp; mv {other} {one}; mv tmp {other}",
        } + " 2>/dev/null";

        string Pick(string[] from) => from[random.Next(from.Length)];
    }
}
