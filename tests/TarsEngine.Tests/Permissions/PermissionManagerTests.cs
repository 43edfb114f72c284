using System.Text;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsEngine.Tests.Permissions;

public sealed class PermissionManagerTests
{
    private readonly Dictionary<ContentHash, byte[]> contents = [];
    private readonly Dictionary<RepositoryPath, FileState> tree = [];

    private static RepositoryPath Path(string path) => RepositoryPath.Parse(path);

    private FileState File(string text = "x", int mode = 0b110_100_100) => State(EntryKind.File, mode, Encoding.UTF8.GetBytes(text));

    private FileState Link(string target) => State(EntryKind.Symlink, FileState.SymlinkMode, Encoding.UTF8.GetBytes(target));

    private FileState State(EntryKind kind, int mode, byte[] bytes)
    {
        var hash = ContentHash.Of(bytes);
        contents[hash] = bytes;
        return new(kind, mode, hash, bytes.Length);
    }

    private IReadOnlyList<Finding> Check(params FileChange[] changes) => Check(PermissionPolicy.Default, changes);

    private IReadOnlyList<Finding> Check(PermissionPolicy policy, params FileChange[] changes) =>
        new PermissionManager((_, state) => contents[state.Hash]).Check(new ChangeSet(changes), new TreeSnapshot(tree), policy);

    private FileChange Create(string path) => new(Path(path), null, File());

    private static (Severity, string)[] Rules(IReadOnlyList<Finding> findings) => [.. findings.Select(f => (f.Severity, f.Rule))];

    [Fact]
    public void An_ordinary_change_is_let_through() => Assert.Empty(Check(Create("src/a.cs"), Create("src/App.csproj"), Create(".gitignore")));

    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData(".GIT/config")]
    [InlineData("sub/.Git/config")]
    [InlineData(".tars/state.db")]
    [InlineData(".Tars/x")]
    [InlineData("git~1/config")]
    public void Metadata_in_any_letter_case_is_refused(string path) =>
        Assert.Equal([(Severity.Error, "path/metadata")], Rules(Check(Create(path))));

    [Theory]
    [InlineData("tars.yaml")]
    [InlineData("TARS.yaml")]
    public void The_codebases_own_policy_is_held(string path) => Assert.Equal([(Severity.Hold, "path/policy")], Rules(Check(Create(path))));

    [Fact]
    public void Protected_paths_are_held_also_when_they_are_deleted_or_moved_away()
    {
        var policy = ConfigurationLoader.Load("protected-paths: ['*.abc']", null).Configuration.Permissions;
        tree[Path("key.abc")] = File("k");
        Assert.Equal([(Severity.Hold, "path/protected")], Rules(Check(policy, new FileChange(Path("key.abc"), File("k"), null))));
        Assert.Equal([(Severity.Hold, "path/protected")], Rules(Check(policy, new FileChange(Path("a.txt"), null, File("k"), Path("key.abc")))));
    }

    [Theory]
    [InlineData(0b100_111_101_101, "mode/special")]
    [InlineData(0b010_111_101_101, "mode/special")]
    [InlineData(0b001_111_101_101, "mode/special")]
    [InlineData(0b110_110_110, "mode/world-writable")]
    public void Dangerous_modes_are_refused_where_the_change_brings_them(int mode, string rule)
    {
        Assert.Equal([(Severity.Error, rule)], Rules(Check(new FileChange(Path("a"), null, File("x", mode)))));
        Assert.Empty(Check(new FileChange(Path("a"), File("x", mode), File("y", mode))));
    }

    [Theory]
    [InlineData("/etc/passwd", "link/escapes")]
    [InlineData("../../outside", "link/escapes")]
    [InlineData("../x/../../../outside", "link/escapes")]
    [InlineData("../.git/config", "link/metadata")]
    [InlineData("../.TARS/state.db", "link/metadata")]
    [InlineData("", "link/target")]
    public void Links_that_lead_away_are_refused(string target, string rule) =>
        Assert.Equal([(Severity.Error, rule)], Rules(Check(new FileChange(Path("docs/link"), null, Link(target)))));

    [Theory]
    [InlineData("other")]
    [InlineData("../README.md")]
    [InlineData("..")]
    [InlineData("./a/../b")]
    public void Links_inside_the_codebase_are_fine(string target) =>
        Assert.Empty(Check(new FileChange(Path("docs/link"), null, Link(target))));

    [Fact]
    public void A_link_and_a_write_through_it_in_one_change_are_refused() =>
        Assert.Contains(Check(new FileChange(Path("a"), null, Link("b")), Create("a/x")), f => f is { Severity: Severity.Error, Rule: "path/through-link" });

    [Fact]
    public void A_write_through_a_link_that_was_there_is_refused()
    {
        tree[Path("a")] = Link("b");
        Assert.Equal([(Severity.Error, "path/through-link")], Rules(Check(Create("a/x"))));
    }

    [Fact]
    public void A_file_may_become_a_folder_and_a_folder_a_file()
    {
        tree[Path("a")] = File();
        tree[Path("b/c")] = File();
        Assert.Empty(Check(
            new FileChange(Path("a"), File(), null), Create("a/x"),
            new FileChange(Path("b/c"), File(), null), Create("b")));
        Assert.Equal([(Severity.Error, "path/through-file")], Rules(Check(Create("a/x"))));
    }

    [Theory]
    [InlineData("readme.md")]
    [InlineData("SRC/b.cs")]
    [InlineData("src/\u00c5.cs")]
    [InlineData("src/a\u030a.cs")]
    [InlineData("src/A\u030a.cs")]
    [InlineData("src/\u212b.cs")]
    [InlineData("\u1112\u1161\u11ab/b")]
    public void Names_that_differ_by_letter_case_or_unicode_form_only_are_refused(string path)
    {
        tree[Path("README.md")] = File();
        tree[Path("src/a.cs")] = File();
        tree[Path("src/\u00e5.cs")] = File();
        tree[Path("\ud55c/a")] = File();
        Assert.Equal([(Severity.Error, "path/case-twin")], Rules(Check(Create(path))));
    }

    [Fact]
    public void A_rename_that_changes_only_the_letter_case_is_fine()
    {
        tree[Path("readme.md")] = File();
        Assert.Empty(Check(new FileChange(Path("readme.md"), File(), null), new FileChange(Path("README.md"), null, File(), Path("readme.md"))));
    }

    [Fact]
    public void Twins_that_the_codebase_had_already_may_be_edited()
    {
        tree[Path("a")] = File();
        tree[Path("A")] = File();
        Assert.Empty(Check(new FileChange(Path("a"), File(), File("y"))));
    }

    [Fact]
    public void Limits_refuse_and_sums_do_not_wrap_around()
    {
        var policy = PermissionPolicy.Default with { Changes = new() { ChangedFiles = 1 } };
        FileChange Huge(string path) => new(Path(path), null, File() with { Size = long.MaxValue });
        var rules = Check(policy, Huge("a"), Huge("b"), Huge("c")).Select(f => f.Rule).Distinct().Order();
        Assert.Equal(["limit/change-bytes", "limit/changed-files", "limit/file-bytes"], rules);
    }
}
