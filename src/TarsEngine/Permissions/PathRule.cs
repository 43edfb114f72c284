namespace TarsEngine.Permissions;

/// <summary>What may happen to a file.</summary>
public enum PathAccess
{
    /// <summary>Commands and checks see it.</summary>
    Read,

    /// <summary>Its content, mode or kind changes.</summary>
    Write,
    Create,
    Delete,
}

/// <summary>What may be done to the paths that a rule names; null where it says nothing.</summary>
/// <param name="Except">Paths that it doesn't speak of.</param>
public sealed record PathRule(
    string Name, RuleOrigin Origin, string Because, IReadOnlyList<PathPattern> Paths, IReadOnlyList<PathPattern> Except,
    Decision? Read, Decision? Write, Decision? Create, Decision? Delete) : PolicyRule(Name, Origin, Because)
{
    public Decision? For(PathAccess access) => access switch
    {
        PathAccess.Read => Read,
        PathAccess.Write => Write,
        PathAccess.Create => Create,
        _ => Delete,
    };

    /// <summary>With another decision everywhere where it decides.</summary>
    public PathRule As(Decision decision) => this with
    {
        Read = Read is null ? null : decision,
        Write = Write is null ? null : decision,
        Create = Create is null ? null : decision,
        Delete = Delete is null ? null : decision,
    };

    internal bool Matches(ReadOnlySpan<string> folded)
    {
        var found = false;
        foreach (var pattern in Paths)
        {
            if (found = pattern.Matches(folded)) break;
        }
        if (!found) return false;
        foreach (var pattern in Except)
        {
            if (pattern.Matches(folded)) return false;
        }
        return true;
    }
}
