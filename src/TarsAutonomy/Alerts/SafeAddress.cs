using System.Net;
using TarsEngine.Files;

namespace TarsAutonomy.Alerts;

/// <summary>Addresses that what we tell may go to: by https, or without leaving this machine.</summary>
internal static class SafeAddress
{
    /// <summary>Null for any other.</summary>
    public static Uri? Of(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.Fragment.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsThisMachine(address.Host.Trim('[', ']'))))
            ? address
            : null;

    public static string Problem(string text) => $"'{ByteText.Display(text)}' is no https address without a password in it; http is for this machine only, such as http://127.0.0.1:4318.";

    /// <summary>By its address, or by the name that every machine gives itself.</summary>
    public static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
