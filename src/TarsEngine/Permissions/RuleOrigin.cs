using System.Globalization;

namespace TarsEngine.Permissions;

/// <summary>Who wrote a rule.</summary>
public enum RuleAuthor
{
    /// <summary>It is part of this program.</summary>
    BuiltIn,

    /// <summary>The user's own configuration: may loosen.</summary>
    User,

    /// <summary>The codebase's 'tars.yaml': may only tighten.</summary>
    Repository,
}

/// <summary>Where a rule came from.</summary>
/// <param name="File">The file's name; '' for built-in rules.</param>
/// <param name="Line">From 1; 0 for built-in rules.</param>
public sealed record RuleOrigin(RuleAuthor Author, string File = "", int Line = 0)
{
    public static RuleOrigin BuiltIn { get; } = new(RuleAuthor.BuiltIn);

    public override string ToString() =>
        Author == RuleAuthor.BuiltIn ? "built in" : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");
}
