using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation;

public sealed class SyntaxValidatorTests
{
    private readonly Dictionary<ContentHash, byte[]> contents = [];

    private FileState State(byte[] bytes)
    {
        var hash = ContentHash.Of(bytes);
        contents[hash] = bytes;
        return new(EntryKind.File, 0b110_100_100, hash, bytes.Length);
    }

    private FileChange Change(string path, string? before, string after) =>
        new(RepositoryPath.Parse(path), before is null ? null : State(Encoding.UTF8.GetBytes(before)), State(Encoding.UTF8.GetBytes(after)));

    private IReadOnlyList<Finding> Syntax(params FileChange[] changes) => new SyntaxValidator((_, s) => contents[s.Hash]).Validate(new ChangeSet(changes));

    private IReadOnlyList<Finding> Quality(params FileChange[] changes) => new QualityValidator((_, s) => contents[s.Hash])
        .Validate(new TreeSnapshot(changes.Where(c => c.Before is not null).Select(c => KeyValuePair.Create(c.Path, c.Before!))), new ChangeSet(changes));

    [Theory]
    [InlineData("a.cs", "class C { void M() { int x = 1 } }", "syntax/csharp", 1)]
    [InlineData("a.cs", "class C\n{\n\n", "syntax/csharp", 2)]
    [InlineData("a.csproj", "<Project>\n<a></Project>", "syntax/xml", 2)]
    [InlineData("a.csproj", "<project/>", "syntax/xml", 1)]
    [InlineData("a.props", "<root/>", "syntax/xml", 1)]
    [InlineData("a.targets", "<Project", "syntax/xml", 1)]
    public void Code_and_projects_that_do_not_parse_are_refused_with_their_line(string path, string text, string rule, int line)
    {
        var finding = Syntax(Change(path, null, text))[0];
        Assert.Equal((Severity.Error, rule, line), (finding.Severity, finding.Rule, finding.Line));
        Assert.Equal(path, finding.Path?.Value);
    }

    [Theory]
    [InlineData("a.json", "{\"a\": 1,}")]
    [InlineData("a.json", "{\"a\": 1 // no\n}")]
    [InlineData("a.yaml", "a: [1\n")]
    [InlineData("a.yml", "a: b: c\n")]
    [InlineData("a.resx", "<resx/>")]
    [InlineData("a.toml", "a = b\n")]
    [InlineData("a.toml", "a = 1\na = 2\n")]
    [InlineData("a.toml", "[a\nb = 1\n")]
    [InlineData("a.toml", "a = [1, 2\n")]
    [InlineData("a.toml", "a = \"x\nb = 1\n")]
    [InlineData("a.toml", "a = 1 2\n")]
    [InlineData("a.toml", "a = 01\n")]
    [InlineData("page.md", "---\ntitle: [x\n---\ntext\n")]
    [InlineData("a.xml", "<a>&b;</a>")]
    public void Data_that_parsed_before_and_does_not_now_is_refused_and_new_data_is_held(string path, string text)
    {
        var good = path.EndsWith("json", StringComparison.Ordinal) ? "{}" : path.EndsWith("resx", StringComparison.Ordinal) ? "<root/>" : path.EndsWith("xml", StringComparison.Ordinal) ? "<a/>" : path.EndsWith("toml", StringComparison.Ordinal) ? "a = 1\n" : "a: 1\n";
        Assert.Equal(Severity.Error, Syntax(Change(path, good, text))[0].Severity);
        Assert.Equal(Severity.Hold, Syntax(Change(path, null, text))[0].Severity);
        Assert.Equal(Severity.Info, Syntax(Change(path, text, text + " "))[0].Severity);
    }

