using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsCli.Output;

/// <summary>What a rollback answers when it ends.</summary>
internal static class RollbackAnswer
{
    public static Ending Give(Screen screen, ContextId context, RollbackOutcome outcome)
    {
        if (outcome is RollbackOutcome.RolledBack done)
        {
            screen.Answer((done.Transaction.ToString(), Style.Strong),
                ($"  {context} is {(done.IsWhole ? "rolled back" : "partly rolled back")}: {done.Changes.Count} {(done.Changes.Count == 1 ? "file" : "files")}", Style.Plain));
            foreach (var change in done.Changes) screen.Answer(($"  {Words.Id(change.Kind)}d".Replace("yd", "ied", StringComparison.Ordinal).PadRight(11), Style.Dim), (change.Path.ToString(), Style.Plain));
            foreach (var kept in done.Overridden)
                screen.Talk(kept.Was is null
                    ? $"Overridden: {kept.Path} had been deleted."
                    : $"Overridden: {kept.Path}; its bytes are kept in the object store as {kept.Was.Hash}.", Style.Warn);
        }
        if (outcome is RollbackOutcome.BranchRolledBack branch)
        {
            screen.Answer((branch.Branch, Style.Strong), ($"  {context} is rolled back: ", Style.Plain),
                (branch.Commit is null ? "the branch is where it was before it" : $"commit {branch.Commit[..12]} takes it back", Style.Plain));
        }
        return Endings.Of(context, outcome);
    }
}
