using System.Diagnostics;
using System.Text;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Git;

public sealed class CodebaseCaptureTests : IDisposable
{
    private static readonly GitProgram Program = GitProgram.Find(GitRepository.Environment);
    private readonly GitRepository repository = new();
    private readonly FileSystem files = new();

    public void Dispose() => repository.Dispose();

    private CodebaseCapture Capture(CodebaseLocation? at = null, string? userExcludes = null)
    {
        var location = at ?? repository.Location;
        return new(Program, location, files, StateFolder.Create(location.Root, location.GitDirectory, files), userExcludes);
    }

    private Task<CapturedTree> CaptureNow() => Capture().CaptureAsync(TestContext.Current.CancellationToken);

    private static string[] Names(TreeSnapshot tree) => [.. tree.Entries.Keys.Select(path => path.Value)];

    private static ContentHash HashOf(string text) => ContentHash.Of(Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task Tracked_uncommitted_staged_and_untracked_files_are_in_and_ignored_and_deleted_ones_are_not()
    {
        repository.Write(".gitignore", "*.log\n/out/\n");
        foreach (var name in (string[])["clean", "dirty", "staged", "gone", "kept.log"]) repository.Write(name, name);
        repository.Git("add", "-f", "kept.log");
        repository.Commit();
        repository.Write("dirty", "now dirty");
        repository.Write("staged", "now staged");
        repository.Git("add", "staged");
        File.Delete(repository.At("gone"));
        repository.Write("new/deep/untracked", "u");
        repository.Write("noise.log", "n");
        repository.Write("out/a.dll", "n");
        var tree = (await CaptureNow()).Tree;
        Assert.Equal([".gitignore", "clean", "dirty", "kept.log", "new/deep/untracked", "staged"], Names(tree));
        Assert.Equal(HashOf("now dirty"), tree[RepositoryPath.Parse("dirty")]!.Hash);
        Assert.Equal(HashOf("now staged"), tree[RepositoryPath.Parse("staged")]!.Hash);
    }

    [Fact]
    public async Task Modes_symlinks_and_names_of_any_bytes_are_kept_exactly()
    {
        repository.Write("run.sh", "#!");
        repository.SetExecutable("run.sh");
        File.SetUnixFileMode(repository.At("run.sh"), (UnixFileMode)0b111_101_000);
        File.CreateSymbolicLink(repository.At("link"), "run.sh");
        File.CreateSymbolicLink(repository.At("broken"), "/no/where");
        foreach (var name in (string[])["a b", "tab\there", "new\nline", "-dash", "\"quote\"", "ünï", new string('n', 255)]) repository.Write(name, "x");
        Shell("printf x > \"$(printf 'bad\\377name')\"");
        var tree = (await CaptureNow()).Tree;
        Assert.Equal(new FileState(EntryKind.File, 0b111_101_000, HashOf("#!"), 2), tree[RepositoryPath.Parse("run.sh")]);
        Assert.Equal(new FileState(EntryKind.Symlink, FileState.SymlinkMode, HashOf("run.sh"), 6), tree[RepositoryPath.Parse("link")]);
        Assert.Equal(HashOf("/no/where"), tree[RepositoryPath.Parse("broken")]!.Hash);
        Assert.Equal(11, tree.Entries.Count);
        Assert.NotNull(tree[RepositoryPath.FromBytes([.. "bad"u8, 0xff, .. "name"u8])]);
    }

    [Fact]
    public async Task What_a_sparse_checkout_leaves_out_is_not_deleted_and_what_was_edited_is_edited()
    {
        repository.Write("in/a", "a");
        repository.Write("out/b", "b");
        repository.Commit();
        repository.Git("sparse-checkout", "set", "in");
        repository.Write("in/a", "other");
        var captured = await CaptureNow();
        var commit = await Capture().CaptureCommitAsync("HEAD", Objects(), captured.Tree, TestContext.Current.CancellationToken);
        var basis = await Capture().AsCheckedOutAsync("HEAD", commit.Tree, captured.Tree, TestContext.Current.CancellationToken);
        Assert.Equal(["in/a"], TarsEngine.Changes.ChangeSet.Between(basis, captured.Tree).Select(change => change.Path.Value));
    }

    [Fact]
    public async Task A_commit_that_was_read_before_is_the_same_again_and_its_contents_are_there_although_they_were_removed()
    {
        repository.Write("a", "one");
        repository.Write("b", "two");
        repository.Commit();
        var state = StateFolder.Create(repository.Location.Root, repository.Location.GitDirectory, files);
        var first = await Capture().CaptureCommitAsync("HEAD", Objects(), cancellation: TestContext.Current.CancellationToken);
        foreach (var stored in Directory.GetFiles(state.Objects, "*", SearchOption.AllDirectories)) File.Delete(stored);
        var again = await Capture().CaptureCommitAsync("HEAD", Objects(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(first.Tree.Hash, again.Tree.Hash);
        Assert.All(again.Tree.Entries.Values, file => Assert.True(Objects().Contains(file.Hash)));
        await File.WriteAllTextAsync(Path.Combine(state.Root, "blob-cache"), "torn", TestContext.Current.CancellationToken);
        Assert.Equal(first.Tree.Hash, (await Capture().CaptureCommitAsync("HEAD", Objects(), cancellation: TestContext.Current.CancellationToken)).Tree.Hash);
    }

    [Fact]
    public async Task A_folder_that_became_a_symlink_is_captured_as_the_symlink()
    {
        repository.Write("lib/a", "a");
        repository.Commit();
        Directory.Move(repository.At("lib"), repository.Beside("lib"));
        File.CreateSymbolicLink(repository.At("lib"), repository.Beside("lib"));
        Assert.Equal(["lib"], Names((await CaptureNow()).Tree));
    }

    [Fact]
    public async Task Nothing_that_the_repository_configures_runs_and_its_index_is_not_touched()
    {
        repository.Write("f.txt", "x\r\n");
        repository.Write(".gitattributes", "* filter=evil diff=evil text=auto\n");
        repository.Commit();
        var witness = repository.Beside("ran");
        var evil = repository.Beside("evil.sh");
        await File.WriteAllTextAsync(evil, $"#!/bin/sh\ntouch '{witness}'\ncat\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(evil, (UnixFileMode)0b111_101_101);
        foreach (var key in (string[])["core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.sshCommand", "core.pager"])
            repository.Git("config", key, evil);
        repository.Git("config", "filter.evil.required", "true");
        foreach (var hook in (string[])["post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout"])
            File.Copy(evil, repository.At(".git/hooks/" + hook), overwrite: true);
        repository.Write("f.txt", "y\r\n"); // so that git would have to look
        var index = repository.At(".git/index");
        var (bytes, time) = (await File.ReadAllBytesAsync(index, TestContext.Current.CancellationToken), File.GetLastWriteTimeUtc(index));
        var captured = await CaptureNow();
        using var root = files.OpenRoot(repository.Folder);
        var commit = await Capture().CaptureCommitAsync("HEAD", Objects(), captured.Tree, TestContext.Current.CancellationToken);
        await Capture().AsCheckedOutAsync("HEAD", commit.Tree, captured.Tree, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(witness), "A program that the repository names ran on the host.");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(index, TestContext.Current.CancellationToken));
        Assert.Equal(time, File.GetLastWriteTimeUtc(index));
        Assert.Equal(HashOf("y\r\n"), captured.Tree[RepositoryPath.Parse("f.txt")]!.Hash);
    }

    [Fact]
    public async Task Submodules_nested_repositories_fifos_and_sockets_are_left_out_and_said()
    {
        repository.Write("f", "x");
        repository.Commit();
        using var other = new GitRepository();
        other.Write("g", "x");
        other.Commit();
        repository.Git("-c", "protocol.file.allow=always", "submodule", "add", "-q", other.Folder, "sub");
        repository.Git("clone", "-q", other.Folder, "nested");
        Shell("mkfifo pipe; mkfifo tracked-later");
        repository.Write("was", "x");
        repository.Git("add", "was");
        Shell("rm was; mkfifo was");
        var captured = await CaptureNow();
        Assert.Equal([".gitmodules", "f"], Names(captured.Tree));
        Assert.Equal(["capture/nested-repository nested", "capture/special-file pipe", "capture/special-file tracked-later", "capture/special-file was", "capture/submodule sub"],
            captured.LeftOut.Select(finding => $"{finding.Rule} {finding.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_empty_repository_a_detached_head_and_a_merge_in_progress_are_captured()
    {
        Assert.Empty((await CaptureNow()).Tree.Entries);
        Assert.Null(await Capture().ResolveCommitAsync("HEAD", TestContext.Current.CancellationToken));
        repository.Write("f", "base\n");
        var first = repository.Commit();
        repository.Git("checkout", "-q", "-b", "side");
        repository.Write("f", "side\n");
        repository.Commit();
        repository.Git("checkout", "-q", first);
        Assert.Equal(["f"], Names((await CaptureNow()).Tree));
        Assert.Equal(first, await Capture().ResolveCommitAsync("HEAD", TestContext.Current.CancellationToken));
        repository.Write("f", "ours\n");
        repository.Commit();
        Assert.Throws<InvalidOperationException>(() => repository.Git("merge", "-q", "side"));
        Assert.Equal(["f"], Names((await CaptureNow()).Tree));
    }

    [Fact]
    public async Task Without_git_the_ignore_files_count_and_outputs_are_left_out()
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])["a.cs", "sub/b.cs", "sub/c.tmp", "bin/x.dll", "sub/obj/y", "node_modules/z/i.js", ".env"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            await File.WriteAllTextAsync(folder.File(name), name, TestContext.Current.CancellationToken);
        }
        await File.WriteAllTextAsync(folder.File("sub/.gitignore"), "*.tmp\n", TestContext.Current.CancellationToken);
        var captured = await Capture(new CodebaseLocation(folder.Path, null)).CaptureAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["a.cs", "sub/.gitignore", "sub/b.cs"], Names(captured.Tree));
        Assert.Empty(Directory.GetFileSystemEntries(folder.File(".tars/workspaces")));
    }

    [Fact]
    public async Task A_worktree_is_captured_by_its_own_index()
    {
        repository.Write("f", "x");
        repository.Commit();
        var second = repository.Beside("second");
        repository.Git("worktree", "add", "-q", second);
        await File.WriteAllTextAsync(second + "/only-here", "x", TestContext.Current.CancellationToken);
        var captured = await Capture(new CodebaseLocation(second, repository.At(".git/worktrees/second"))).CaptureAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["f", "only-here"], Names(captured.Tree));
    }

    [Fact]
    public async Task A_second_capture_of_files_at_rest_reads_none_of_them()
    {
        for (var i = 0; i < 50; i++) repository.Write($"d{i % 7}/f{i}", $"text {i}");
        repository.Write("run", "x");
        Shell("find . -name .git -prune -o -type f -exec touch -d '2020-01-01' {} +");
        await Task.Delay(2100, TestContext.Current.CancellationToken); // the change time can't be set back: only time passes it
        var first = (await CaptureNow()).Tree;
        var counter = new ReadCounter();
        var again = new CodebaseCapture(Program, repository.Location, new FileSystem(counter), StateFolder.Create(repository.Folder, repository.At(".git"), files));
        Assert.Equal(first.Hash, (await again.CaptureAsync(TestContext.Current.CancellationToken)).Tree.Hash);
        Assert.Equal(0, counter.Reads);
        repository.Write("d0/f0", "TEXT 0"); // same size
        repository.SetExecutable("run");
        var third = (await again.CaptureAsync(TestContext.Current.CancellationToken)).Tree;
        Assert.Equal(HashOf("TEXT 0"), third[RepositoryPath.Parse("d0/f0")]!.Hash);
        Assert.True(third[RepositoryPath.Parse("run")]!.IsExecutable);
    }

    [Fact]
    public async Task A_file_that_changes_without_new_size_or_time_is_still_seen()
    {
        for (var round = 0; round < 30; round++)
        {
            repository.Write("racy", $"text {round:d2}");
            Shell("touch -d '2020-01-01' racy");
            Assert.Equal(HashOf($"text {round:d2}"), (await CaptureNow()).Tree[RepositoryPath.Parse("racy")]!.Hash);
        }
    }

    [Fact]
    public async Task A_damaged_cache_is_no_cache()
    {
        repository.Write("f", "x");
        var first = (await CaptureNow()).Tree;
        foreach (var garbage in (byte[][])[[], [1, 2, 3], [.. "TARSTREE1"u8, .. new byte[64]]])
        {
            await File.WriteAllBytesAsync(repository.At(".git/tars/tree-cache"), garbage, TestContext.Current.CancellationToken);
            Assert.Equal(first.Hash, (await CaptureNow()).Tree.Hash);
        }
    }

    [Fact]
    public async Task The_last_commit_is_read_as_stored_with_the_working_trees_modes()
    {
        repository.Write("text", "committed\n");
        repository.Write("run", "#!");
        repository.SetExecutable("run");
        repository.Write("same-a", "same");
        repository.Write("same-b", "same");
        repository.Write("empty", "");
        repository.Write("binary", [0, 10, 255, 10]);
        File.CreateSymbolicLink(repository.At("link"), "text");
        repository.Commit();
        repository.Write("text", "dirty\n");
        repository.Write("untracked", "x");
        File.SetUnixFileMode(repository.At("text"), (UnixFileMode)0b110_110_100);
        var capture = Capture();
        var objects = Objects();
        var tree = (await capture.CaptureCommitAsync("HEAD", objects, (await CaptureNow()).Tree, TestContext.Current.CancellationToken)).Tree;
        Assert.Equal(["binary", "empty", "link", "run", "same-a", "same-b", "text"], Names(tree));
        Assert.Equal(new FileState(EntryKind.File, 0b110_110_100, HashOf("committed\n"), 10), tree[RepositoryPath.Parse("text")]);
        Assert.True(tree[RepositoryPath.Parse("run")]!.IsExecutable);
        Assert.Equal(EntryKind.Symlink, tree[RepositoryPath.Parse("link")]!.Kind);
        Assert.Equal([0, 10, 255, 10], objects.Read(tree[RepositoryPath.Parse("binary")]!.Hash));
        repository.Git("add", "text");
        var staged = (await capture.CaptureIndexAsync(objects, cancellation: TestContext.Current.CancellationToken)).Tree;
        Assert.Equal(HashOf("dirty\n"), staged[RepositoryPath.Parse("text")]!.Hash);
        await Assert.ThrowsAsync<GitException>(() => capture.CaptureCommitAsync("no-such-commit", objects, cancellation: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<GitException>(() => capture.CaptureCommitAsync("--output=x", objects, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_ignore_rules_are_the_bases_and_never_name_what_the_base_holds()
    {
        repository.Write(".gitignore", "bin/\n*.log\n!keep.log\n");
        repository.Write("sub/.gitignore", "local\n");
        repository.Write("old.log", "tracked");
        repository.Git("add", "-f", "old.log");
        repository.Commit();
        await File.WriteAllTextAsync(repository.At(".git/info/exclude"), "secret\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(repository.Beside("mine"), "*.swp\n", TestContext.Current.CancellationToken);
        var capture = Capture(userExcludes: repository.Beside("mine"));
        var tree = (await capture.CaptureAsync(TestContext.Current.CancellationToken)).Tree;
        using var root = files.OpenRoot(repository.Folder);
        var rules = capture.RulesOf(tree, new TreeContent(files, root, Objects()));
        repository.Write(".gitignore", "*\n"); // what a change makes of the rules counts for nothing
        string[] asked = ["bin/a.dll", "x/bin/deep/b", "a.log", "keep.log", "old.log", "sub/local", "local", "sub/x/local", "secret", "f.swp", "bin", "new\nline.log", "src/f.cs"];
        var ignored = await rules.IgnoredAsync(asked.Select(RepositoryPath.Parse), TestContext.Current.CancellationToken);
        Assert.Equal(["a.log", "bin/a.dll", "f.swp", "new\nline.log", "secret", "sub/local", "sub/x/local", "x/bin/deep/b"], ignored.Select(path => path.Value).Order(StringComparer.Ordinal));
        Assert.Empty(await rules.IgnoredAsync([RepositoryPath.Parse("src/f.cs")], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_fifo_that_git_would_wait_for_is_named_and_does_not_hang()
    {
        repository.Write("sub/a", "x");
        Shell("mkfifo sub/.gitignore");
        var impatient = new CodebaseCapture(Program, repository.Location, files, StateFolder.Create(repository.Folder, repository.At(".git"), files)) { ListingPatience = TimeSpan.FromMilliseconds(300) };
        var failure = await Assert.ThrowsAsync<GitException>(() => impatient.CaptureAsync(TestContext.Current.CancellationToken));
        Assert.Contains("sub/.gitignore", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_takes_what_killed_runs_left_and_nothing_that_is_in_use()
    {
        var workspaces = StateFolder.Create(repository.Folder, repository.At(".git"), files).Workspaces;
        Directory.CreateDirectory(workspaces + "/scratch-dead/tree/deep");
        File.CreateSymbolicLink(workspaces + "/scratch-dead/tree/out", repository.Folder);
        Directory.CreateDirectory(workspaces + "/CTX-1-step-1");
        using (var living = ScratchRepository.Create(files, workspaces, ""))
        {
            Capture().SweepScratch();
            Assert.Equal(2, Directory.GetDirectories(workspaces).Length);
            Assert.True(Directory.Exists(living.Place.WorkTree));
        }
        Assert.Equal(["CTX-1-step-1"], Directory.GetDirectories(workspaces).Select(Path.GetFileName));
        Assert.True(Directory.Exists(repository.Folder));
    }

    private ObjectStore Objects() => new(StateFolder.Create(repository.Folder, repository.At(".git"), files), files);

    private void Shell(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = repository.Folder, UseShellExecute = false })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private sealed class ReadCounter : ISeamObserver
    {
        public int Reads { get; private set; }

        public void Before(SeamCall call)
        {
            if (call.Operation == "open" && !call.Target.Contains("tree-cache", StringComparison.Ordinal)) Reads++;
        }

        public void After(SeamCall call)
        {
        }
    }
}
