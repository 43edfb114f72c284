using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation;

public sealed class VerdictTests
{
    [Fact]
    public void A_verdict_survives_its_json_with_names_that_are_not_utf8()
    {
        var verdict = new Verdict(
            VerdictOutcome.Fail,
            [
                new(Severity.Error, "build/CS1002", "; expected", RepositoryPath.Parse("src/a.cs"), 3, "Mend it.", 7, 4, 2, "  int x"),
                new(Severity.Info, "syntax/unknown", "said", RepositoryPath.FromBytes([0x61, 0xFF, 0x2E, 0x78])),
                new(Severity.Warning, "x/y", "no place"),
            ],
            new(3, 2, 1, 0), null, ContentHash.Of([1]), ContentHash.Of([2]), TimeSpan.FromMilliseconds(1234), Proven: false);
        var read = Verdict.FromJson(verdict.ToJson());
        Assert.Equal(verdict.Findings, read.Findings);
        Assert.Equal(verdict with { Findings = read.Findings }, read);
        Assert.Equal(verdict.ToJson(), read.ToJson());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"version\":2,\"outcome\":\"Pass\",\"baseTree\":\"\",\"resultTree\":\"\",\"findings\":[]}")]
    [InlineData("{\"version\":1,\"outcome\":\"Great\"}")]
    [InlineData("{\"version\":1,\"outcome\":\"Pass\",\"baseTree\":\"zz\",\"resultTree\":\"zz\",\"findings\":[]}")]
    public void What_is_no_verdict_is_refused(string json) => Assert.Throws<FormatException>(() => Verdict.FromJson(json));

    [Theory]
    [InlineData(VerdictOutcome.Pass)]
    [InlineData(VerdictOutcome.Pass, Severity.Info, Severity.Warning)]
    [InlineData(VerdictOutcome.Hold, Severity.Warning, Severity.Hold)]
    [InlineData(VerdictOutcome.Fail, Severity.Hold, Severity.Error, Severity.Info)]
    public void The_strictest_finding_decides(VerdictOutcome expected, params Severity[] severities) =>
        Assert.Equal(expected, Verdict.OutcomeOf(severities.Select(s => new Finding(s, "r", "m"))));
}
