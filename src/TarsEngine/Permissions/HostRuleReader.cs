using System.Globalization;
using System.Net;
using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>Reads 'network.hosts': 'api.nuget.org', 'registry.example:8443', or a map with port, decision and credential.</summary>
internal sealed class HostRuleReader(DocumentProblems problems, RuleAuthor author)
{
    public bool ChecksExamples { get; init; } = true;

    public IReadOnlyList<HostRule> Read(MapReader network)
    {
        var rules = new List<HostRule>();
        foreach (var node in network.OptionalList("hosts") ?? [])
        {
            var rule = node is MapNode map ? ReadMap(new(map, problems), node) : DocumentValue.Text(node, "an item of 'hosts'", problems) is { } text ? ReadLine(text, node) : null;
            if (rule is not null) rules.Add(rule);
        }
        return rules;
    }

    private HostRule? ReadLine(string text, DocumentNode at)
    {
        var (host, port) = Split(text);
        if (port is not null && ParsePort(port) is null)
        {
            problems.Add(at, $"'{ByteText.Display(port)}' is no port; it is a number from 1 to 65535.");
            return null;
        }
        return Rule(host, port is null ? null : ParsePort(port), Decision.Allow, at, null);
    }

    private HostRule? ReadMap(MapReader map, DocumentNode at)
    {
        var (host, decide) = (map.RequiredString("host"), PolicyReader.Decide(map, "decide") ?? Decision.Allow);
        map.Has("because");
        var credential = map.OptionalMap("credential") is { } inner ? ReadCredential(inner) : null;
        if (credential is not null && decide == Decision.Deny) map.Problem("credential", "A host that is denied needs no credential.");
        if (credential is not null && host.StartsWith("*.", StringComparison.Ordinal)) map.Problem("credential", "A credential goes to one host; write its name out.");
        var rule = Rule(host, map.OptionalInt("port", 1, 65535), decide, at, credential);
        Examples.Check(map, ChecksExamples && rule is not null, (text, node) =>
        {
            var (name, port) = Split(text);
            if (HostName.TryNormalize(name, out var plain)) return rule!.Matches(plain, ParsePort(port ?? "443") ?? 0);
            problems.Add(node, $"'{ByteText.Display(text)}' is no host.");
            return null;
        });
        map.Done();
        return rule;
    }

    private HostRule? Rule(string text, int? port, Decision decide, DocumentNode at, HostCredential? credential)
    {
        if (text.Length == 0) return null;
        var isWild = text.StartsWith("*.", StringComparison.Ordinal);
        if (!HostName.TryNormalize(isWild ? text[2..] : text, out var host) || (isWild && (!host.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(host, out _))))
        {
            problems.Add(at, $"'{ByteText.Display(text)}' names no host: write a name such as 'api.nuget.org', '*.' and a name of two labels or more, or an address. Names beyond ASCII are written in their 'xn--' form.");
            return null;
        }
        if (decide == Decision.Allow && IPAddress.TryParse(host, out var address) && HostName.IsPrivate(address) && port is null)
        {
            problems.Add(at, $"'{host}' is a private address; name its port, too.");
            return null;
        }
        var rulePort = port ?? (decide == Decision.Allow ? HostRule.DefaultPort : HostRule.AnyPort);
        var origin = author == RuleAuthor.BuiltIn ? RuleOrigin.BuiltIn : new RuleOrigin(author, problems.Source, at.Line);
        return new(isWild ? "*." + host : host, rulePort, decide, origin, credential);
    }

    private static HostCredential? ReadCredential(MapReader map)
    {
        var header = map.RequiredString("header");
        if (header.Length > 0 && !header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) map.Problem("header", $"'{ByteText.Display(header)}' is no name of a header.");
        var (variable, file) = (map.OptionalString("from-environment"), map.OptionalString("from-file"));
        if ((variable is null) == (file is null)) map.Problem("header", "A credential comes from one place: 'from-environment: NAME' or 'from-file: /absolute/path'.");
        if (file is not null && !file.StartsWith('/')) map.Problem("from-file", $"The path '{ByteText.Display(file)}' is not absolute; nothing in it is expanded.");
        var (baseUrl, path) = (map.RequiredString("base-url"), map.OptionalString("base-path") ?? "");
        if (baseUrl.Length > 0 && !baseUrl.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) map.Problem("base-url", $"'{ByteText.Display(baseUrl)}' is no name of an environment variable; it gets the address to speak to inside the sandbox.");
        if (path.Length > 0 && (!path.StartsWith('/') || path.Any(char.IsControl))) map.Problem("base-path", "A base path begins with '/'.");
        var prefix = map.OptionalString("prefix") ?? "";
        if (prefix.Any(char.IsControl)) map.Problem("prefix", "The prefix holds a control character.");
        map.Done();
        return new(header, prefix, variable, file) { BaseUrlVariable = baseUrl, BasePath = path };
    }

    // 'name', 'name:port', '[address]:port', 'address' with more than one ':'.
    private static (string Host, string? Port) Split(string text)
    {
        var at = text.LastIndexOf(':');
        var isBareAddress = !text.StartsWith('[') && text.IndexOf(':', StringComparison.Ordinal) != at;
        return at < 0 || isBareAddress || text.EndsWith(']') ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static int? ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}
