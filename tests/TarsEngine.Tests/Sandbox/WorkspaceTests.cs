using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Processes;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Sandbox;

public sealed class WorkspaceTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_holds_exactly_the_tree(bool layered)
    {
        var tree = new TreeSnapshot(
        [
            KeyValuePair.Create(SandboxFixture.Path("a/deep/x.sh"), sandbox.StateOf("run", 0b111_101_101)),
            KeyValuePair.Create(SandboxFixture.Path("a/b.txt"), sandbox.StateOf("\uFEFFtext\r\n")),
            KeyValuePair.Create(SandboxFixture.Path("empty"), sandbox.StateOf("")),
            KeyValuePair.Create(SandboxFixture.Path("link"), sandbox.Link("/etc/passwd")),
            KeyValuePair.Create(SandboxFixture.Path("bad\uDCFF name\n"), sandbox.StateOf("z", 0b100_000_000)),
        ]);
        using var workspace = sandbox.Create(tree, layered);

        // Everything is written anew, so that reading has to compare all of it.
        var (result, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell(
            "find . -mindepth 1 | LC_ALL=C sort | tr '\\n' ' '; stat -c %a a/deep/x.sh a/b.txt bad*; for f in a/deep/x.sh a/b.txt bad*; do cp -p \"$f\" /tmp/x; rm \"$f\"; cp -p /tmp/x \"$f\"; done"));

        Assert.True(result.Succeeded, text);
        Assert.Contains("./a ./a/b.txt ./a/deep ./a/deep/x.sh ./bad", text, StringComparison.Ordinal);
        Assert.EndsWith("755\n644\n400", text, StringComparison.Ordinal);
        Assert.Empty(workspace.ReadChanges(sandbox.Objects).Changes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_codebase_that_moved_since_the_snapshot_is_noticed(bool layered)
    {
        File.WriteAllText(Path.Combine(sandbox.Codebase, "moved.txt"), "now");
        var state = new FileState(EntryKind.File, 0b110_100_100, ContentHash.Of("then"u8), 4);
        var tree = new TreeSnapshot([KeyValuePair.Create(SandboxFixture.Path("moved.txt"), state)]);

        Assert.Throws<ContentMovedException>(() => sandbox.Create(tree, layered));
        Assert.Empty(sandbox.Factory.List());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_command_did_is_read_from_the_disk(bool layered)
    {
        var tree = sandbox.Tree(("keep", "k"), ("edit", "old"), ("mode", "m"), ("gone", "g"), ("file", "f"), ("dir/inner", "i"), ("move", "contents"));
        using var workspace = sandbox.Create(tree, layered);

        await sandbox.RunAsync(workspace, SandboxFixture.Shell(
            "printf new > edit; chmod +x mode; rm gone; rm file; mkdir file; printf x > file/y; rm -r dir; ln -s keep dir; mv move sub-moved; mkdir bin; echo out > bin/o; echo $'claimed'"));
        var changes = workspace.ReadChanges(sandbox.Objects, path => path.Name == "bin").Changes;

        Assert.Equal(
            ["dir", "dir/inner", "edit", "file", "file/y", "gone", "mode", "move", "sub-moved"], changes.Select(change => change.Path.Value));
        Assert.Equal("new", Encoding.UTF8.GetString(sandbox.Objects.Read(At("edit").After!.Hash)));
        Assert.True(At("mode").After!.IsExecutable);
        Assert.Equal(EntryKind.Symlink, At("dir").After!.Kind);
        Assert.Equal("move", At("sub-moved").RenamedFrom?.Value);

        FileChange At(string path) => changes.Single(change => change.Path.Value == path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_of_the_same_size_and_time_is_seen(bool layered)
    {
        var tree = sandbox.Tree(("a", "1234"));
        using var workspace = sandbox.Create(tree, layered);
        await sandbox.RunAsync(workspace, SandboxFixture.Shell("cp -p a /tmp/a; printf 4321 > a; touch -r /tmp/a a"));

        Assert.Equal("4321", Encoding.UTF8.GetString(sandbox.Objects.Read(Assert.Single(workspace.ReadChanges(sandbox.Objects).Changes).After!.Hash)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_no_change_can_carry_is_left_out_and_reported(bool layered)
    {
        using var workspace = sandbox.Create(TreeSnapshot.Empty, layered);
        await sandbox.RunAsync(workspace, SandboxFixture.Shell(
            "mkfifo pipe; printf x > 'back\\slash'; mkdir -p .git/hooks; echo evil > .git/hooks/pre-commit; mkdir sub; echo a > sub/.GIT; echo fine > ok; mkfifo ignored-pipe"));

        var reading = workspace.ReadChanges(sandbox.Objects, path => path.Name == "ignored-pipe");

        Assert.Equal("ok", Assert.Single(reading.Changes).Path.Value);
        Assert.Equal(["workspace/metadata", "workspace/metadata", "workspace/name", "workspace/special-file"], reading.Findings.Select(finding => finding.Rule).Order());
        Assert.All(reading.Findings, finding => Assert.Equal(Severity.Hold, finding.Severity));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_swapped_for_a_symlink_leads_no_reading_out(bool layered)
    {
        var outside = Directory.CreateDirectory(sandbox.Outside + "/target").FullName;
        await File.WriteAllTextAsync(outside + "/file", "mine", None);
        var tree = sandbox.Tree(("dir/file", "old"));
        using var workspace = sandbox.Create(tree, layered);
        await sandbox.RunAsync(workspace, SandboxFixture.Shell($"rm -r dir; ln -s {outside} dir"));

        Assert.Equal(["dir", "dir/file"], workspace.ReadChanges(sandbox.Objects).Changes.Select(change => change.Path.Value));
        Assert.Equal("mine", await File.ReadAllTextAsync(outside + "/file", None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disposing_leaves_nothing_and_keeping_leaves_it(bool layered)
    {
        var workspace = sandbox.Create(sandbox.Tree(("a/b", "c")), layered);
        workspace.Keep = true;
        workspace.Dispose();
        Assert.True(File.Exists(workspace.Folder + "/a/b"));

        sandbox.Factory.Remove([workspace.Name]);

        Assert.DoesNotContain(workspace.Name, sandbox.Factory.List());
    }

    [Fact]
    public async Task Whatever_a_command_left_can_be_removed_and_what_it_linked_to_stays()
    {
        var outside = Directory.CreateDirectory(sandbox.Outside + "/kept").FullName;
        await File.WriteAllTextAsync(outside + "/file", "mine", None);
        var workspace = sandbox.Create(sandbox.Tree(("a", "a")), layered: false);
        await sandbox.RunAsync(workspace, SandboxFixture.Shell(
            $"ln -s {outside} link; mkdir -p locked/in; touch locked/in/f; chmod 000 locked/in/f locked/in locked; mkfifo p; printf x > \"$(printf 'n\\nl')\"; chmod 555 ."));
        // Deeper than any path may be long, and than any stack or descriptor table.
        await ChildProcess.RunAsync(
            new("/usr/bin/python3", ["-c", "import os\nos.chmod('.',0o755)\nfor i in range(3000):\n os.mkdir('d'*100); os.chdir('d'*100)"]) { Folder = workspace.Folder }, None);

        workspace.Dispose();

        Assert.False(Directory.Exists(workspace.Folder));
        Assert.DoesNotContain(workspace.Name, sandbox.Factory.List());
        Assert.Equal("mine", await File.ReadAllTextAsync(outside + "/file", None));
    }

    [Fact]
    public void What_a_killed_run_left_under_the_name_goes_first()
    {
        Directory.CreateDirectory(sandbox.State.Workspaces + "/again/codebase/old");
        using var workspace = sandbox.Copying.Create(sandbox.Tree(("new", "n")), sandbox.Content, "again");

        Assert.Equal(["new"], Directory.GetFileSystemEntries(workspace.Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commands_that_are_started_together_in_one_workspace_all_do_their_work(bool layered)
    {
        using var workspace = sandbox.Create(TreeSnapshot.Empty, layered);

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => sandbox.RunAsync(workspace, SandboxFixture.Shell($"echo {i} > f{i}"))));

        Assert.All(results, result => Assert.True(result.Result.Succeeded, result.Text));
        Assert.Equal(6, workspace.ReadChanges(sandbox.Objects).Changes.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    public void A_name_that_could_lead_elsewhere_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => sandbox.Factory.Create(TreeSnapshot.Empty, sandbox.Content, name));
}
