using TarsEngine.Storage;

namespace TarsEngine.Tests.Storage;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("IMP-1", 1)]
    [InlineData("IMP-9223372036854775807", long.MaxValue)]
    public void An_id_reads_back_as_it_is_written(string text, long number)
    {
        Assert.Equal(new ImprovementId(number), ImprovementId.Parse(text));
        Assert.Equal(text, new ImprovementId(number).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("IMP-")]
    [InlineData("IMP-0")]
    [InlineData("IMP-01")]
    [InlineData("IMP-+1")]
    [InlineData("IMP-1 ")]
    [InlineData(" IMP-1")]
    [InlineData("imp-1")]
    [InlineData("CTX-1")]
    [InlineData("IMP--1")]
    [InlineData("--all")]
    [InlineData("-IMP-1")]
    [InlineData("IMP-9223372036854775808")]
    [InlineData("IMP-١")]
    [InlineData("IMP-1\0")]
    [InlineData("../IMP-1")]
    public void Anything_else_is_refused_with_the_right_form(string text)
    {
        Assert.False(ImprovementId.TryParse(text, out _, out var problem));
        Assert.False(ContextId.TryParse(text.Replace("CTX", "IMP"), out _, out _));
        Assert.False(TransactionId.TryParse(text, out _, out _));
        Assert.NotEqual("", problem);
    }

    [Fact]
    public void Rows_that_look_alike_have_different_checksums()
    {
        object?[][] rows = [["a", "b"], ["ab", ""], ["", "ab"], ["a", null], [null, "a"], ["a", "b", null], [1L, "b"], ["1", "b"], [new byte[] { 97 }, "b"], ["a", new byte[] { 98 }]];
        Assert.Equal(rows.Length + 1, rows.Select(r => Convert.ToHexString(RowChecksum.Of("t", r)))
            .Append(Convert.ToHexString(RowChecksum.Of("u", "a", "b"))).Distinct().Count());
        RowChecksum.Verify("t", "row", RowChecksum.Of("t", 1, null), 1L, null);
        Assert.Throws<StateException>(() => RowChecksum.Verify("t", "row", RowChecksum.Of("t", 1, null), 2, null));
    }
}
