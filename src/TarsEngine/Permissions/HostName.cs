using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace TarsEngine.Permissions;

/// <summary>One spelling for each host: lower-case ASCII names without the last dot, addresses as their family writes them.</summary>
public static class HostName
{
    /// <summary>A name is at most this long, a label at most 63.</summary>
    public const int MaxLength = 253;

    /// <summary>
    /// The one spelling of a host; false for what is no host, for addresses in a form that programs read differently
    /// ('127.1', '0x7f000001', '2130706433', 'fe80::1%eth0'), and for letters beyond ASCII, which look like others and are
    /// mapped in more than one way: such a name is written in its 'xn--' form.
    /// </summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "Host names are written in lower case.")]
    public static bool TryNormalize(string text, out string host)
    {
        host = "";
        if (text.StartsWith('[') && text.EndsWith(']')) return TryAddress(text[1..^1], AddressFamily.InterNetworkV6, out host);
        if (text.Contains(':', StringComparison.Ordinal)) return TryAddress(text, AddressFamily.InterNetworkV6, out host);
        if (text.EndsWith('.')) text = text[..^1];
        // Before the case is folded: the Kelvin sign would become a k.
        if (text.Length is 0 or > MaxLength || !text.All(char.IsAscii)) return false;
        var name = text.ToLowerInvariant();
        var labels = name.Split('.');
        if (!labels.All(IsLabel)) return false;
        // A last label of digits (or 0x…) makes resolvers read an address: only the plain form is taken.
        if (LooksNumeric(labels[^1])) return TryAddress(name, AddressFamily.InterNetwork, out host);
        host = name;
        return true;
    }

    /// <summary>True for an address that is not reachable from everywhere: loopback, private, link-local, shared, multicast and reserved ones.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork) return IsPrivate4(bytes);
        // Global unicast is 2000::/3; within it, what carries an IPv4 address (6to4, Teredo), documentation and ORCHID count as not public.
        if ((bytes[0] & 0xE0) != 0x20)
            return !(bytes.AsSpan(0, 12).SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) && !IsPrivate4(bytes.AsSpan(12)));
        return bytes switch
        {
            [0x20, 0x02, ..] => true,
            [0x20, 0x01, < 0x02, ..] => true,
            [0x20, 0x01, 0x0D, 0xB8, ..] => true,
            [0x3F, 0xFF, < 0x10, ..] => true,
            _ => false,
        };
    }

    private static bool IsPrivate4(ReadOnlySpan<byte> address) => address switch
    {
        [0 or 10 or 127 or >= 224, ..] => true,
        [100, >= 64 and < 128, ..] => true,
        // A cloud's own services, answered on every machine in it.
        [168, 63, 129, 16] => true,
        [169, 254, ..] => true,
        [172, >= 16 and < 32, ..] => true,
        [192, 168, ..] => true,
        [192, 0, 0 or 2, _] => true,
        [192, 88, 99, _] => true,
        [198, 18 or 19, ..] => true,
        [198, 51, 100, _] => true,
        [203, 0, 113, _] => true,
        _ => false,
    };

    private static bool IsLabel(string label) => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    private static bool LooksNumeric(string label) =>
        label.All(char.IsAsciiDigit) || (label.StartsWith("0x", StringComparison.Ordinal) && label[2..].All(char.IsAsciiHexDigit));

    private static bool TryAddress(string text, AddressFamily family, out string host)
    {
        host = "";
        if (text.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var address) || address.AddressFamily != family) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        host = address.ToString();
        // '010.0.0.1' is octal to some and decimal to others.
        return family == AddressFamily.InterNetworkV6 || host == text;
    }
}
