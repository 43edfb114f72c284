using TarsEngine.Changes;
using TarsEngine.Sandbox;
using static TarsEngine.Tests.Staging.StagingGround;

namespace TarsEngine.Tests.Staging;

public sealed class PatchStepTests : IDisposable
{
    private readonly StagingGround ground = new();

    public void Dispose() => ground.Dispose();

    private GitRepository Repository => ground.Repository;

    /// <summary>Makes git's patch of an edit, applies it in memory, and compares with what the edit makes on the disk.</summary>
    private async Task<VirtualFileSystem> AppliesExactly(Action edit, params string[] options)
    {
        var patch = ground.PatchOf(edit, options);
        var tree = await ground.Tree();
        Assert.Empty(await ground.Apply(patch, tree));
        edit();
        Assert.Equal((await ground.Tree()).Base.Entries.Select(e => (e.Key, e.Value)), tree.ToSnapshot().Entries.Select(e => (e.Key, e.Value)));
        Assert.Empty(Directory.GetFileSystemEntries(ground.State.Workspaces));
        return tree;
    }

    [Fact]
    public async Task Bytes_are_kept_exactly_whatever_the_line_ends()
    {
        Repository.Write("crlf", "one\r\ntwo\r\nthree\r\n");
        Repository.Write("mixed", "one\r\ntwo\nthree\rfour");
        Repository.Write("bom", "\ufeffone\ntwo\n");
        Repository.Write("noend", "one\ntwo");
        Repository.Write("binary", [0, 1, 2, 13, 10, 255]);
        Repository.Write("latin1", [0xe4, 10, 0xf6, 10]);
        await AppliesExactly(() =>
        {
            Repository.Write("crlf", "one\r\nTWO\r\nthree\r\nfour");
            Repository.Write("mixed", "one\r\nTWO\nthree\rfour\r");
            Repository.Write("bom", "\ufeffone\nTWO\n");
            Repository.Write("noend", "one\ntwo\n");
            Repository.Write("binary", [0, 1, 2, 10, 13, 254, 0]);
            Repository.Write("latin1", [0xe4, 10, 0xfc]);
            Repository.Write("trailing", "spaces   \n\t\n \n");
        });
    }

    [Fact]
    public async Task Attributes_in_the_patch_or_the_codebase_convert_nothing()
    {
        Repository.Write("a.txt", "one\r\ntwo\r\n$Id$\r\n");
        Repository.Write(".gitattributes", "*.txt text=auto eol=crlf ident\n");
        var tree = await ground.Tree();
        Assert.Empty(await ground.Apply(
            "diff --git a/.gitattributes b/.gitattributes\n--- a/.gitattributes\n+++ b/.gitattributes\n@@ -1 +1,2 @@\n *.txt text=auto eol=crlf ident\n+*.md filter=x working-tree-encoding=UTF-16\n"
            + "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\r\n-two\r\n+TWO\r\n $Id$\r\n"
            + "diff --git a/b.txt b/b.txt\nnew file mode 100644\n--- /dev/null\n+++ b/b.txt\n@@ -0,0 +1,2 @@\n+lf\n+$Id$\n"
            + "diff --git a/c.md b/c.md\nnew file mode 100644\n--- /dev/null\n+++ b/c.md\n@@ -0,0 +1 @@\n+plain\n", tree));
        Assert.Equal(["one\r\nTWO\r\n$Id$\r\n", "lf\n$Id$\n", "plain\n"], [Text(tree, "a.txt"), Text(tree, "b.txt"), Text(tree, "c.md")]);
    }

    [Fact]
    public async Task Renames_cycles_modes_symlinks_and_empty_files_apply()
    {
        Repository.Write("a", "content of a\nmore\nlines\n");
        Repository.Write("b", "another text\nof b\nentirely\n");
        Repository.Write("old/name", "moved\nlines\nhere\n");
        Repository.Write("run", "#!\n");
        Repository.Write("stop", "#!\n");
        Repository.SetExecutable("stop");
        File.CreateSymbolicLink(Repository.At("link"), "a");
        File.CreateSymbolicLink(Repository.At("becomes-file"), "a");
        Repository.Write("becomes-link", "text\n");
        var tree = await AppliesExactly(
            () =>
            {
                File.Move(Repository.At("a"), Repository.At("swap"));
                File.Move(Repository.At("b"), Repository.At("a"));
                File.Move(Repository.At("swap"), Repository.At("b"));
                Directory.Delete(Repository.At("old"), recursive: true);
                Repository.Write("new/name", "moved\nlines\nhere\nand changed\n");
                Repository.SetExecutable("run");
                File.SetUnixFileMode(Repository.At("stop"), (UnixFileMode)0b110_100_100);
                File.Delete(Repository.At("link"));
                File.CreateSymbolicLink(Repository.At("link"), "/else/where");
                File.Delete(Repository.At("becomes-file"));
                Repository.Write("becomes-file", "a");
                File.Delete(Repository.At("becomes-link"));
                File.CreateSymbolicLink(Repository.At("becomes-link"), "text\n");
                Repository.Write("empty", "");
            },
            "-M", "-B");
        Assert.Equal(P("old/name"), tree.ToChangeSet().Single(change => change.Path == P("new/name")).RenamedFrom);
    }

