using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>What a step needs of a path, and what is there afterwards.</summary>
internal enum Reach
{
    /// <summary>Reads what stands there.</summary>
    Read,

    /// <summary>Needs something there and leaves something else.</summary>
    Modify,

    /// <summary>Needs nothing there and leaves something.</summary>
    Create,

    /// <summary>Takes what is there as it comes, and leaves something.</summary>
    Put,

    /// <summary>Needs something there and leaves nothing.</summary>
    Delete,
}

/// <summary>Which paths a step touches, and how; in the order of its parts.</summary>
/// <param name="IsOpen">True when only a run tells: a command or agent may read and write anything.</param>
internal sealed record StepReach(IReadOnlyList<(RepositoryPath Path, Reach Reach)> Touches, bool IsOpen, IReadOnlyList<string> Problems)
{
    public IReadOnlyList<RepositoryPath>? Written => IsOpen ? null : [.. Touches.Where(t => t.Reach != Reach.Read).Select(t => t.Path).Distinct()];

    /// <summary>True when it can't change anything, whatever happens.</summary>
    public bool IsNothing => !IsOpen && Problems.Count == 0 && Touches.All(t => t.Reach == Reach.Read);

    public static StepReach Of(StepDefinition step, ObjectStore objects)
    {
        switch (step.Action)
        {
            case CommandAction or AgentAction: return new([], IsOpen: true, []);
            case ReplaceAction replace: return new([(replace.Path, Reach.Modify), .. Expected(step)], false, []);
            case EditAction edits: return new([.. edits.Edits.SelectMany(Touched), .. Expected(step)], false, []);
            case PatchAction patch:
                using (var bytes = objects.OpenRead(patch.Patch))
                {
                    return PatchReader.Read(bytes) switch
                    {
                        // All files of a patch change at once: what goes makes room for what comes, as when two swap their names.
                        PatchRead read => new([.. read.Files.SelectMany(Touched).OrderBy(t => t.Item2 == Reach.Create), .. Expected(step)], false, []),
                        PatchRefused refused => new([], false, [.. refused.Problems.Select(p => p.ToString())]),
                        _ => new([.. Expected(step)], false, []),
                    };
                }
            default: throw new ArgumentException($"{step.Action.GetType()} is no known action.", nameof(step));
        }
    }

    // Whether they hold is found when the step is done; here they only order it against those that write the path.
    private static IEnumerable<(RepositoryPath, Reach)> Expected(StepDefinition step) => step.Expectations.Select(e => (e.Path, Reach.Read));

    private static IEnumerable<(RepositoryPath, Reach)> Touched(FileEdit edit) => edit switch
    {
        CreateEdit => [(edit.Path, Reach.Create)],
        DeleteEdit => [(edit.Path, Reach.Delete)],
        RenameEdit rename => [(rename.Path, Reach.Delete), (rename.To, Reach.Create)],
        SymlinkEdit => [(edit.Path, Reach.Put)],
        _ => [(edit.Path, Reach.Modify)],
    };

    private static IEnumerable<(RepositoryPath, Reach)> Touched(PatchFile file) => file.Kind switch
    {
        PatchFileKind.Create => [(file.NewPath!.Value, Reach.Create)],
        PatchFileKind.Delete => [(file.OldPath!.Value, Reach.Delete)],
        PatchFileKind.Rename => [(file.OldPath!.Value, Reach.Delete), (file.NewPath!.Value, Reach.Create)],
        PatchFileKind.Copy => [(file.OldPath!.Value, Reach.Read), (file.NewPath!.Value, Reach.Create)],
        _ => [(file.Path, Reach.Modify)],
    };
}
