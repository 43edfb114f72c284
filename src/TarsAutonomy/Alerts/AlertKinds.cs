namespace TarsAutonomy.Alerts;

/// <summary>Kinds of alerts as configuration, JSON and variables spell them.</summary>
internal static class AlertKinds
{
    public static IReadOnlyDictionary<string, AlertKind> ByWord { get; } = Enum.GetValues<AlertKind>().ToDictionary(Word, StringComparer.Ordinal);

    public static string Word(AlertKind kind) => kind switch
    {
        AlertKind.Finished => "finished",
        AlertKind.Failed => "failed",
        AlertKind.Held => "held",
        AlertKind.Stopped => "stopped",
        AlertKind.RedBaseline => "red-baseline",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind without a word."),
    };
}