    [Fact]
    public async Task A_file_becomes_a_folder_and_a_folder_a_file()
    {
        Repository.Write("f", "text\n");
        Repository.Write("d/x", "x\n");
        Repository.Write("d/y", "y\n");
        await AppliesExactly(() =>
        {
            File.Delete(Repository.At("f"));
            Repository.Write("f/g", "deeper\n");
            Directory.Delete(Repository.At("d"), recursive: true);
            Repository.Write("d", "flat\n");
        });
    }

    [Fact]
    public async Task Names_of_any_bytes_apply_exactly()
    {
        string[] names = ["a b", "tab\there", "new\nline", "-dash", "\"quote\"", "ünï", new string('n', 255), "trail "];
        foreach (var name in names) Repository.Write("d/" + name, "old\n");
        await AppliesExactly(() =>
        {
            foreach (var name in names) Repository.Write("d/" + name, "new\n");
            using var shell = System.Diagnostics.Process.Start("sh", ["-c", $"printf x > \"$(printf '{Repository.Folder}/bad\\377name')\""]);
            shell.WaitForExit();
        });
    }

    [Fact]
    public async Task Other_mode_bits_than_gits_stay_as_they_were()
    {
        Repository.Write("shared", "a\n");
        Repository.Write("secret", "a\n");
        var patch = ground.PatchOf(() =>
        {
            Repository.Write("shared", "b\n");
            Repository.SetExecutable("secret");
        });
        File.SetUnixFileMode(Repository.At("shared"), (UnixFileMode)0b110_110_100);
        File.SetUnixFileMode(Repository.At("secret"), (UnixFileMode)0b110_000_000);
        var tree = await ground.Tree();
        Assert.Empty(await ground.Apply(patch, tree));
        Assert.Equal(0b110_110_100, tree[P("shared")]!.Mode);
        Assert.Equal(0b111_000_000, tree[P("secret")]!.Mode);
    }

