using System.Text;
using TarsEngine.Improvements;

namespace TarsEngine.Tests.Improvements;

public sealed class PatchReaderTests
{
    private const string Blob = "0000000000000000000000000000000000000000";

    [Theory]
    [InlineData("../x", "step out")]
    [InlineData("a/../../x", "step out")]
    [InlineData("real/..", "step out")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("C:/x", "drive letter")]
    [InlineData("a\\\\b", "backslash")]
    [InlineData("a//b", "empty segment")]
    [InlineData("./a", "'.'")]
    [InlineData("a\\000b", "NUL")]
    [InlineData(".git/config", "belongs to git")]
    [InlineData("sub/.GIT/hooks/post-commit", "belongs to git")]
    [InlineData(".Tars/state.db", "belongs to git")]
    public void A_path_that_no_change_may_touch_is_refused_wherever_it_stands(string path, string said)
    {
        Refused($"diff --git \"a/{path}\" \"b/{path}\"\nnew file mode 100644\n--- /dev/null\n+++ \"b/{path}\"\n@@ -0,0 +1 @@\n+x\n", said, 1);
        Refused($"diff --git a/ok \"b/{path}\"\nsimilarity index 100%\nrename from ok\nrename to \"{path}\"\n", said, 1);
        Refused($"diff --git \"a/{path}\" b/ok\nsimilarity index 100%\nrename from \"{path}\"\nrename to ok\n", said, 1);
        Refused($"diff --git \"a/{path}\" \"b/{path}\"\nold mode 100644\nnew mode 100755\n", said, 1);
        Refused($"--- \"a/{path}\"\n+++ \"b/{path}\"\n@@ -1 +1 @@\n-a\n+b\n", said, 1);
    }

    [Theory]
    [InlineData("160000", "submodule")]
    [InlineData("010644", "FIFO")]
    [InlineData("020666", "character device")]
    [InlineData("060660", "block device")]
    [InlineData("140777", "socket")]
    [InlineData("040000", "folder")]
    [InlineData("104755", "setuid")]
    [InlineData("102755", "setuid, setgid")]
    [InlineData("100666", "writable for everybody")]
    [InlineData("100777", "writable for everybody")]
    [InlineData("100600", "none that git keeps")]
    [InlineData("+10064", "not a file mode")]
    [InlineData("999999", "not a file mode")]
    public void A_mode_that_no_file_of_a_codebase_has_is_refused_wherever_it_stands(string mode, string said)
    {
        Refused($"diff --git a/x b/x\nnew file mode {mode}\n", said, 2);
        Refused($"diff --git a/x b/x\ndeleted file mode {mode}\n", said, 2);
        Refused($"diff --git a/x b/x\nold mode 100644\nnew mode {mode}\n", said, 3);
        Refused($"diff --git a/x b/x\nindex 1111111..2222222 {mode}\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", said, 2);
    }

    [Theory]
    [InlineData("@@ -1,2 +1 @@\n-a\n+b\n", "short of its header")]
    [InlineData("@@ -1 +1,9 @@\n-a\n+b\n", "short of its header")]
    [InlineData("@@ -1 +1 @@\n-a\n+b\n+c\n", "lies about its counts")]
    [InlineData("@@ -1 +1 @@\n-a\n+b\n-c\n", "lies about its counts")]
    [InlineData("@@ -1 +1 @@\n-a\n-b\n", "lies about its counts")]
    [InlineData("@@ -1 +1 @@\n-a\n+b\n c\n", "lies about its counts")]
    [InlineData("@@ -1,2 +1,2 @@\n-a\nnonsense\n", "is no line of a hunk")]
    [InlineData("@@ -1,2 +1,2 @@\n-a\n+b\ndiff --git a/y b/y\n", "is no line of a hunk")]
    [InlineData("@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d\n", "lies about its counts")]
    [InlineData("@@ -0,0 +0,0 @@\n", "no lines at all")]
    [InlineData("@@ -1 +1\n-a\n+b\n", "no hunk header")]
    [InlineData("@@ -99999999999999999999 +1 @@\n-a\n+b\n", "no hunk header")]
    [InlineData("@@ -1 +1 @@\n\\ No newline at end of file\n-a\n+b\n", "is no line of a hunk")]
    [InlineData("@@ -1 +1 @@\n-a\n+b", "middle of a hunk's line")]
    [InlineData("", "without a hunk")]
    public void A_hunk_whose_header_lies_is_refused(string hunks, string said) => Refused("diff --git a/x b/x\n--- a/x\n+++ b/x\n" + hunks, said);

