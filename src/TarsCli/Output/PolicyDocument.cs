using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Configuration;
using TarsEngine.Permissions;

namespace TarsCli.Output;

/// <summary>'policy check … --format json': what policy says to one thing, and to its parts.</summary>
/// <param name="Kind">path, command, host or patch.</param>
internal sealed record PolicyDecisionDocument(string Kind, string Subject, string Decision, IReadOnlyList<PolicyDecisionItem> Parts, IReadOnlyList<string> Ignored)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/policy-decision/v1";

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.PolicyDecisionDocument);
}

/// <param name="Rule">The name of the rule that decided; '' where none speaks of it.</param>
/// <param name="Author">built-in, user or repository.</param>
internal sealed record PolicyDecisionItem(string Subject, string Decision, string Rule, string Author, string? File, int? Line, string Reason)
{
    public static PolicyDecisionItem Of(PolicyDecision one) => new(
        one.Subject, Words.Id(one.Decision), one.Rule, Words.Id(one.Origin.Author), one.Origin.File.Length > 0 ? one.Origin.File : null,
        one.Origin.Line > 0 ? one.Origin.Line : null, one.Reason);
}

/// <summary>'policy check --format json': every rule in force.</summary>
internal sealed record PolicyDocument(
    IReadOnlyList<PolicyRuleItem> Rules, string CommandsOtherwise, string EnvironmentOtherwise, string HostsOtherwise, IReadOnlyDictionary<string, long> Limits,
    IReadOnlyList<string> Ignored)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/policy/v1";

    public static PolicyDocument Of(ConfigurationResult result)
    {
        var policy = result.Configuration.Permissions;
        return new(
            [.. PolicyRuleItem.Of(policy)], Words.Id(policy.Commands.Otherwise), Words.Id(policy.Commands.Environment.Otherwise), Words.Id(Decision.Deny),
            new SortedDictionary<string, long>(StringComparer.Ordinal)
            {
                ["changed-files"] = policy.Changes.ChangedFiles,
                ["file-bytes"] = policy.Changes.FileBytes,
                ["change-bytes"] = policy.Changes.ChangeBytes,
                ["command-arguments"] = policy.Commands.Limits.Arguments,
                ["command-characters"] = policy.Commands.Limits.Characters,
                ["chained-commands"] = policy.Commands.Limits.Chained,
            },
            [.. result.Notices.Select(n => n.Message)]);
    }

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.PolicyDocument);
}

/// <param name="Kind">path, command, variable or host.</param>
/// <param name="Decision">For paths: each access with its decision, such as 'write: review'.</param>
/// <param name="From">'built in', or file and line.</param>
internal sealed record PolicyRuleItem(string Kind, string Name, string Decision, string From, string What, string Because)
{
    public static IEnumerable<PolicyRuleItem> Of(PermissionPolicy policy) =>
    [
        new("path", PathPolicy.MetadataRule, "deny", RuleOrigin.BuiltIn.ToString(), ".git at any depth, .tars at the root", "it belongs to git or to this system"),
        .. policy.Paths.Rules.Select(r => new PolicyRuleItem("path", r.Name, Accesses(r), r.Origin.ToString(), string.Join(" ", r.Paths), r.Because)),
        .. policy.Commands.Rules.Select(r => new PolicyRuleItem("command", r.Name, Words.Id(r.Decide), r.Origin.ToString(), Command(r), r.Because)),
        new("command", CommandPolicy.InlineCodeRule, Words.Id(policy.Commands.InlineCode), RuleOrigin.BuiltIn.ToString(), "what can't be read before it runs", ""),
        new("command", CommandPolicy.CodeFromInputRule, Words.Id(policy.Commands.CodeFromInput), RuleOrigin.BuiltIn.ToString(), "code that a shell or interpreter takes from a pipe", ""),
        .. policy.Commands.Environment.Rules.Select(r => new PolicyRuleItem("variable", r.Name, Words.Id(r.Decide), r.Origin.ToString(), string.Join(" ", r.Names), r.Because)),
        .. policy.Network.Hosts.Select(r => new PolicyRuleItem("host", r.ToString(), Words.Id(r.Decide), r.Origin.ToString(), r.Credential is null ? r.ToString() : $"{r}, with a credential", "")),
    ];

    private static string Accesses(PathRule rule)
    {
        var each = Enum.GetValues<PathAccess>().Select(a => (Access: a, Decision: rule.For(a))).Where(a => a.Decision is not null).ToList();
        return each.Count == 3 && rule.Read is null && each.Select(a => a.Decision).Distinct().Count() == 1
            ? Words.Id(each[0].Decision!.Value)
            : string.Join(", ", each.Select(a => $"{Words.Id(a.Access)}: {Words.Id(a.Decision!.Value)}"));
    }

    private static string Command(CommandRule rule)
    {
        var text = string.Join(" ", rule.Programs);
        foreach (var (what, list) in (ReadOnlySpan<(string, IReadOnlyList<string>?)>)[("subcommand", rule.Subcommands), ("before", rule.Before), ("with", rule.With), ("only", rule.Only)])
        {
            if (list is not null) text += $"; {what}: {string.Join(" ", list)}";
        }
        return text;
    }
}
