using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace TarsCli.Tests;

/// <summary>What a codebase may look like around a change, and that all of it is afterwards as it was.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private readonly CliFolder folder = new();

    public SurroundingsTests()
    {
        folder.Configure("checks: [{ name: whole, run: [sh, -c, 'test ! -e broken.txt && sleep 0.$(cat slow 2>/dev/null || echo 0)'] }]\n");
        folder.Write("a.txt", "one\n");
        folder.Write("b.txt", "one\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Everything_of_the_users_is_as_it_was_after_a_failed_killed_landed_and_rolled_back_run()
    {
        MakeBusyRepository();
        folder.Add("n/ew.txt", "new\n");
        folder.Add("broken.txt", "broken\n");
        var before = Picture();

        folder.Expect(1, "execute", "improvement", "--id", "IMP-2", "--approve-when-valid");
        Assert.Equal(before, Picture());

        using (var run = folder.Start("execute", "improvement", "--id", "IMP-1"))
        {
            _ = run.StandardOutput.ReadToEndAsync();
            string? line;
            do line = await run.StandardError.ReadLineAsync();
            while (line is not null && !line.Contains("stage: checks", StringComparison.Ordinal));
            run.Kill();
            await run.WaitForExitAsync();
        }
        Assert.Equal(before, Picture());
        Assert.Contains("was interrupted while validating", folder.Expect(0, "recover").Talk, StringComparison.Ordinal);
        Assert.Equal(before, Picture());

        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--approve-when-valid");
        File.Delete(folder.File("n/ew.txt"));
        Directory.Delete(folder.File("n"));
        Assert.Equal(before, Picture());
        folder.Write("n/ew.txt", "new\n");

        folder.Expect(0, "execute", "rollback", "--context-id", "CTX-3", "--all");
        Assert.Equal(before, Picture());
        folder.Expect(0, "audit", "verify");
    }

    [Fact]
    public async Task Without_git_a_change_lands_and_is_taken_back_also_from_a_subfolder()
    {
        folder.Write("sub/s.txt", "s\n");
        folder.Add("n.txt", "new\n");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--approve-when-valid");
        Assert.Equal("new\n", folder.Read("n.txt"));
        var back = await folder.RunAsync(folder.File("sub"), null, "execute", "rollback", "--context-id", "CTX-1", "--all");
        Assert.True(back.Code == 0, back.ToString());
        Assert.False(File.Exists(folder.File("n.txt")));
        Assert.Equal("*", folder.Read(".tars/.gitignore").Trim());
        Assert.False(Directory.Exists(folder.File("sub/.tars")));
    }

    [Theory]
    [InlineData("empty repository", "git init -q")]
    [InlineData("detached head", "git init -q; git add -A; git commit -q -m one; git checkout -q --detach")]
    [InlineData("merge in progress", "git init -q -b main; git add -A; git commit -q -m one; git checkout -q -b x; echo x > a.txt; git commit -qam x; git checkout -q main; echo y > a.txt; git commit -qam y; ! git merge -q x")]
    [InlineData("submodule", "git init -q ../lib; git -C ../lib commit -q --allow-empty -m lib; git init -q; git -c protocol.file.allow=always submodule -q add ../lib lib; git add -A; git commit -q -m one")]
    [InlineData("pipe and hard link", "git init -q; git add -A; git commit -q -m one; mkfifo pipe; echo mine > ../outside.txt; ln ../outside.txt linked.txt")]
    public void A_change_lands_and_is_taken_back_whatever_the_repository_is_in_the_middle_of(string what, string setup)
    {
        Shell(setup);
        folder.Add("n.txt", "new\n");
        var before = Picture();
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--approve-when-valid");
        Assert.True(File.Exists(folder.File("n.txt")), what);
        folder.Expect(0, "execute", "rollback", "--context-id", "CTX-1", "--all");
        Assert.Equal(before, Picture());
    }

    [Fact]
    public async Task A_worktree_has_a_state_of_its_own_and_a_bare_repository_is_refused()
    {
        folder.Commit();
        folder.Git("worktree", "add", "-q", "../tree");
        var before = Picture(".git/worktrees");
        var tree = Path.Combine(folder.Home, "tree");
        folder.Write("../n.yaml", "schema: tars/improvement/v1\ntitle: n\nedits:\n  - create: n.txt\n    content: n\n");
        foreach (var line in (string[])["improve add ../n.yaml", "execute improvement --id IMP-1 --approve-when-valid"])
        {
            var result = await folder.RunAsync(tree, null, line.Split(' '));
            Assert.True(result.Code == 0, result.ToString());
        }
        Assert.True(File.Exists(Path.Combine(tree, "n.txt")));
        Assert.Contains("No improvements", folder.Expect(0, "improve", "list").Talk, StringComparison.Ordinal);
        Assert.Equal(before, Picture(".git/worktrees"));

        folder.Git("init", "-q", "--bare", "../bare.git");
        var bare = await folder.RunAsync(Path.Combine(folder.Home, "bare.git"), null, "improve", "list");
        Assert.True(bare.Code == 3, bare.ToString());
        Assert.Contains("bare", bare.Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("truncate -s 5000 .git/tars/state.db")]
    [InlineData("printf garbage > .git/tars/state.db")]
    [InlineData("rm .git/tars/state.db")]
    public void A_state_that_is_damaged_ends_with_7_and_nothing_is_guessed(string damage)
    {
        folder.Commit();
        folder.Add("n.txt", "new\n");
        var before = Picture();
        Shell(damage);
        foreach (var line in (string[])["improve list", "execute improvement --id IMP-1", "recover"])
            Assert.Contains("state.db", folder.Expect(7, line.Split(' ')).Talk, StringComparison.Ordinal);
        Assert.Equal(before, Picture());
    }

    [Fact]
    public void An_output_folder_that_can_not_be_made_is_said_before_anything_is_executed()
    {
        folder.Commit();
        folder.Add("n.txt", "new\n");
        foreach (var place in (string[])["a.txt", "/proc/nowhere"])
            Assert.Contains($"The output folder '{place}' can't be made", folder.Expect(2, "execute", "improvement", "--id", "IMP-1", "--output-dir", place).Talk, StringComparison.Ordinal);
        Assert.Contains("Nothing was executed", folder.Expect(0, "execute", "status").Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proposal_that_can_not_be_read_is_recorded_as_refused()
    {
        folder.Write("../bad.yaml", "schema: tars/improvement/v1\ntitel: x\n");
        folder.Expect(2, "improve", "add", "../bad.yaml");
        Assert.Contains("\"refused\"", folder.Expect(0, "audit", "list", "--format", "json").Answer, StringComparison.Ordinal);
    }

    /// <summary>A rebase that stopped at a conflict, a stash, a tag, a ref and a hook of the user's; staged, edited, untracked and ignored files.</summary>
    private void MakeBusyRepository() => Shell("""
        git init -q -b main; echo '*.secret' > .gitignore; git add -A; git commit -q -m one
        echo two >> a.txt; git commit -qam two; git tag -a v1 -m v1
        git checkout -q -b other HEAD~1; echo three >> a.txt; git commit -qam three
        git update-ref refs/own/thing HEAD; git config alias.zz 'log -1'
        echo parked >> b.txt; git stash push -q -m parked
        if git rebase -q main 2>/dev/null; then exit 1; fi
        test -d .git/rebase-merge
        echo staged >> b.txt; git add b.txt; echo edited >> b.txt
        echo untracked > 'un träcked.txt'; echo hidden > my.secret; chmod 600 my.secret; ln -s b.txt link; mkdir empty; echo 9 > slow
        printf '#!/bin/sh\ntouch "%s"\n' "$PWD/hooked" > .git/hooks/post-checkout; cp .git/hooks/post-checkout .git/hooks/post-index-change; chmod +x .git/hooks/post-*
        """);

    private void Shell(string script)
    {
        folder.Write("../setup.sh", "set -e\nexport GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=T GIT_AUTHOR_EMAIL=t@example.invalid GIT_COMMITTER_NAME=T GIT_COMMITTER_EMAIL=t@example.invalid\n" + script);
        var start = new ProcessStartInfo("sh", ["../setup.sh"]) { WorkingDirectory = folder.Codebase, RedirectStandardOutput = true, RedirectStandardError = true };
        using var shell = Process.Start(start)!;
        var said = shell.StandardError.ReadToEndAsync();
        shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{script}\n{said.GetAwaiter().GetResult()}");
    }

    // Every path with kind, mode and content, git's own files included; our state is not the user's.
    private string Picture(string? without = null)
    {
        var text = new StringBuilder();
        foreach (var path in Directory.EnumerateFileSystemEntries(folder.Codebase, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder.Codebase, path);
            if (IsIn(name, ".git/tars") || IsIn(name, ".tars") || without is not null && IsIn(name, without)) continue;
            var info = new FileInfo(path);
            text.Append(name).Append(' ').Append(info.UnixFileMode).Append(' ').Append(info.LinkTarget);
            if (info.LinkTarget is null && info.Exists && name is not "pipe") text.Append(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
            text.Append('\n');
        }
        return text.ToString();

        static bool IsIn(string name, string folder) => name == folder || name.StartsWith(folder + "/", StringComparison.Ordinal);
    }
}