    [Theory]
    [InlineData("GIT binary patch\n", "neither 'literal' nor 'delta'")]
    [InlineData("GIT binary patch\nliteral 4\n", "is cut")]
    [InlineData("GIT binary patch\nliteral 4\nLcmZQzWMT#Y01f~L\n", "is cut")]
    [InlineData("GIT binary patch\nliteral 4\nLcmZQzWMT#Y01\n\n", "cut or mangled")]
    [InlineData("GIT binary patch\nliteral 5\nLcmZQzWMT#Y01f~L\n\n", "another size")]
    [InlineData("GIT binary patch\nliteral 4\nLcmZQzWMT#Y0\"f~L\n\n", "base 85")]
    [InlineData("GIT binary patch\nliteral 99999999999\nLcmZQzWMT#Y01f~L\n\n", "the limit is")]
    [InlineData("GIT binary patch\nliteral x\n\n", "size in bytes")]
    [InlineData("GIT binary patch\nliteral 4\nEaaaaaaaaaaaaaaa\n\n", "mangled")]
    [InlineData("Binary files a/x and b/x differ\n", "git diff --binary")]
    [InlineData("", "no hunk follows")]
    public void A_binary_hunk_that_is_cut_or_mangled_is_refused(string hunk, string said) =>
        Refused($"diff --git a/x b/x\nindex {Blob}..{Blob.Replace('0', '1')} 100644\n{hunk}", said);

    [Theory]
    [InlineData("diff --git a/x b/y\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", "no 'rename' line")]
    [InlineData("diff --git a/x b/x\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", "name different files")]
    [InlineData("diff --git a/x b/y\nrename from x\nrename to z\n", "name different files")]
    [InlineData("diff --git a/x b/y\nrename from x\nrename to y\n--- a/q\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", "name different files")]
    [InlineData("diff --git a/x b/y\nrename from x\n", "both 'from' and 'to'")]
    [InlineData("diff --git a/x b/x\nnew file mode 100644\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+x\n", "doesn't say /dev/null")]
    [InlineData("diff --git a/x b/x\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n", "doesn't say that the file is new")]
    [InlineData("diff --git a/x b/x\nnew file mode 100644\nnew file mode 100755\n", "second 'new file mode'")]
    [InlineData("diff --git a/x b/x\nnew file mode 100644\ndeleted file mode 100644\n", "makes and deletes")]
    [InlineData("diff --git a/x b/x\nold mode 100644\nnew mode 120000\n", "becomes a symlink")]
    [InlineData("diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -1 +1 @@\n-a\n+x\n", "can't have old lines")]
    [InlineData("diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+x\n", "can't have new lines")]
    [InlineData("diff --git src/x src/x\n--- src/x\n+++ src/x\n@@ -1 +1 @@\n-a\n+b\n", "--src-prefix=a/")]
    [InlineData("diff --git a/x a/x\n--- a/x\n+++ a/x\n@@ -1 +1 @@\n-a\n+b\n", "without prefixes")]
    [InlineData("diff --git a/x b/x y\nold mode 100644\nnew mode 100755\n", "not one name twice")]
    [InlineData("diff --git \"a/x\\q\" \"b/x\\q\"\nold mode 100644\nnew mode 100755\n", "escape that git doesn't write")]
    [InlineData("diff --git \"a/x b/x\nold mode 100644\nnew mode 100755\n", "no closing quote")]
    [InlineData("diff --git a/x b/x\r\nold mode 100644\r\nnew mode 100755\r\n", "CR LF")]
    [InlineData("diff --cc x\nindex 1111111,2222222..3333333\n", "merge")]
    [InlineData("Submodule x 1111111..2222222:\n", "submodule")]
    [InlineData("@@ -1 +1 @@\n-a\n+b\n", "belongs to no file")]
    [InlineData("Hello, please change x to y.\n", "no patch found")]
    [InlineData("*** a/x\n--- b/x\n***************\n*** 1 ****\n! a\n--- 1 ----\n! b\n", "no patch found")]
    public void A_header_that_git_could_read_in_another_way_is_refused(string patch, string said) => Refused(patch, said);

