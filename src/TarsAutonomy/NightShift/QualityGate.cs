using TarsAutonomy.Settings;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;

namespace TarsAutonomy.NightShift;

/// <summary>The codebase's own gate, as the base has it: one more check in the clean room. None is a failure, unless the user waives it.</summary>
internal static class QualityGate
{
    public const string Name = "quality gate", MissingRule = "gate/none", FailedRule = "gate/failed";

    /// <summary>Null where the user waives it.</summary>
    public static CheckDefinition? Of(SessionSettings settings) => settings.Gate is { } gate
        ? new(Name, CheckKind.Command, ["bash", gate.ToString()], "", null, ReportFormat.None, new Dictionary<string, string>(StringComparer.Ordinal), FromRepository: true)
        : null;

    /// <summary>Null when it is there, or waived.</summary>
    public static Finding? Missing(SessionSettings settings, TreeSnapshot tree) => settings.Gate is not { } gate || tree[gate] is { Kind: EntryKind.File } ? null
        : new(Severity.Error, MissingRule, $"No quality script: '{gate}' is not in the commit that the session begins from.", gate,
            Remedy: "Commit one, name yours with 'autonomous: gate:', or waive it with 'gate: none' in your own configuration.");

    /// <summary>A finding in the seed's words, where it is about the gate.</summary>
    public static bool IsOf(Finding finding) => finding.Rule is "check/failed" or "check/limit" or "tests/broken-off" or "check/tool-fault" && finding.Message.Contains($"'{Name}'", StringComparison.Ordinal);
}
