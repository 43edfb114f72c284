using System.Text;
using TarsEngine.Files;
using TarsEngine.Improvements;

namespace TarsEngine.Tests.Improvements;

public sealed class ImprovementFileTests
{
    private const string Head = "schema: tars/improvement/v1\ntitle: t\n";

    [Theory]
    [InlineData("schema: tars/improvement/v1\ntitle: t\ntitle: u\nedits: []\n", 3, "twice")]
    [InlineData("schema: tars/improvement/v1\ntitle: t\nreplce: {}\n", 3, "Did you mean 'replace'?")]
    [InlineData("schema: tars/improvement/v1\ntitle: t\npriorty: high\nedits: []\n", 3, "Did you mean 'priority'?")]
    [InlineData("schema: tars/improvement/v2\ntitle: t\nedits: []\n", 1, "newer than this program")]
    [InlineData("schema: 1\ntitle: t\nedits: []\n", 1, "is a text")]
    [InlineData("title: t\nedits: []\n", 1, "'schema' is missing")]
    [InlineData("schema: tars/improvement/v1\nedits: []\n", 1, "'title' is missing")]
    [InlineData("schema: tars/improvement/v1\ntitle: [t]\nedits: []\n", 2, "is a text")]
    [InlineData("schema: tars/improvement/v1\ntitle: t\npriority: urgent\nedits: []\n", 3, "one of low, medium, high, critical")]
    [InlineData("schema: tars/improvement/v1\ntitle: t\nbase: HEAD\nedits: []\n", 3, "whole commit id")]
    [InlineData("schema: tars/improvement/v1\ntitle: \"a\\0b\"\nedits: []\n", 2, "")]
    [InlineData("schema: tars/improvement/v1\ntitle: t\na: &x [1]\nedits: *x\n", 3, "")]
    [InlineData("- a\n- b\n", 1, "map of fields")]
    public void What_could_mean_two_things_is_refused_with_its_line(string text, int line, string said)
    {
        var problems = Refused(text);
        Assert.Contains(problems, p => p.Line == line && p.Message.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("edits:\n  - delete: ../x\n", "step out")]
    [InlineData("edits:\n  - delete: /etc/passwd\n", "absolute")]
    [InlineData("edits:\n  - delete: C:/x\n", "drive letter")]
    [InlineData("edits:\n  - delete: 'a\\b'\n", "backslash")]
    [InlineData("edits:\n  - delete: .git/config\n", "belongs to git")]
    [InlineData("edits:\n  - delete: .TARS/state.db\n", "belongs to git")]
    [InlineData("edits:\n  - delete: ~/x\n", "shell should expand")]
    [InlineData("edits:\n  - delete: $HOME/x\n", "shell should expand")]
    [InlineData("edits:\n  - delete: a/${x}\n", "shell should expand")]
    [InlineData("edits:\n  - delete: a/$(x)\n", "shell should expand")]
    [InlineData("edits:\n  - delete: '%APPDATA%/x'\n", "shell should expand")]
    [InlineData("edits:\n  - delete: \"\\uDCFF\"\n", "surrogate")]
    [InlineData("edits:\n  - create: x\n", "none of content, content-base64, content-file")]
    [InlineData("edits:\n  - create: x\n    content: a\n    content-base64: YQ==\n", "give one only")]
    [InlineData("edits:\n  - create: x\n    content-base64: '***'\n", "base 64")]
    [InlineData("edits:\n  - create: x\n    content: a\n    mode: '4755'\n", "setuid")]
    [InlineData("edits:\n  - set-mode: x\n    mode: '0666'\n", "writable for everybody")]
    [InlineData("edits:\n  - set-mode: x\n    mode: rwx\n", "octal digits")]
    [InlineData("edits:\n  - set-mode: x\n", "needs 'mode'")]
    [InlineData("edits:\n  - rename: x\n    to: x\n", "are the same")]
    [InlineData("edits:\n  - symlink: x\n", "needs 'target'")]
    [InlineData("edits:\n  - create: x\n    delete: y\n    content: a\n", "create and delete")]
    [InlineData("edits:\n  - remove: x\n", "none of create")]
    [InlineData("edits:\n  - delete: x\n    if-sha256: abc\n", "64 lower-case")]
    [InlineData("edits: {}\n", "is a list")]
    [InlineData("replace: {path: x, search: a}\n", "'search' and 'replacement'")]
    [InlineData("replace: {path: x, search: '', replacement: b}\n", "empty")]
    [InlineData("replace: {path: x, search: a, replacement: a}\n", "nothing would change")]
    [InlineData("replace: {path: x, search: a, replacement: b, count: 0}\n", "from 1 to")]
    [InlineData("replace: {path: x, search: a, replacement: b, count: 99999999999999999999}\n", "from 1 to")]
    [InlineData("replace: {path: x, search: a, replacement: b, count: .nan}\n", "from 1 to")]
    [InlineData("command: dotnet format\n", "list of the program")]
    [InlineData("command: []\n", "names no program")]
    [InlineData("command: [a, \"b\\nc\"]\n", "newline")]
    [InlineData("command: {run: [a], timeout: -5s}\n", "duration")]
    [InlineData("command: {run: [a], environment: {'A=B': c}}\n", "environment variable")]
    [InlineData("command: {run: [a], folder: ../x}\n", "step out")]
    [InlineData("agent: ''\n", "says nothing")]
    [InlineData("agent: {agent: codex}\n", "needs 'task'")]
    [InlineData("agent: {task: t, agent: a b}\n", "letters, digits")]
    [InlineData("agent: {task: t, model: m}\n", "Unknown field 'model'")]
    [InlineData("agent: \"a\\eb\"\n", "control character")]
    [InlineData("agent: [t]\n", "is a map")]
    [InlineData("patch: |\n  diff --git a/x b/x\n  new file mode 160000\n", "In line 2 of the patch")]
    [InlineData("patch: a\nedits: []\n", "patch and edits")]
    [InlineData("steps:\n  - edits: []\n", "'id' is missing")]
    [InlineData("steps:\n  - id: a\n", "has none of patch")]
    [InlineData("steps:\n  - id: a\n    transaction: 'a b'\n    command: [x]\n", "letters, digits")]
    [InlineData("edits:\n  - delete: x\nexpect:\n  - contains: x\n", "needs 'text'")]
    [InlineData("", "none of patch, patch-file, edits, replace, command, agent, steps")]
    public void A_form_that_is_wrong_is_refused(string form, string said) =>
        Assert.Contains(Refused(Head + form), p => p.Message.Contains(said, StringComparison.Ordinal));

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var problems = Refused("schema: tars/improvement/v1\ncolour: red\npriority: urgent\nedits:\n  - delete: ../x\n  - create: y\n");
        Assert.Equal([1, 2, 3, 5, 6], problems.Select(p => p.Line).Order());
    }

