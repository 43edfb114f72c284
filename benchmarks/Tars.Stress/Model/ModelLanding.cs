using TarsEngine.Files;
using TarsEngine.Storage;

namespace Tars.Stress.Model;

/// <summary>What one landing brought, and what has become of it.</summary>
/// <param name="Before">Its paths, and what stood there before.</param>
internal sealed record ModelLanding(ContextId Context, IReadOnlyDictionary<RepositoryPath, int> Before)
{
    private readonly HashSet<RepositoryPath> undone = [], foreign = [];

    /// <summary>One of its paths, or null for all of them.</summary>
    /// <param name="number">Negative for all.</param>
    public RepositoryPath? Path(int number) => number < 0 ? null : Before.Keys.Order().ElementAt(number % Before.Count);

    /// <summary>Others changed these since.</summary>
    public void Touched(IEnumerable<RepositoryPath> paths) => foreign.UnionWith(paths);

    public void RolledBack(IEnumerable<RepositoryPath> paths) => undone.UnionWith(paths);

    /// <summary>What a rollback should make of a tree.</summary>
    /// <param name="only">Null for all of it.</param>
    public ModelRollback Undo(ModelTree tree, RepositoryPath? only)
    {
        var standing = Before.Where(pair => !undone.Contains(pair.Key) && (only is not { } one || pair.Key == one || pair.Key.IsUnder(one))).ToList();
        var wanted = tree.Copy();
        foreach (var (path, _) in standing) wanted.Put(path, 0);
        var isBlocked = standing.Any(pair => pair.Value != 0 && wanted.InTheWayOf(pair.Key).Any());
        foreach (var (path, content) in standing) wanted.Put(path, content);
        List<RepositoryPath> paths = standing.ConvertAll(pair => pair.Key);
        return new(wanted, paths, MustGo: paths.Count > 0 && !isBlocked && paths.TrueForAll(path => !MayBeInTheWayOf(path, paths)));
    }

    // Others since, or what stays of it when only some is rolled back, touched this path or one above or below it.
    private bool MayBeInTheWayOf(RepositoryPath path, List<RepositoryPath> chosen) =>
        foreign.Contains(path) || foreign.Concat(Before.Keys.Except(undone).Except(chosen)).Any(other => other.IsUnder(path) || path.IsUnder(other));
}

/// <param name="Wanted">The tree afterwards.</param>
/// <param name="Paths">What is rolled back.</param>
/// <param name="MustGo">Nothing can stand against it.</param>
internal sealed record ModelRollback(ModelTree Wanted, List<RepositoryPath> Paths, bool MustGo);
