using System.Text;
using TarsEngine.Improvements;

namespace TarsEngine.Tests.Improvements;

public sealed class ImprovementSourceTests
{
    private const string Diff = "diff --git a/src/a.cs b/src/a.cs\n--- a/src/a.cs\n+++ b/src/a.cs\n@@ -1 +1 @@\n-a\n+b\n";

    [Theory]
    [InlineData("-", "schema: tars/improvement/v1\ntitle: t\nedits:\n- delete: x\n", "t")]
    [InlineData("-", "# a comment\nschema: tars/improvement/v1\ntitle: t\nedits:\n- delete: x\n", "t")]
    [InlineData("-", "{\"schema\": \"tars/improvement/v1\", \"title\": \"t\", \"edits\": [{\"delete\": \"x\"}]}", "t")]
    [InlineData("change.yaml", "schema: tars/improvement/v1\ntitle: t\nedits:\n- delete: x\n", "t")]
    [InlineData("-", Diff, "Change src/a.cs")]
    [InlineData("x.patch", Diff, "Change src/a.cs")]
    [InlineData("-", Diff + "diff --git a/b b/b\nold mode 100644\nnew mode 100755\n", "Change src/a.cs and b")]
    [InlineData("-", "diff --git a/a b/a\nnew file mode 100644\ndiff --git a/b b/b\nnew file mode 100644\ndiff --git a/c b/c\nnew file mode 100644\n", "Add a and 2 other files")]
    [InlineData("-", "diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n", "Rename a to b")]
    [InlineData("-", "From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nFrom: =?UTF-8?q?J=C3=BCrgen?= <j@example.org>\nDate: x\nSubject: [PATCH 1/2] A subject that is so long\n that it is folded\n\nBody.\n---\n src/a.cs | 2 +-\n\n" + Diff + "-- \n2.39.5\n\n", "A subject that is so long that it is folded")]
    [InlineData("-", "commit 1111111111111111111111111111111111111111\nAuthor: A <a@b>\nDate:   x\n\n    The title\n    \n    More.\n\n" + Diff, "The title")]
    [InlineData("-", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "Change x")]
    public void What_is_given_is_told_apart_and_titled(string name, string text, string title)
    {
        var proposed = Assert.IsType<Proposed>(ImprovementSource.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), name));
        Assert.Equal(title, Assert.Single(proposed.Improvements).Title);
    }

    [Fact]
    public void A_mail_gives_text_author_and_base_and_is_reduced_to_its_change()
    {
        var mail = "From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nFrom: =?UTF-8?q?J=C3=BCrgen?= <j@example.org>\nSubject: [PATCH] t\n\nBody,\ntwo lines.\n\nSigned-off-by: J\n---\n a | 2\n\n"
            + Diff + "\nbase-commit: 3f786850e387550fdab836ed7e6dc881de23001b\n-- \n2.39.5\n\n";
        var one = Assert.Single(Assert.IsType<Proposed>(ImprovementSource.Read(new MemoryStream(Encoding.UTF8.GetBytes(mail)), "0001.patch")).Improvements);
        Assert.Equal("Body,\ntwo lines.\n\nSigned-off-by: J", one.Description);
        Assert.Equal("patch:0001.patch by Jürgen <j@example.org>", one.Source);
        Assert.Equal("3f786850e387550fdab836ed7e6dc881de23001b", one.BaseCommit);
        Assert.Equal(Diff, Encoding.UTF8.GetString(one.Contents.Values.Single()));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \r\n\t\n", "is empty")]
    [InlineData("diff --git a/x b/x\n", "changes none")]
    public void Nothing_to_do_is_said(string text, string said) =>
        Assert.Contains(said, Assert.IsType<NothingProposed>(ImprovementSource.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "-")).Explanation, StringComparison.Ordinal);

    [Fact]
    public void What_is_neither_is_refused()
    {
        var refused = Assert.IsType<ProposalRefused>(ImprovementSource.Read(new MemoryStream("please fix it\n"u8.ToArray()), "-"));
        Assert.Contains("no patch found", refused.Problems[0].ToString(), StringComparison.Ordinal);
        Assert.Contains("limit", Assert.IsType<ProposalRefused>(ImprovementSource.Read(new MemoryStream(new byte[2000]), "-", limits: new PatchLimits(MaxBytes: 1000))).Problems[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--- a/x y\t2024-01-01 00:00:00\n+++ b/x y\t2024-01-01 00:00:00\n@@ -1 +1 @@\n-a\n+b\n", "diff --git \"a/x y\" \"b/x y\"\n--- \"a/x y\"\n+++ \"b/x y\"\n")]
    [InlineData("diff -ruN old/x new/x\n--- old/x\t1970-01-01 01:00:00.000000000 +0100\n+++ new/x\t2024-01-01 00:00:00.000000000 +0000\n@@ -0,0 +1 @@\n+b\n", "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n")]
    [InlineData("--- x\n+++ x\n@@ -1 +1 @@\n-a\n+b\n", "diff --git a/x b/x\n--- a/x\n+++ b/x\n")]
    [InlineData("--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", "diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n")]
    public void A_plain_diff_gets_the_header_that_git_writes(string plain, string header)
    {
        var one = Assert.Single(Assert.IsType<Proposed>(ImprovementSource.Read(new MemoryStream(Encoding.UTF8.GetBytes(plain)), "-")).Improvements);
        Assert.StartsWith(header + "@@ ", Encoding.UTF8.GetString(one.Contents.Values.Single()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--- x.orig\n+++ x\n@@ -1 +1 @@\n-a\n+b\n")]
    [InlineData("--- a/x\n+++ a/x\n@@ -1 +1 @@\n-a\n+b\n")]
    [InlineData("--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n")]
    public void A_plain_diff_whose_names_could_mean_two_files_is_refused(string plain) =>
        Assert.Contains("more than one file", Assert.IsType<ProposalRefused>(ImprovementSource.Read(new MemoryStream(Encoding.UTF8.GetBytes(plain)), "-")).Problems[0].Message, StringComparison.Ordinal);
}
