namespace TarsEngine.Tests.Rollback;

/// <summary>The clock jumps by up to a year, forward and back, at every look at it: nothing is lost, and nothing refused.</summary>
public sealed class ClockTests : IDisposable
{
    private const int Rounds = 6;
    private readonly TempFolder temp = new(inMemory: true);

    public static TheoryData<string> DeedNames => [.. Deed.Names.Where(name => name != "many")];

    public void Dispose() => temp.Dispose();

    [Theory]
    [MemberData(nameof(DeedNames))]
    public void Landing_recovery_rollback_and_collection_do_not_need_a_clock(string name)
    {
        var deed = Deed.Make(name, temp.File("deed"));
        for (var seed = 0; seed < Rounds; seed++)
            Assert.Null(ClockRound.Problem(deed, temp.File("try"), seed * 2) is { } problem ? $"seed {seed * 2}: {problem}" : null);
    }

    [Fact]
    public async Task Improvements_are_executed_approved_and_rolled_back_each_in_another_year()
    {
        using var folder = new TempFolder();
        Assert.Null(await ClockJourney.ProblemAsync(folder.Path, seed: 1));
    }
}
