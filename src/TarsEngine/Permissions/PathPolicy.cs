using System.Collections.Immutable;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>Which files may be read, written, created and deleted. No rule: allowed. Several: the strictest.</summary>
public sealed class PathPolicy
{
    /// <summary>The rule that nobody can loosen: git's and this system's own files.</summary>
    public const string MetadataRule = "metadata";

    private readonly Dictionary<string, List<PathRule>> byName = new(StringComparer.Ordinal);
    private readonly List<PathRule> others = [];

    public PathPolicy(IReadOnlyList<PathRule> rules)
    {
        Rules = rules;
        foreach (var rule in rules)
        {
            // A rule is looked at only where a segment has one of its names; what has no fixed name is always looked at.
            var names = rule.Paths.Select(pattern => pattern.FixedName).Distinct(StringComparer.Ordinal).ToList();
            if (names.Contains(null))
            {
                others.Add(rule);
                continue;
            }
            foreach (var name in names)
            {
                if (!byName.TryGetValue(name!, out var list)) byName[name!] = list = [];
                list.Add(rule);
            }
        }
    }

    public IReadOnlyList<PathRule> Rules { get; }

    public PolicyDecision Decide(RepositoryPath path, PathAccess access)
    {
        if (path.IsMetadata)
            return new(Decision.Deny, MetadataRule, RuleOrigin.BuiltIn, $"'{path}' belongs to git or to this system; no change may touch it, and nothing shows it.", path.ToString());
        var strictest = Strictest(path, access);
        if (strictest?.For(access) is not { } decision)
            return new(Decision.Allow, "", RuleOrigin.BuiltIn, $"No rule speaks against {Doing(access)} '{path}'.", path.ToString());
        var what = decision switch { Decision.Allow => "allows", Decision.Review => "holds for a person", _ => "denies" };
        return new(decision, strictest.Name, strictest.Origin,
            $"The rule {strictest.Shown} {what} {Doing(access)} '{path}'{(strictest.Because.Length > 0 ? ": " + strictest.Because : ".")}", path.ToString());
    }

    /// <summary>What may be done to the path whatever it is: the mildest decision on its change.</summary>
    public PolicyDecision DecideAnyChange(RepositoryPath path)
    {
        PathAccess[] changes = [PathAccess.Write, PathAccess.Create, PathAccess.Delete];
        return changes.Select(access => Decide(path, access)).MinBy(decision => decision.Decision)!;
    }

    /// <summary>The tree that commands and checks may see, and what is not in it.</summary>
    public (TreeSnapshot Tree, IReadOnlyList<RepositoryPath> Hidden) Visible(TreeSnapshot tree)
    {
        var hiding = Rules.Where(rule => rule.Read == Decision.Deny).ToList();
        if (hiding.Count == 0) return (tree, []);
        var names = hiding.SelectMany(rule => rule.Paths).Select(pattern => pattern.FixedName).ToList();
        // Large trees: most paths are told apart without being folded.
        Func<RepositoryPath, bool> may = names.Contains(null) ? _ => true : new PlainNames(names!).MayHold;
        var hidden = tree.Entries.Keys.Where(path => may(path) && IsHidden(path)).ToImmutableArray();
        return hidden.IsEmpty ? (tree, hidden) : (new TreeSnapshot(tree.Entries.RemoveRange(hidden)), hidden);
    }

    public bool IsHidden(RepositoryPath path) => Strictest(path, PathAccess.Read)?.Read == Decision.Deny;

    internal static PathAccess AccessOf(FileChange change) => change.Kind switch
    {
        ChangeKind.Create => PathAccess.Create,
        ChangeKind.Delete => PathAccess.Delete,
        _ => PathAccess.Write,
    };

    private static string Doing(PathAccess access) => access switch
    {
        PathAccess.Read => "reading",
        PathAccess.Write => "writing",
        PathAccess.Create => "creating",
        _ => "deleting",
    };

    private PathRule? Strictest(RepositoryPath path, PathAccess access)
    {
        var folded = FoldedPath.Segments(path.Value);
        PathRule? strictest = null;
        foreach (var segment in folded)
        {
            if (byName.TryGetValue(segment, out var named)) strictest = Strictest(strictest, named, folded, access);
        }
        return Strictest(strictest, others, folded, access);
    }

    private static PathRule? Strictest(PathRule? strictest, List<PathRule> rules, string[] folded, PathAccess access)
    {
        foreach (var rule in rules)
        {
            if (rule.For(access) is not { } decision) continue;
            var best = strictest?.For(access);
            if (best is not null && (decision < best || (decision == best && string.CompareOrdinal(rule.Name, strictest!.Name) >= 0))) continue;
            if (rule.Matches(folded)) strictest = rule;
        }
        return strictest;
    }

    /// <summary>Whether a path could have one of some names as a segment; says yes where it would have to look closer.</summary>
    private sealed class PlainNames(IEnumerable<string> names)
    {
        private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup =
            new HashSet<string>(names, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

        public bool MayHold(RepositoryPath path)
        {
            var text = path.Value.AsSpan();
            if (text.IndexOfAnyExceptInRange('!', '~') >= 0 || text.Contains(':') || text.Contains("./", StringComparison.Ordinal) || text[^1] == '.') return true;
            foreach (var segment in text.Split('/'))
            {
                if (lookup.Contains(text[segment])) return true;
            }
            return false;
        }
    }
}
