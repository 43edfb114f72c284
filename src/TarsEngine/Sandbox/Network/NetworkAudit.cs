using System.Globalization;
using TarsEngine.Audit;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox.Network;

/// <summary>Puts every connection into the audit trail: 'network-opened', 'network-closed', 'network-refused', 'network-failed', about 'host:port'.</summary>
public sealed class NetworkAudit(StateDatabase database, AuditTrailService audit, string actor)
{
    /// <exception cref="StateException">It can't be recorded; then it must not happen.</exception>
    public void Record(SandboxConnection connection)
    {
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["way"] = Word(connection.Kind) };
        if (connection.Reason.Length > 0) details["reason"] = connection.Reason;
        if (connection.Address is { } address) details["address"] = address.ToString();
        if (connection.Times != 1) details["times"] = Number(connection.Times);
        if (connection.Outcome == ConnectionOutcome.Closed) (details["sent"], details["received"]) = (Number(connection.BytesSent), Number(connection.BytesReceived));
        var target = connection.Target.Length == 0 ? "network" : connection.Target;
        database.Write("record a connection", tx => audit.Append(tx, new("network-" + Word(connection.Outcome), actor, target, details)));
    }

    private static string Word<T>(T value) where T : struct, Enum => Names.WithDashes(value.ToString());

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
