namespace TarsEngine.Tests.Rollback;

/// <summary>What the kernel sees of a landing or a rollback is what the seam says: kills and faults at the seam stand for those of the disk.</summary>
public sealed class SeamTests : IDisposable
{
    private readonly TempFolder temp = new(inMemory: true);

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData("mixed", false)]
    [InlineData("file-to-folder", false)]
    [InlineData("rollback all", false)]
    [InlineData("deep", true)]
    public void No_system_call_goes_around_the_seam(string name, bool isInterrupted)
    {
        var (calls, problem) = SeamCheck.Compare(Deed.Make(name, temp.Path), isInterrupted);
        Assert.Null(problem);
        Assert.True(calls > 40);
    }

    [Fact]
    public void A_write_that_goes_around_the_seam_is_found()
    {
        var (_, problem) = SeamCheck.Compare(Deed.Make("replace", temp.Path), goesAround: true);
        Assert.Contains("around.txt", problem, StringComparison.Ordinal);
    }
}
