using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TarsEngine.Documents;

namespace TarsEngine.Tests.Documents;

public sealed class DocumentReaderTests
{
    private static IReadOnlyList<DocumentProblem> ProblemsOf(string text, string name = "a.yaml") =>
        DocumentReader.Read(text, name).Problems.List;

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", "a.yaml")]
    [InlineData("{\"a\": 1,\n\"b\": 2,\n\"a\": 3}", "a.json")]
    [InlineData("{\"a\": 1,\n\"b\": 2,\n\"\\u0061\": 3}", "a.json")]
    public void Duplicate_keys_are_named_with_both_places(string text, string name)
    {
        var problem = Assert.Single(ProblemsOf(text, name));
        Assert.Equal(3, problem.Line);
        Assert.Contains("'a' stands here twice; the first is on line 1", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: &x 1\n", "anchor '&x'")]
    [InlineData("a: &x [1]\nb: *x\n", "alias '*x'")]
    [InlineData("a: !!binary aGk=\n", "tag")]
    [InlineData("a: !ruby/object:Gem {}\n", "tag")]
    [InlineData("base: {}\n<<: {a: 1}\n", "merge key")]
    [InlineData("? [a]\n: 1\n", "key must be a text")]
    [InlineData("a: 1\n---\nb: 2\n", "second document")]
    [InlineData("a: \"\\0\"\n", "NUL")]
    [InlineData("a: \0\n", "\\u0000")]
    [InlineData("a: \u001b[31m\n", "\\u001b")]
    [InlineData("a: [1, 2\n", "not YAML")]
    [InlineData("a:\n\tb: 1\n", "not YAML")]
    [InlineData("a: \"\\ud800\"\n", "")]
    public void Yaml_that_could_surprise_is_refused(string text, string words) =>
        Assert.Contains(ProblemsOf(text), p => p.Message.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData("{\"a\": 1,}")]
    [InlineData("{\"a\": NaN}")]
    [InlineData("{\"a\": 01}")]
    [InlineData("{a: 1}")]
    [InlineData("// hi\n{}")]
    [InlineData("{} {}")]
    [InlineData("{\"a\": \"\\u0000\"}")]
    [InlineData("{\"a\": \"\\ud800\"}")]
    [InlineData("{\"a\": ")]
    [InlineData("")]
    public void Json_is_read_by_its_own_rules(string text) => Assert.NotEmpty(ProblemsOf(text, "a.json"));

    [Fact]
    public void An_alias_bomb_ends_at_its_first_alias_without_growing()
    {
        var text = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 60; i++) text.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        Assert.Contains(ProblemsOf(text.ToString()), p => p.Message.Contains("alias", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Deep => new()
    {
        { string.Concat(Enumerable.Repeat("[", 10_000)), "a.yaml" },
        { string.Concat(Enumerable.Repeat("{a: ", 10_000)), "a.yaml" },
        { string.Concat(Enumerable.Repeat("- ", 10_000)) + "x", "a.yaml" },
        { string.Concat(Enumerable.Repeat("[", 10_000)) + string.Concat(Enumerable.Repeat("]", 10_000)), "a.json" },
        { string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), "a.json" },
    };

    [Theory]
    [MemberData(nameof(Deep))]
    public void Nesting_of_ten_thousand_levels_is_refused(string text, string name) =>
        Assert.Contains(ProblemsOf(text, name), p => p.Message.Contains("deeper than 64", StringComparison.Ordinal) || p.Message.Contains("depth", StringComparison.Ordinal));

    [Fact]
    public void A_file_past_the_limit_is_not_even_parsed()
    {
        var problem = Assert.Single(DocumentReader.Read(new string('x', 101), "a.yaml", 100).Problems.List);
        Assert.Contains("longer than 100", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_placed()
    {
        byte[] bytes = [.. "a: 1\nb: "u8, 0xFF, .. "\n"u8];
        var problem = Assert.Single(DocumentReader.Read(bytes, "a.yaml").Problems.List);
        Assert.Equal((2, 4), (problem.Line, problem.Column));
        Assert.Contains("UTF-16", Assert.Single(DocumentReader.Read([0xFF, 0xFE, 0x61, 0], "a").Problems.List).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_and_crlf_are_fine()
    {
        var result = DocumentReader.Read([0xEF, 0xBB, 0xBF, .. "a: x\r\nb: y\r\n"u8], "a.yaml");
        Assert.True(result.IsSound);
        Assert.Equal("y", Assert.IsType<ScalarNode>(Assert.IsType<MapNode>(result.Root)["b"]).Text);
    }

    [Fact]
    public void A_name_without_extension_reads_as_what_it_looks_like()
    {
        Assert.True(DocumentReader.Read("{\"a\":\t1}", "-").IsSound);
        Assert.True(DocumentReader.Read("a: 1", "-").IsSound);
    }

    [Fact]
    public void A_flood_of_problems_is_counted_but_not_kept()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 5_000; i++) text.Append($"k{i}: &x{i} 1\n");
        var problems = DocumentReader.Read(text.ToString(), "a.yaml").Problems;
        Assert.Equal(5_000, problems.Count);
        Assert.Equal(DocumentProblems.Most + 1, problems.List.Count);
    }

    [Fact]
    public void Any_text_gives_a_result_and_never_an_exception() =>
        Prop.ForAll<NonNull<string>>(text =>
        {
            foreach (var name in new[] { "a.yaml", "a.json", "a" }) DocumentReader.Read(text.Get, name);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Scrambled_yaml_gives_a_result_and_never_an_exception()
    {
        string[] atoms = ["- ", "a: ", "\n", "  ", "'", "\"", "[", "]", "{", "}", "&a ", "*a", "!t ", "|\n", ">-\n", "? ", ": ", "#", "%YAML 1.2\n", "---\n", "...\n", "\\", "\\U00110000", "x", "\t", ",", "\u00e9", "%TAG ! x\n"];
        Prop.ForAll(Gen.Elements(atoms).ListOf().Select(string.Concat).ToArbitrary(), text => DocumentReader.Read(text, "a.yaml"))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
