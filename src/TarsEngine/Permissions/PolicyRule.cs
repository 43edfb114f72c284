namespace TarsEngine.Permissions;

/// <summary>What every rule has.</summary>
/// <param name="Name">How messages call it: its own name, or 'paths[2]'.</param>
/// <param name="Because">Why it is there, for people; '' when nobody said.</param>
public abstract record PolicyRule(string Name, RuleOrigin Origin, string Because)
{
    /// <summary>For messages: which rule, and where it stands.</summary>
    public string Shown => Origin.Author == RuleAuthor.BuiltIn ? $"'{Name}' (built in)" : $"'{Name}' ({Origin})";
}

/// <summary>What policy says to one thing, and which rule said it.</summary>
/// <param name="Rule">The name of the rule that decided.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="Subject">What it was about, where that is a part of what was asked: a command inside another, a variable.</param>
public sealed record PolicyDecision(Decision Decision, string Rule, RuleOrigin Origin, string Reason, string Subject)
{
    /// <summary>The strictest; of equally strict ones the first by name, so that the order in which rules stand never shows.</summary>
    public static PolicyDecision Strictest(PolicyDecision one, PolicyDecision other)
    {
        if (one.Decision != other.Decision) return one.Decision > other.Decision ? one : other;
        return string.CompareOrdinal(one.Rule, other.Rule) <= 0 ? one : other;
    }
}