    [Fact]
    public async Task A_conflict_shows_what_was_expected_and_what_is_there_at_every_place()
    {
        Repository.Write("f", "one\ntwo\nthree\n");
        Repository.Write("g", "one\n");
        var patch = ground.PatchOf(() =>
        {
            Repository.Write("f", "one\nTWO\nthree\n");
            Repository.Write("g", "ONE\n");
        });
        Repository.Write("f", "one\nsecond\nthree\n");
        Repository.Write("g", "first\n");
        var tree = await ground.Tree();
        var findings = await ground.Apply(patch, tree);
        Assert.Equal(["f", "g"], findings.Select(finding => finding.Path!.Value.Value));
        Assert.All(findings, finding => Assert.Equal(("patch/conflict", Severity.Error), (finding.Rule, finding.Severity)));
        Assert.Contains("expected:\n  one\n  two\n  three", findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("found:\n  one\n  second\n  three", findings[0].Message, StringComparison.Ordinal);
        Assert.Equal(1, findings[0].Line);
        Assert.True(tree.ToChangeSet().IsEmpty);
    }

    [Fact]
    public async Task A_conflict_of_a_binary_file_a_missing_and_an_existing_one_is_a_conflict()
    {
        Repository.Write("bin", [0, 1, 2]);
        Repository.Write("gone", "x\n");
        Repository.Write("kept", "x\n");
        var binary = ground.PatchOf(() => Repository.Write("bin", [0, 1, 2, 3]));
        var others = ground.PatchOf(() =>
        {
            Repository.Write("made", "x\n");
            Repository.Write("gone", "y\n");
            File.Delete(Repository.At("kept"));
        });
        Repository.Write("bin", [0, 9, 9]);
        Repository.Write("made", "mine\n");
        File.Delete(Repository.At("gone"));
        var tree = await ground.Tree();
        Assert.Equal("patch/conflict", Assert.Single(await ground.Apply(binary, tree)).Rule);
        Assert.Equal(["gone", "made"], (await ground.Apply(others, tree)).Select(finding => finding.Path!.Value.Value).Order(StringComparer.Ordinal));
        Assert.True(tree.ToChangeSet().IsEmpty);
    }

    [Fact]
    public async Task A_hunk_that_fits_some_lines_away_applies_and_is_said()
    {
        string[] lines = [.. Enumerable.Range(1, 20).Select(i => $"line {i}")];
        Repository.Write("f", string.Join('\n', lines));
        var patch = ground.PatchOf(() => Repository.Write("f", string.Join('\n', lines).Replace("line 10\n", "LINE TEN\n", StringComparison.Ordinal)));
        Repository.Write("f", "new first\nnew second\n" + string.Join('\n', lines));
        var tree = await ground.Tree();
        var finding = Assert.Single(await ground.Apply(patch, tree));
        Assert.Equal(("patch/offset", Severity.Info, P("f")), (finding.Rule, finding.Severity, finding.Path!.Value));
        Assert.Contains("2 lines", finding.Message, StringComparison.Ordinal);
        Assert.StartsWith("new first\nnew second\nline 1\n", Text(tree, "f"), StringComparison.Ordinal);
        Assert.Contains("LINE TEN", Text(tree, "f"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_through_a_symlink_that_is_there_or_that_the_patch_makes()
    {
        var outside = Repository.Beside("outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(outside + "/victim", "safe\n", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Repository.At("dir"), outside);
        File.CreateSymbolicLink(Repository.At("file"), outside + "/victim");
        var tree = await ground.Tree();
        string[] attacks =
        [
            "diff --git a/dir/new b/dir/new\nnew file mode 100644\n--- /dev/null\n+++ b/dir/new\n@@ -0,0 +1 @@\n+evil\n",
            "diff --git a/dir/victim b/dir/victim\n--- a/dir/victim\n+++ b/dir/victim\n@@ -1 +1 @@\n-safe\n+evil\n",
            "diff --git a/dir/victim b/dir/victim\ndeleted file mode 100644\n--- a/dir/victim\n+++ /dev/null\n@@ -1 +0,0 @@\n-safe\n",
            "diff --git a/file b/file\n--- a/file\n+++ b/file\n@@ -1 +1 @@\n-safe\n+evil\n",
            "diff --git a/file b/file\nindex 1111111..2222222 100644\n--- a/file\n+++ b/file\n@@ -1 +1 @@\n-safe\n+evil\n",
            "--- a/file\n+++ b/file\n@@ -1 +1 @@\n-safe\n+evil\n",
            $"diff --git a/own b/own\nnew file mode 120000\n--- /dev/null\n+++ b/own\n@@ -0,0 +1 @@\n+{outside}\n\\ No newline at end of file\n"
                + "diff --git a/own/new b/own/new\nnew file mode 100644\n--- /dev/null\n+++ b/own/new\n@@ -0,0 +1 @@\n+evil\n",
        ];
        foreach (var attack in attacks)
        {
            var findings = await ground.Apply(attack, tree);
            Assert.Contains(findings, finding => finding.Severity == Severity.Error);
            Assert.True(tree.ToChangeSet().IsEmpty);
        }
        Assert.Equal(["victim"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
        Assert.Equal("safe\n", await File.ReadAllTextAsync(outside + "/victim", TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFileSystemEntries(ground.State.Workspaces));
    }

    [Fact]
    public async Task A_hostile_or_malformed_patch_is_refused_with_its_line()
    {
        Repository.Write("f", "a\n");
        Repository.Write("src/Code.cs", "a\n");
        var tree = await ground.Tree();
        static string Make(string path, string mode = "100644") => $"diff --git a/{path} b/{path}\nnew file mode {mode}\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n";
        string[] attacks =
        [
            Make("../x"), Make("a/../../x"), Make("src/../../x"), Make("/etc/x"), Make("C:/x"), Make("a\\\\b"),
            Make(".git/hooks/pre-commit"), Make("sub/.Git/config"), Make(".tars/state.db"), Make("dev", "020644"), Make("pipe", "010644"), Make("sub", "160000"),
            Make("suid", "104755"), Make("open", "100666"), Make("Twin") + Make("twin"), Make("two") + Make("two"), Make("src/code.cs"), Make("SRC/x.cs"),
            Make("f/below"), Make("src"),
            "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n-a\n+b\n",
            "diff --git a/b b/b\nnew file mode 100644\nindex 0000000..1111111\nGIT binary patch\nliteral 10\nzcmZQ\n",
        ];
        foreach (var attack in attacks)
        {
            var findings = await ground.Apply(attack, tree);
            Assert.True(findings.Any(finding => finding.Severity == Severity.Error), attack);
            Assert.True(tree.ToChangeSet().IsEmpty, attack);
        }
    }

    [Fact]
    public async Task An_empty_patch_changes_nothing_and_says_so()
    {
        Repository.Write("f", "a\n");
        var tree = await ground.Tree();
        var finding = Assert.Single(await ground.Apply("", tree));
        Assert.Equal(("patch/empty", Severity.Info), (finding.Rule, finding.Severity));
        Assert.True(tree.ToChangeSet().IsEmpty);
    }

    [Fact]
    public async Task A_plain_diff_without_gits_headers_applies()
    {
        Repository.Write("f", "a\nb\n");
        var tree = await ground.Tree();
        Assert.Empty(await ground.Apply("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n", tree));
        Assert.Equal("a\nB\n", Text(tree, "f"));
    }
}
