using FsCheck;
using FsCheck.Fluent;
using TarsEngine.Files;
using TarsEngine.Rollback;

namespace TarsEngine.Tests.Rollback;

/// <summary>Recovery's decisions, held against a model in which others save whenever they like.</summary>
public sealed class SlotPairTests
{
    private static FileState State(int content) => new(EntryKind.File, 0b110_100_100, ContentHash.Of([(byte)content]), 1);

    private static Seen See(int content) => content == 0 ? Seen.Absent : new(true, State(content));

    private static Slot Slot(int before, int after) => new(0, RepositoryPath.Parse("x"), before == 0 ? null : State(before), after == 0 ? null : State(after), SlotStep.Place, null);

    // 0 is absence, 1 the old content, 2 the new one, 3 and 4 a user's.
    private static readonly Gen<(int Before, int After)> Kinds = Gen.Elements((1, 2), (0, 2), (1, 0));

    [Fact]
    public void What_a_user_wrote_is_never_moved_without_being_a_conflict_or_put_back() => Check.QuickThrowOnFailure(Prop.ForAll(
        (from kind in Kinds from path in Gen.Choose(0, 4) from stage in Gen.Choose(0, 4) select (kind, path, stage)).ToArbitrary(),
        made =>
        {
            var slot = Slot(made.kind.Before, made.kind.After);
            var forward = SlotPair.Forward(slot, See(made.path), See(made.stage));
            var backward = SlotPair.Backward(slot, See(made.path), See(made.stage));
            // Forward moves only what is exactly as expected on both sides.
            var movesOnlyOurs = forward != SlotVerdict.Do || (See(made.path).Is(slot.Before) && (slot.After is null ? made.stage == 0 : See(made.stage).Is(slot.After)));
            // Backward never takes a user's bytes off the path.
            var keepsTheirs = backward != SlotVerdict.Do || made.path == 0 || See(made.path).Is(slot.After);
            // A user's bytes in the slot are never called done.
            var tellsHidden = made.stage < 3 || (forward == SlotVerdict.Conflict && backward != SlotVerdict.Done);
            return movesOnlyOurs && keepsTheirs && tellsHidden;
        }));

    [Fact]
    public void Doing_it_makes_it_done_in_both_directions() => Check.QuickThrowOnFailure(Prop.ForAll(
        Kinds.ToArbitrary(), kind =>
        {
            var slot = Slot(kind.Before, kind.After);
            var (path, stage) = (See(kind.Before), See(kind.After));
            return SlotPair.Forward(slot, path, stage) == SlotVerdict.Do && SlotPair.Forward(slot, stage, path) == SlotVerdict.Done
                && SlotPair.Backward(slot, stage, path) == SlotVerdict.Do && SlotPair.Backward(slot, path, stage) == SlotVerdict.Done;
        }));
}
