namespace TarsEngine.Tests.Rollback;

/// <summary>Every kind of fault at every few calls, in a landing, a rollback, and the recovery of one that died.</summary>
public sealed class FailingCallsTests : IDisposable
{
    private readonly TempFolder temp = new(inMemory: true);

    public static TheoryData<string> Faults => [.. DiskFault.All.Select(fault => fault.Name)];

    public void Dispose() => temp.Dispose();

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_disk_that_fails_makes_nobody_a_liar(string name)
    {
        var fault = DiskFault.All.Single(one => one.Name == name);
        foreach (var deed in ((string[])["mixed", "rollback all"]).Select(one => Deed.Make(one, temp.File(one))))
        {
            var struck = 0;
            for (var at = name.Length % 3; ; at += fault.IsShort ? 1 : 5, struck++)
            {
                var (where, problem) = FailingDeed.Try(temp.File("try"), deed, fault, at);
                Assert.Null(problem is null ? null : $"{deed.Name}, {fault} at {at} ({where}): {problem}");
                if (where.Length == 0) break;
            }
            Assert.NotEqual(0, struck);
        }
    }

    [Fact]
    public void A_recovery_on_a_disk_that_fails_is_finished_by_the_next_one()
    {
        var deed = Deed.Make("mixed", temp.File("deed"));
        var (half, struck) = (temp.File("half"), 0);
        for (var first = 60; Killer.Die(Deed.Copy(deed.Template, half), new Killer(first, onlyMutating: true), deed.Act); first += 4)
        {
            for (var (at, fault) = (first / 4 % 5, first / 4); ; at += 5, fault++, struck++)
            {
                var one = DiskFault.All[fault % DiskFault.All.Count];
                var (where, problem) = FailingDeed.TryRecovery(half, temp.File("twice"), deed, one, at);
                Assert.Null(problem is null ? null : $"died at {first}, then {one} at {at} ({where}): {problem}");
                if (where.Length == 0) break;
            }
        }
        Assert.True(struck > 20);
    }
}
