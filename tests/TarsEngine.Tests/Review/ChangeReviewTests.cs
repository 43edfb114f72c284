using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Review;

namespace TarsEngine.Tests.Review;

public sealed class ChangeReviewTests
{
    private readonly Dictionary<ContentHash, byte[]> contents = [];
    private readonly List<FileChange> changes = [];

    [Fact]
    public void A_modified_file_is_shown_as_a_unified_diff_with_three_lines_of_context()
    {
        Change("src/a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n");
        Assert.Equal("""
            diff --git a/src/a.txt b/src/a.txt
            --- a/src/a.txt
            +++ b/src/a.txt
            @@ -2,7 +2,7 @@
             2
             3
             4
            -5
            +five
             6
             7
             8

            """, Review().ToText());
        Assert.Equal("1 file, +1 −1", Review().Summary());
    }

    [Fact]
    public void Far_edits_make_two_hunks_and_near_ones_share_one()
    {
        var lines = Enumerable.Range(1, 60).Select(i => $"{i}\n").ToArray();
        var edited = lines.ToArray();
        (edited[9], edited[15], edited[50]) = ("ten\n", "sixteen\n", "fifty-one\n");
        Change("a", string.Concat(lines), string.Concat(edited));
        Assert.Equal(["@@ -7,13 +7,13 @@", "@@ -48,7 +48,7 @@"], Review().Lines.Where(l => l.Kind == DiffLineKind.Hunk).Select(l => l.Text));
    }

