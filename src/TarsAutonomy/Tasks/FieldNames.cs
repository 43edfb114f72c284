namespace TarsAutonomy.Tasks;

/// <summary>The fields of a task, under the names that people give them.</summary>
internal static class FieldNames
{
    public const string Score = "score", Lines = "lines", Tests = "tests", Safety = "safety", Status = "status", Approved = "approved", AutoApproved = "auto-approved", Reason = "reason", Use = "use", Agent = "agent";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["alignment score"] = Score, ["alignment"] = Score, ["alignmentscore"] = Score, ["objective alignment"] = Score, ["score"] = Score,
        ["estimated lines"] = Lines, ["estimatedlines"] = Lines, ["est lines"] = Lines, ["lines"] = Lines, ["estimate"] = Lines, ["estimated loc"] = Lines, ["lines of code"] = Lines, ["loc"] = Lines,
        ["tests defined"] = Tests, ["test defined"] = Tests, ["tests"] = Tests, ["testsdefined"] = Tests,
        ["safety check"] = Safety, ["safety checks"] = Safety, ["safety"] = Safety, ["safetycheck"] = Safety,
        ["status"] = Status, ["state"] = Status,
        ["auto approved"] = AutoApproved, ["autoapproved"] = AutoApproved,
        ["approved"] = Approved, ["approved by"] = Approved, ["approved at"] = Approved, ["approved on"] = Approved,
        ["reason"] = Reason, ["reasons"] = Reason,
        ["use"] = Use,
        ["agent"] = Agent,
    };

    /// <summary>As people write them, for 'Did you mean'.</summary>
    public static IReadOnlyList<string> Spelled { get; } = ["Alignment score", "Estimated lines", "Tests defined", "Safety check", "Status", "Auto-approved", "Approved", "Reason", "Use", "Agent"];

    /// <summary>Null for a key that is none of them.</summary>
    public static string? Of(string key) => Names.GetValueOrDefault(PlanMarkup.Words(key));
}
