using System.Text.RegularExpressions;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsEngine.Tests.Permissions;

/// <summary>docs/policy.md says what is so.</summary>
public sealed partial class PolicyDocumentationTests
{
    private static readonly string Page = File.ReadAllText(Repository.In("docs", "policy.md"));

    public static TheoryData<string> Examples => [.. Yaml().Matches(Page).Select(m => m.Groups["text"].Value)];

    public static TheoryData<string> Decided => [.. Decisions().Match(Page).Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_read_and_its_own_examples_hold(string example) =>
        Assert.Empty(ConfigurationLoader.Load(example, null).Problems.Select(p => p.ToString()));

    [Theory]
    [MemberData(nameof(Decided))]
    public void Without_configuration_it_is_decided_as_the_page_says(string line)
    {
        var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        var (expected, kind, what) = (Enum.Parse<Decision>(parts[0], ignoreCase: true), parts[1], parts[2].Trim());
        var policy = PermissionPolicy.Default;
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        Assert.Equal(expected, kind switch
        {
            "command" => policy.Commands.Decide(what.Split(' '), none).Decision,
            "variable" => policy.Commands.Environment.Decide(what, "x").Decision,
            "host" => policy.Network.Decide(what.Split(':')[0], 443).Decision,
            _ => policy.Paths.Decide(RepositoryPath.Parse(what), Enum.Parse<PathAccess>(kind, ignoreCase: true)).Decision,
        });
    }

    [Fact]
    public void Every_key_of_the_language_is_on_the_page()
    {
        var sources = string.Concat(new[] { "PolicyReader.cs", "HostRuleReader.cs" }.Select(f => File.ReadAllText(Repository.In("src", "TarsEngine", "Permissions", f))));
        var keys = Key().Matches(sources).Select(m => m.Groups["text"].Value).Distinct(StringComparer.Ordinal).Except(["rules", "prefix", "from-file", "header"], StringComparer.Ordinal).ToList();
        Assert.True(keys.Count > 15, string.Join(' ', keys));
        Assert.All(keys, key => Assert.Contains(key, Page, StringComparison.Ordinal));
    }

    [GeneratedRegex("```yaml\n(?<text>[^`]*)```", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Yaml();

    [GeneratedRegex("```decisions\n(?<text>[^`]*)```", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Decisions();

    [GeneratedRegex("""(Optional\w+|RequiredString|Strict|Patterns|OneOrMore|Decide|Rules)\((map, |commands, |environment, )?"(?<text>[a-z-]+)"[,)]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