    [Fact]
    public void A_created_and_a_deleted_file_are_shown_against_nothing()
    {
        Change("new.txt", null, "one\n");
        Change("old.txt", "two\n", null);
        var text = Review().ToText();
        Assert.Contains("new file mode 100644\n--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+one\n", text, StringComparison.Ordinal);
        Assert.Contains("deleted file mode 100644\n--- a/old.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-two\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_final_newline_is_said()
    {
        Change("a", "x\n", "x");
        Assert.EndsWith("-x\n+x\n\\ No newline at end of file\n", Review().ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Binary_content_is_shown_by_size_and_hash_only()
    {
        Change("logo.png", [0x89, 0x50, 0, 1], [0x89, 0x50, 0, 2, 3]);
        var review = Review();
        Assert.True(review.Files[0].Binary);
        Assert.Contains("binary: 4 bytes (sha256 ", review.ToText(), StringComparison.Ordinal);
        Assert.Equal((0, 0), (review.Added, review.Removed));
    }

    [Fact]
    public void A_mode_alone_is_shown_with_both_modes()
    {
        var state = State("x\n"u8.ToArray(), 0b110_100_100);
        changes.Add(new(RepositoryPath.Parse("run"), state, state with { Mode = 0b111_101_101 }));
        Assert.Equal("diff --git a/run b/run\nold mode 100644\nnew mode 100755\n", Review().ToText());
    }

    [Fact]
    public void A_symlink_is_shown_by_its_target_and_never_read_through()
    {
        var link = State("../secret"u8.ToArray(), FileState.SymlinkMode) with { Kind = EntryKind.Symlink };
        changes.Add(new(RepositoryPath.Parse("link"), null, link));
        Assert.Equal("diff --git a/link b/link\nnew symlink mode 120000\n+symlink to ../secret\n", Review().ToText());
    }

    [Fact]
    public void A_rename_is_one_file_and_not_a_deletion_and_a_creation()
    {
        var before = State("same\nold\n"u8.ToArray());
        changes.Add(new(RepositoryPath.Parse("a"), before, null));
        changes.Add(new(RepositoryPath.Parse("b"), null, State("same\nnew\n"u8.ToArray()), RepositoryPath.Parse("a")));
        var review = Review();
        Assert.Equal("renamed", Assert.Single(review.Files).Action);
        Assert.Contains("rename from a\nrename to b\n--- a/a\n+++ b/b\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n", review.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rename_that_nobody_declared_is_known_by_its_content()
    {
        Change("a", "content\n", null);
        Change("b", null, "content\n");
        Assert.Equal("diff --git a/a b/b\nrename from a\nrename to b\n", Review().ToText());
    }

    [Fact]
    public void Attack_escape_codes_and_bidirectional_marks_can_not_act_on_the_terminal()
    {
        Change("a", null, "\u001b[2J\u202egnp.exe\u200b\r\n\u009b31m\n");
        var text = Review().ToText();
        Assert.Contains(@"+\u001b[2J\u202egnp.exe\u200b", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
        Assert.DoesNotContain('\u009b', text);
    }

    [Fact]
    public void Attack_a_file_name_can_not_act_on_the_terminal()
    {
        changes.Add(new(RepositoryPath.FromBytes("\u001b[31m\nx\xff"u8), null, State([])));
        Assert.DoesNotContain('\u001b', Review().ToText());
        Assert.Single(Review().Lines, l => l.Text.StartsWith("diff", StringComparison.Ordinal));
    }

    [Fact]
    public void Attack_a_huge_file_is_not_even_read()
    {
        var huge = new FileState(EntryKind.File, 0b110_100_100, ContentHash.Empty, 3_000_000_000);
        changes.Add(new(RepositoryPath.Parse("huge"), null, huge));
        var review = ChangeReview.Of(new ChangeSet(changes), (_, _) => throw new InvalidOperationException("read"));
        Assert.Contains("too large to show: nothing → 3000000000 bytes", review.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_a_line_of_a_megabyte_is_cut_and_the_cut_is_said()
    {
        Change("a", null, new string('x', 1_000_000));
        Assert.All(Review().Lines, l => Assert.True(l.Text.Length < 2_100));
        Assert.Contains("(line cut)", Review().ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_review_of_very_many_files_is_bounded_and_says_what_it_leaves_out()
    {
        for (var i = 0; i < 300; i++) Change($"f{i:000}", null, string.Concat(Enumerable.Range(0, 100).Select(n => $"{i} {n}\n")));
        var review = Review();
        Assert.True(review.Truncated);
        Assert.Equal(300, review.Files.Count);
        Assert.InRange(review.Lines.Count(), ChangeReview.MaxLines, ChangeReview.MaxLines + 2_000);
        Assert.Contains("not shown: the review is at its limit", review.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_line_endings_and_byte_order_marks_are_said_in_words()
    {
        Change("a", "one\ntwo\n", "one\r\ntwo\r\n");
        Change("b", "\uFEFFone\n", "one\n");
        var text = Review().ToText();
        Assert.Contains("line endings: LF → CRLF", text, StringComparison.Ordinal);
        Assert.Contains("encoding: UTF-8 with byte order mark → UTF-8", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_diff_that_is_shown_is_the_diff_that_git_applies()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var old = Enumerable.Range(0, random.Next(0, 40)).Select(_ => $"{random.Next(6)}\n").ToList();
            var @new = old.ToList();
            for (var edits = random.Next(0, 6); edits > 0; edits--)
            {
                var at = random.Next(0, @new.Count + 1);
                if (random.Next(2) == 0 || at == @new.Count) @new.Insert(at, $"{random.Next(6)}\n");
                else @new.RemoveAt(at);
            }
            Assert.Equal(string.Concat(@new), Apply(old, LineDiff.Between(string.Concat(old), string.Concat(@new)).Lines));
        }
    }

    // A patch tool in small: takes hunks at their word, and checks every context and removed line.
    private static string Apply(List<string> old, List<DiffLine> diff)
    {
        var result = new StringBuilder();
        var at = 0;
        foreach (var line in diff)
        {
            if (line.Kind == DiffLineKind.Hunk)
            {
                var range = line.Text.Split(' ')[1][1..].Split(',');
                var start = int.Parse(range[0]) - (range.Length == 2 && range[1] == "0" ? 0 : 1);
                for (; at < start; at++) result.Append(old[at]);
                continue;
            }
            if (line.Kind != DiffLineKind.Added) Assert.Equal(old[at++], line.Text[1..] + "\n");
            if (line.Kind != DiffLineKind.Removed) result.Append(line.Text[1..]).Append('\n');
        }
        for (; at < old.Count; at++) result.Append(old[at]);
        return result.ToString();
    }

    private void Change(string path, string? before, string? after) =>
        Change(path, before is null ? null : Encoding.UTF8.GetBytes(before), after is null ? null : Encoding.UTF8.GetBytes(after));

    private void Change(string path, byte[]? before, byte[]? after) =>
        changes.Add(new(RepositoryPath.Parse(path), before is null ? null : State(before), after is null ? null : State(after)));

    private FileState State(byte[] bytes, int mode = 0b110_100_100)
    {
        var hash = ContentHash.Of(bytes);
        contents[hash] = bytes;
        return new(EntryKind.File, mode, hash, bytes.Length);
    }

    private ChangeReview Review() => ChangeReview.Of(new ChangeSet(changes), (_, state) => contents[state.Hash]);
}