    [Theory]
    [InlineData(Head + "edits: []\n")]
    [InlineData(Head + "steps: []\n")]
    [InlineData(Head + "patch: ''\n")]
    [InlineData("schema: tars/improvement/v1\nimprovements: []\n")]
    public void No_steps_is_nothing_to_do_and_said(string text) =>
        Assert.StartsWith("Nothing to do", Assert.IsType<NothingProposed>(Read(text)).Explanation, StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_and_alias_bombs_are_refused()
    {
        Refused(Head + "edits: " + new string('[', 10_000) + new string(']', 10_000));
        Refused(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), "x.json");
        Refused(Head + "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nedits: *c\n");
    }

    [Fact]
    public void Replacements_in_a_list_follow_each_other_and_the_last_is_checked()
    {
        var steps = Single(Head + "replace:\n- {path: x, search: a, replacement: b}\n- {path: x, search: b, replacement: c}\nexpect:\n- contains: x\n  text: c\n").Steps;
        Assert.Equal(["replace-1", "replace-2"], steps.Select(s => s.Id));
        Assert.Equal(["replace-1"], steps[1].DependsOn);
        Assert.Empty(steps[0].Expectations);
        Assert.Equal(new ContainsExpectation(RepositoryPath.Parse("x"), "c"), Assert.Single(steps[1].Expectations));
    }

    [Fact]
    public void Contents_are_kept_byte_by_byte()
    {
        var proposal = Single(Head + "edits:\n- create: a\n  content: \"\\uFEFFa\\r\\nb\"\n- create: b\n  content-base64: AP8=\n");
        Assert.Contains(proposal.Contents.Values, c => c.AsSpan().SequenceEqual("\uFEFFa\r\nb"u8));
        Assert.Contains(proposal.Contents.Values, c => c is [0, 255]);
    }

    [Fact]
    public void Files_beside_it_are_read_and_nothing_else_is()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("in/sub"));
        File.WriteAllText(folder.File("secret"), "secret");
        File.WriteAllText(folder.File("in/sub/content"), "a\r\n");
        File.CreateSymbolicLink(folder.File("in/link"), "../secret");
        File.CreateSymbolicLink(folder.File("in/up"), "..");
        var siblings = new SiblingFiles(new FileSystem(), folder.File("in"));
        var proposed = Assert.IsType<Proposed>(ImprovementFile.Read(Bytes(Head + "edits:\n- create: x\n  content-file: sub/content\n"), "i.yaml", siblings));
        Assert.Equal("a\r\n"u8.ToArray(), Assert.Single(proposed.Improvements[0].Contents.Values));
        foreach (var name in (string[])["link", "up/secret", "../secret", "sub", "gone", "gone/x", folder.File("secret")])
            Assert.IsType<ProposalRefused>(ImprovementFile.Read(Bytes(Head + $"edits:\n- create: x\n  content-file: {name}\n"), "i.yaml", siblings));
        Assert.Contains("standard input", Refused(Head + "patch-file: x.patch\n")[0].Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static ProposalResult Read(string text, string name = "i.yaml") => ImprovementFile.Read(Bytes(text), name);

    private static ImprovementProposal Single(string text) => Assert.Single(Assert.IsType<Proposed>(Read(text)).Improvements);

    private static IReadOnlyList<TarsEngine.Documents.DocumentProblem> Refused(string text, string name = "i.yaml")
    {
        var problems = Assert.IsType<ProposalRefused>(Read(text, name)).Problems;
        Assert.NotEmpty(problems);
        return problems;
    }
}