    [Fact]
    public void Writing_through_a_symlink_that_the_patch_makes_is_refused()
    {
        Refused(New("link", "120000", "/etc") + New("link/passwd", "100644", "x"), "through the symlink 'link'");
        Refused(New("link/passwd", "100644", "x") + New("link", "120000", "/etc"), "through the symlink 'link'");
        Refused(New("a", "100644", "x") + New("a/b", "100644", "x"), "leaves as a file");
    }

    [Fact]
    public void One_path_changed_twice_is_refused()
    {
        var modify = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";
        Refused(modify + modify, "changed twice", 7);
        Refused(New("x", "100644", "x") + New("x", "100644", "y"), "changed twice");
        Refused(modify + "diff --git a/x b/y\nrename from x\nrename to y\n", "changed twice");
        Refused("diff --git a/x b/x\ndeleted file mode 100644\n" + New("x", "100644", "y"), "changed twice");
    }

    [Theory]
    [InlineData("Readme", "README")]
    [InlineData("Src/a", "src/b")]
    [InlineData("ä", "Ä")]
    public void New_names_that_differ_by_case_only_are_refused(string one, string other) =>
        Refused(New(one, "100644", "x") + New(other, "100644", "y"), "letter case only");

    [Fact]
    public void What_looks_hostile_but_is_not_is_taken()
    {
        // A cycle, a case change by rename, a file that becomes a folder and the reverse, a file that becomes a symlink.
        Assert.Equal(2, Read("diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\ndiff --git a/b b/a\nsimilarity index 100%\nrename from b\nrename to a\n").Count);
        Assert.Single(Read("diff --git a/Readme b/README\nsimilarity index 100%\nrename from Readme\nrename to README\n"));
        Assert.Equal(2, Read("diff --git a/a b/a\ndeleted file mode 100644\n" + New("a/b", "100644", "x")).Count);
        Assert.Equal(2, Read("diff --git a/a/b b/a/b\ndeleted file mode 100644\n" + New("a", "120000", "x")).Count);
        Assert.Equal(2, Read("diff --git a/a b/a\ndeleted file mode 100644\n" + New("a", "120000", "x")).Count);
    }

    [Fact]
    public void A_patch_of_two_gigabytes_and_an_endless_line_are_refused_in_bounded_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var header = "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1,99999999 @@\n";
        Refused(PatchReader.Read(new EndlessStream(header, "+0123456789abcdef\n", 2L << 30)), "limit for one patch");
        Refused(PatchReader.Read(new EndlessStream(header + "+", "x", 2L << 30)), "limit for one line");
        Refused(PatchReader.Read(new EndlessStream(header + "+", "x", 10L << 20)), "limit for one line", 6);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128L << 20);
    }

    [Fact]
    public void Nothing_to_do_is_said_not_refused()
    {
        foreach (var patch in (string[])["", "\n\n", "diff --git a/x b/x\n", "From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: [PATCH] empty\n\n---\n"])
            Assert.IsType<PatchEmpty>(PatchReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(patch))));
    }

    [Fact]
    public void Every_bad_path_of_a_patch_is_reported_at_once() =>
        Assert.Equal([1, 7, 13], Assert.IsType<PatchRefused>(Result(New(".git/a", "100644", "x") + New(".tars/b", "100644", "x") + New("c/.GIT/d", "100644", "x"))).Problems.Select(p => p.Line));

    private static string New(string path, string mode, string content) =>
        $"diff --git a/{path} b/{path}\nnew file mode {mode}\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+{content}\n";

    private static PatchResult Result(string patch) => PatchReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(patch)));

    private static IReadOnlyList<PatchFile> Read(string patch) => Assert.IsType<PatchRead>(Result(patch)).Files;

    private static void Refused(string patch, string said, int? line = null) => Refused(Result(patch), said, line);

    private static void Refused(PatchResult result, string said, int? line = null)
    {
        var problem = Assert.IsType<PatchRefused>(result).Problems[0];
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        if (line is not null) Assert.Equal(line, problem.Line);
    }

    /// <summary>A beginning, then the same bytes over and over.</summary>
    private sealed class EndlessStream(string start, string repeated, long length) : Stream
    {
        private readonly byte[] begin = Encoding.UTF8.GetBytes(start), again = Encoding.UTF8.GetBytes(repeated);
        private long position;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, length - position);
            for (var i = 0; i < count; i++, position++) buffer[offset + i] = position < begin.Length ? begin[position] : again[(position - begin.Length) % again.Length];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
