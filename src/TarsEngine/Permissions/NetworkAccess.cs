using System.Globalization;
using System.Net;
using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>What policy says to one connection.</summary>
/// <param name="Rule">The rule that decided; null when no rule speaks of the host, or when it is no host at all.</param>
public sealed record HostDecision(Decision Decision, HostRule? Rule, string Reason);

/// <summary>
/// Which hosts may be spoken to. No rule: denied. Several: the strictest. What a name resolves to is the proxy's to check:
/// a private address is allowed only where <see cref="Decide(IPAddress, int)"/> allows that very address.
/// </summary>
public sealed record NetworkAccess(IReadOnlyList<HostRule> Hosts)
{
    public static NetworkAccess None { get; } = new([]);

    /// <param name="host">As a program asks for it: a name, or an address with or without brackets.</param>
    public HostDecision Decide(string host, int port)
    {
        if (port is < 1 or > 65535 || !HostName.TryNormalize(host, out var name))
            return new(Decision.Deny, null, string.Create(CultureInfo.InvariantCulture, $"'{ByteText.Display(host)}:{port}' is no host and port."));
        HostRule? strictest = null;
        var isSpokenOf = false;
        foreach (var rule in Hosts)
        {
            if (!rule.Matches(name, port)) continue;
            // A codebase's rule comes on top of the user's: alone it opens nothing, not even for review.
            isSpokenOf |= rule.Origin.Author != RuleAuthor.Repository;
            if (strictest is null || rule.Decide > strictest.Decide) strictest = rule;
        }
        if (!isSpokenOf && strictest?.Decide != Decision.Deny) strictest = null;
        var asked = string.Create(CultureInfo.InvariantCulture, $"{name}:{port}");
        if (strictest is null) return new(Decision.Deny, null, $"No rule allows the host '{asked}'.");
        var verb = strictest.Decide switch { Decision.Allow => "allows", Decision.Review => "holds for review", _ => "denies" };
        return new(strictest.Decide, strictest, $"The rule '{strictest}' ({strictest.Origin}) {verb} the host '{asked}'.");
    }

    /// <summary>For an address that a name resolved to.</summary>
    public HostDecision Decide(IPAddress address, int port) =>
        Decide((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes())).ToString(), port);

    /// <summary>These rules and <paramref name="others"/>: never looser than either where both speak of a host.</summary>
    public NetworkAccess And(IEnumerable<HostRule> others) => new([.. Hosts, .. others]);
}
