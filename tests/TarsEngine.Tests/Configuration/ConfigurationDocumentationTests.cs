using System.Text.RegularExpressions;
using TarsEngine.Configuration;

namespace TarsEngine.Tests.Configuration;

public sealed partial class ConfigurationDocumentationTests
{
    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tars.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "configuration.md"));

    public static TheoryData<string> Examples => [.. Fence().Matches(Page).Select(m => m.Groups["text"].Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_of_the_documentation_is_read_without_a_problem(string example)
    {
        Assert.Empty(ConfigurationLoader.Load(example, null).Problems);
        Assert.Empty(ConfigurationLoader.Load(null, example).Problems);
    }

    [Fact]
    public void Every_key_that_is_read_is_documented()
    {
        var source = File.ReadAllText(Path.Combine(Root(), "src", "TarsEngine", "Configuration", "ConfigurationFileReader.cs"));
        var keys = Key().Matches(source).Select(m => m.Groups["text"].Value).Distinct().ToList();
        Assert.True(keys.Count > 25);
        Assert.All(keys, key => Assert.Contains(key + ":", Page, StringComparison.Ordinal));
    }

    [GeneratedRegex("```yaml\n(?<text>[^`]*)```", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex("""(Optional\w+|RequiredString|Word|Patterns)\((map, )?"(?<text>[a-z-]+)"[,)]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