    [Theory]
    [InlineData("a.cs", "#:package X@1\nConsole.WriteLine(\"\"\"a\"\"\"); record struct P(int X);")]
    [InlineData("a.csx", "#r \"x.dll\"\nvar a = 1;\na")]
    [InlineData("tsconfig.json", "{ // fine\n \"a\": [1,], }")]
    [InlineData("appsettings.Development.json", "{ /* fine */ }")]
    [InlineData("a.json", "\uFEFF{}")]
    [InlineData("a.yaml", "a: &x 1\nb: *x\n---\n- !t 2\n")]
    [InlineData("deploy.yaml", "a: {{ .Values.a }}\n")]
    [InlineData("a.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    [InlineData("nuget.config", "<configuration/>")]
    [InlineData("other.config", "key = value")]
    [InlineData("a.slnx", "<Solution/>")]
    [InlineData("README.md", "# x {")]
    [InlineData("page.md", "---\ntitle: x\ntags: [a, b]\n---\n# x: [\n")]
    [InlineData("rule.md", "---\n\ntext: [ without an end\n")]
    [InlineData("a.toml", "# c\ntitle = \"T \\u00e9\"\n[a.'b c'.\"d\"]\nx = [1, 2,\n 3, # c\n]\nd = 1979-05-27T07:32:00-08:00\nf = -6.6e-3\nh = 0xDEAD_beef\np = { x = 1, y.z = \"2\" }\n[[l]]\nn = 'x\\'\n[[l]]\nn = \"\"\"a\nb \\\n c\"\"\"\nt = 07:32:00\n")]
    [InlineData("a.csproj", "\uFEFF<Project Sdk=\"Microsoft.NET.Sdk\"/>")]
    public void What_tools_read_is_let_through(string path, string text) => Assert.Empty(Syntax(Change(path, null, text)));

    [Fact]
    public void An_unknown_type_is_said_once_for_all_its_files()
    {
        var finding = Assert.Single(Syntax(Change("a.cob", null, "def"), Change("b.COB", null, "def"), Change("c.txt", null, "x")));
        Assert.Equal((Severity.Info, "syntax/unknown-type"), (finding.Severity, finding.Rule));
        Assert.Contains("'.cob': 'a.cob' and 1 more", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_depth_ends_with_a_finding_and_not_with_the_process()
    {
        foreach (var unit in new[] { "(", "a<", "a<(", "[", "{", "delegate*<", "(a)", "- ", "a?b:", "a=", "a=>", "if(a)", "else ", "a??", "a is not ", "$\"{", "from x in ", "checked(" })
            Syntax(Change("a.cs", null, "class C { object M() { var x = " + string.Concat(Enumerable.Repeat(unit, 5_000)) + "1;}}"));
        Assert.NotEmpty(Syntax(Change("a.json", null, new string('[', 100_000))));
        Assert.NotEmpty(Syntax(Change("a.yaml", null, new string('[', 100_000))));
        Assert.NotEmpty(Syntax(Change("a.toml", null, "a = " + new string('[', 100_000))));
        Assert.NotEmpty(Syntax(Change("a.xml", null, string.Concat(Enumerable.Repeat("<a>", 50_000)))));
    }

    [Fact]
    public void Deletions_links_and_mode_changes_have_no_syntax()
    {
        var state = State("class {"u8.ToArray());
        Assert.Empty(Syntax(
            new FileChange(RepositoryPath.Parse("a.cs"), state, null),
            new FileChange(RepositoryPath.Parse("b.cs"), state, state with { Mode = 0b111_101_101 }),
            new FileChange(RepositoryPath.Parse("c.cs"), null, new(EntryKind.Symlink, FileState.SymlinkMode, state.Hash, 7))));
    }

    [Theory]
    [InlineData("x = 1; // \u202e }", "quality/bidirectional", Severity.Hold)]
    [InlineData("x = 1; // \u2066", "quality/bidirectional", Severity.Hold)]
    [InlineData("ad\u200bmin", "quality/invisible", Severity.Warning)]
    [InlineData("a\ufeffb", "quality/invisible", Severity.Warning)]
    [InlineData("<<<<<<< HEAD", "quality/conflict-marker", Severity.Hold)]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----", "quality/secret", Severity.Hold)]
    public void What_a_reviewer_cannot_see_or_must_not_miss_is_found_where_it_is_new(string line, string rule, Severity severity)
    {
        var finding = Assert.Single(Quality(Change("a.txt", "one\n", "one\n" + line + "\n")));
        Assert.Equal((severity, rule, 2), (finding.Severity, finding.Rule, finding.Line));
        Assert.Empty(Quality(Change("a.txt", "one\n" + line + "\n", "two\none\n" + line + "\n")));
    }

    [Fact]
    public void Ordinary_text_of_any_script_and_a_byte_order_mark_are_fine() =>
        Assert.Empty(Quality(Change("a.txt", null, "\ufeffGr\u00fc\u00dfe \u4f60\u597d \ud83d\udc69\u200d\ud83d\udcbb\n")));

    [Fact]
    public void A_name_that_reads_as_another_is_held() =>
        Assert.Equal("quality/bidirectional", Assert.Single(Quality(Change("a\u202egpj.exe", null, "x"))).Rule);
}
