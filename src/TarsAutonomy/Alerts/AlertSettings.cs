using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsAutonomy.Alerts;

/// <summary>Posts to an address.</summary>
/// <param name="Header">A header with a credential; null for none.</param>
public sealed record WebhookSettings(Uri Url, string? Header, CredentialPlace? Credential);

/// <summary>Sends by a mail server.</summary>
/// <param name="Encrypt">By STARTTLS; without it only to this machine.</param>
/// <param name="User">Null: it asks for no password.</param>
public sealed record MailSettings(string Host, int Port, bool Encrypt, string From, IReadOnlyList<string> To, string? User, CredentialPlace? Password);

/// <summary>Who is told what: 'autonomous.alerts'. Only the user's own configuration can say it: commands run on the host.</summary>
public sealed record AlertSettings
{
    private static readonly string[] Encryptions = ["starttls", "none"];

    public static AlertSettings Default { get; } = new();

    public IReadOnlySet<AlertKind> On { get; init; } = new HashSet<AlertKind> { AlertKind.Failed, AlertKind.Held, AlertKind.Stopped, AlertKind.RedBaseline };

    /// <summary>The program and its arguments; no shell reads them. Null: none.</summary>
    public IReadOnlyList<string>? Command { get; init; }
    public WebhookSettings? Webhook { get; init; }
    public MailSettings? Mail { get; init; }

    public static AlertSettings Read(MapReader map)
    {
        var settings = new AlertSettings
        {
            On = ReadKinds(map) ?? Default.On,
            Command = ReadCommand(map),
            Webhook = map.OptionalMap("webhook") is { } webhook ? ReadWebhook(webhook) : null,
            Mail = map.OptionalMap("mail") is { } mail ? ReadMail(mail) : null,
        };
        map.Done();
        return settings;
    }

    private static HashSet<AlertKind>? ReadKinds(MapReader map)
    {
        if (map.OptionalStrings("on") is not { } words) return null;
        foreach (var word in words.Where(word => !AlertKinds.ByWord.ContainsKey(word)))
            map.Problem("on", $"'{ByteText.Display(word)}' is no kind of alert: {string.Join(", ", AlertKinds.ByWord.Keys)}.{NearestName.Hint(word, AlertKinds.ByWord.Keys)}");
        return [.. words.Where(AlertKinds.ByWord.ContainsKey).Select(word => AlertKinds.ByWord[word])];
    }

    private static IReadOnlyList<string>? ReadCommand(MapReader map)
    {
        if (map.OptionalStrings("command") is not { } words) return null;
        if (words.Count > 0 && words[0].Length > 0 && (words[0][0] == '/' || !words[0].Contains('/', StringComparison.Ordinal))) return words;
        map.Problem("command", "'command' is a program, by its name or its absolute path, and its arguments, such as [notify-send, TARS].");
        return null;
    }

    private static WebhookSettings? ReadWebhook(MapReader map)
    {
        var (text, header, credential) = (map.RequiredString("url"), map.OptionalString("header"), CredentialPlace.Read(map, "from"));
        map.Done();
        if (header is not null && !IsToken(header)) map.Problem("header", $"'{ByteText.Display(header)}' is no name of a header.");
        if (header is null != credential is null) map.Problem("header", "A header needs 'from-environment' or 'from-file' for its value, and they need 'header'.");
        if (SafeAddress.Of(text) is { } url) return new(url, header, credential);
        if (text.Length > 0) map.Problem("url", SafeAddress.Problem(text));
        return null;
    }

    private static MailSettings ReadMail(MapReader map)
    {
        var (host, from, to) = (map.RequiredString("host"), map.RequiredString("from"), map.OptionalStrings("to") ?? []);
        var encrypt = map.OptionalChoice("tls", Encryptions) != "none";
        var settings = new MailSettings(host, map.OptionalInt("port", 1, 65535) ?? 587, encrypt, from, to, map.OptionalString("user"), CredentialPlace.Read(map, "password-from"));
        map.Done();
        if (!encrypt && !SafeAddress.IsThisMachine(host)) map.Problem("tls", "Mail goes unencrypted to this machine only; leave 'tls' out.");
        if (to.Count == 0) map.Problem("to", "'to' is a list of addresses; name at least one.");
        foreach (var address in to.Append(from).Where(address => address.Length > 0 && !System.Net.Mail.MailAddress.TryCreate(address, out _)))
            map.Problem(address == from ? "from" : "to", $"'{ByteText.Display(address)}' is no mail address.");
        if (settings.User is null != settings.Password is null) map.Problem("user", "'user' and one of 'password-from-environment' and 'password-from-file' belong together.");
        return settings;
    }

    private static bool IsToken(string text) => text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
