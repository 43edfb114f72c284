using TarsEngine.Documents;

namespace TarsEngine.Tests.Documents;

public sealed class MapReaderTests
{
    private static MapReader Map(string text) => MapReader.Root(DocumentReader.Read(text, "f.yaml"), "a test file")!;

    private static string OnlyProblem(MapReader map) => Assert.Single(map.Problems.List).ToString();

    [Fact]
    public void An_unknown_field_is_named_with_the_nearest_known_one()
    {
        var map = Map("title: x\nprioritty: high\n");
        map.RequiredString("title");
        map.OptionalString("priority");
        map.Done();
        Assert.Equal("f.yaml:2:1: Unknown field 'prioritty'. Did you mean 'priority'?", OnlyProblem(map));
    }

    [Fact]
    public void All_problems_of_a_file_come_together()
    {
        var map = Map("count: many\nflag: yes\nwait: 5\nnames: x\nodd: 1\n");
        map.RequiredString("title");
        map.OptionalInt("count", 0, 9);
        map.OptionalBool("flag");
        map.OptionalDuration("wait", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        map.OptionalStrings("names");
        map.Done();
        Assert.Equal(6, map.Problems.Count);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("-1")]
    [InlineData(".nan")]
    [InlineData(".inf")]
    [InlineData("1.0")]
    [InlineData("1e0")]
    [InlineData("0x1")]
    [InlineData("1_0")]
    [InlineData("'1'")]
    [InlineData("99999999999999999999")]
    [InlineData("~")]
    [InlineData("[1]")]
    public void A_number_out_of_range_or_of_another_shape_is_a_problem(string value)
    {
        var map = Map($"n: {value}\n");
        Assert.Null(map.OptionalInt("n", 0, 9));
        Assert.Contains("a whole number from 0 to 9", OnlyProblem(map), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12")]
    [InlineData("true")]
    [InlineData("1.5")]
    [InlineData(".NaN")]
    [InlineData("{}")]
    [InlineData("")]
    public void A_text_is_not_guessed_from_other_types(string value)
    {
        var map = Map($"t: {value}\n");
        Assert.Null(map.OptionalString("t"));
        Assert.Contains("is a text", OnlyProblem(map), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("on")]
    [InlineData("1")]
    [InlineData("'true'")]
    public void Only_true_and_false_are_truth_values(string value)
    {
        var map = Map($"b: {value}\n");
        Assert.Null(map.OptionalBool("b"));
        Assert.Contains("true or false", OnlyProblem(map), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schema: tars/improvement/v2", "newer than this program")]
    [InlineData("schema: tars/improvment/v1", "this program reads 'tars/improvement/v1'")]
    [InlineData("title: x", "'schema' is missing")]
    public void A_wrong_schema_version_is_told_apart_from_a_wrong_schema(string text, string words)
    {
        var map = Map(text);
        Assert.False(map.Schema("tars/improvement", 1));
        Assert.Contains(words, OnlyProblem(map), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("1d", 86_400_000)]
    public void Durations_carry_their_unit(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.True(Durations.TryParse(Durations.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5 m")]
    [InlineData("-5m")]
    [InlineData("5m5m")]
    [InlineData("5s1h")]
    [InlineData("1.5h")]
    [InlineData("999999999d")]
    [InlineData("5w")]
    public void Durations_that_need_a_guess_are_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("tittle", "title")]
    [InlineData("titel", "title")]
    [InlineData("Title", "title")]
    [InlineData("zzz", null)]
    public void The_nearest_name_is_near(string name, string? expected) =>
        Assert.Equal(expected, NearestName.Find(name, ["title", "timeout", "steps"]));
}
