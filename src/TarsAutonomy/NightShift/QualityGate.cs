using TarsAutonomy.Settings;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;

namespace TarsAutonomy.NightShift;

/// <summary>The codebase's own gate, as the base has it: one more check in the clean room. None is a failure, unless the user waives it.</summary>
internal static class QualityGate
{
    public const string Name = "quality gate", MissingRule = "gate/none", FailedRule = "gate/failed";

    /// <summary>None where the user waives it.</summary>
    public static IReadOnlyList<CheckDefinition> Of(SessionSettings settings) => [.. settings.Gates.Select((gate, at) => new CheckDefinition(
        at == 0 ? Name : $"{Name} {gate}", CheckKind.Command, ["bash", gate.ToString()], "", null, ReportFormat.None, new Dictionary<string, string>(StringComparer.Ordinal), FromRepository: true))];

    /// <summary>Null when all are there, or waived.</summary>
    public static Finding? Missing(SessionSettings settings, TreeSnapshot tree) => settings.Gates.FirstOrDefault(gate => tree[gate] is not { Kind: EntryKind.File }) is not { Value.Length: > 0 } gate ? null
        : new(Severity.Error, MissingRule, $"No quality script: '{gate}' is not in the commit that the session begins from.", gate,
            Remedy: "Commit one, name yours with 'autonomous: gate:', or waive it with 'gate: none' in your own configuration.");

    /// <summary>A finding in the seed's words, where it is about the gate.</summary>
    public static bool IsOf(Finding finding) => finding.Rule is "check/failed" or "check/limit" or "tests/broken-off" or "check/tool-fault" && finding.Message.Contains($"'{Name}", StringComparison.Ordinal);
}
