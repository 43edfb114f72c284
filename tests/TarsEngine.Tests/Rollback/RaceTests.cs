using TarsEngine.Worlds.Racing;

namespace TarsEngine.Tests.Rollback;

/// <summary>Real processes on one codebase at once; 'races' of the stress program does it for longer.</summary>
public sealed class RaceTests : IDisposable
{
    private const int Racers = 5, Operations = 8;
    private readonly TempFolder temp = new(inMemory: true);

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Processes_that_land_roll_back_and_die_at_once_leave_what_they_were_told(int seed) => Assert.Null(New(seed).Alone(Racers, Operations));

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_user_who_edits_all_the_time_loses_no_save(int seed) => Assert.Null(New(seed).WithUser(Racers, Operations));

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Attack_a_folder_swapped_with_a_symlink_again_and_again_leads_nowhere(int seed) => Assert.Null(New(seed).WithSymlinks(Racers, Operations));

    private Race New(int seed) => new(temp.Path, seed, arguments => ChildProcessEntry.Start("race", arguments));
}
