using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>What stands at a name: nothing, a file or symlink by its state, or something else (a folder, a FIFO, …).</summary>
internal readonly record struct Seen(bool Exists, FileState? State)
{
    public static Seen Absent => default;

    public bool Is(FileState? state) => state is null ? !Exists : State == state;

    public override string ToString() => !Exists ? "nothing" : State switch
    {
        null => "something that is neither a file nor a symlink",
        { Kind: EntryKind.Symlink } => "a symlink",
        _ => "a file",
    };
}

/// <summary>What to do with a slot.</summary>
internal enum SlotVerdict
{
    /// <summary>The move is still to be made.</summary>
    Do,

    /// <summary>Nothing is to be done.</summary>
    Done,

    /// <summary>Someone else's bytes are here: keep them, and say so.</summary>
    Conflict,
}

/// <summary>Recovery's decisions: what a pair (path, slot) of contents means. Never the path alone, and nothing else is looked at.</summary>
internal static class SlotPair
{
    /// <summary>On the way to 'after'.</summary>
    public static SlotVerdict Forward(Slot slot, Seen path, Seen stage) => slot switch
    {
        // The new content still waits: the path must be as it was.
        { After: not null } when stage.Is(slot.After) => path.Is(slot.Before) ? SlotVerdict.Do : SlotVerdict.Conflict,
        // A create is done once its slot is empty; what happened to the path later is the user's.
        { Before: null } => stage.Exists ? SlotVerdict.Conflict : SlotVerdict.Done,
        // The old content came out: done, whatever happened to the path later.
        _ when stage.Is(slot.Before) => SlotVerdict.Done,
        { After: null } when !stage.Exists => !path.Exists ? SlotVerdict.Done : path.Is(slot.Before) ? SlotVerdict.Do : SlotVerdict.Conflict,
        // Something came out that we did not expect: a save that the crash hid.
        _ => SlotVerdict.Conflict,
    };

    /// <summary>On the way back to 'before'.</summary>
    public static SlotVerdict Backward(Slot slot, Seen path, Seen stage) => slot switch
    {
        // Not applied, or undone already.
        { After: not null } when stage.Is(slot.After) => SlotVerdict.Done,
        { After: null } when !stage.Exists => SlotVerdict.Done,
        { Before: null } when !stage.Exists => !path.Exists ? SlotVerdict.Done : path.Is(slot.After) ? SlotVerdict.Do : SlotVerdict.Conflict,
        { Before: null } => SlotVerdict.Conflict,
        { After: null } => !path.Exists ? SlotVerdict.Do : SlotVerdict.Conflict,
        // The old content, or the user's own, lies in the slot and belongs back, unless something newer stands at the path.
        _ when stage.Exists && path.Is(slot.After) => SlotVerdict.Do,
        _ when stage.Is(slot.Before) && path.Is(slot.Before) => SlotVerdict.Done,
        _ => SlotVerdict.Conflict,
    };
}
