using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>Lines that a person has to read: added and removed, without the mark in the plan.</summary>
internal static class ChangedLines
{
    public static int Of(ChangeSet change, TreeContent content, RepositoryPath plan) =>
        ChangeReview.Of(new ChangeSet(change.Where(one => one.Path != plan)), content).Files.Sum(file => file.Added + file.Removed);
}
