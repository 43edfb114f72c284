using System.Text;
using System.Text.RegularExpressions;
using TarsAutonomy.Agents;
using TarsEngine.Documents;
using TarsEngine.Improvements;

namespace TarsAutonomy.Tests.Agents;

/// <summary>docs/agents.md: each example is what it says that it is, and each profile has its rows.</summary>
public sealed partial class AgentsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "agents.md"));

    [Fact]
    public void Every_example_is_read_without_a_problem()
    {
        var examples = Fence().Matches(Page).Select(match => match.Groups["text"].Value).ToList();
        Assert.Equal(3, examples.Count);
        foreach (var text in examples)
        {
            if (text.Contains("schema: tars/improvement/v1", StringComparison.Ordinal))
            {
                Assert.IsType<Proposed>(ImprovementFile.Read(Encoding.UTF8.GetBytes(text), "task.yaml", null));
                continue;
            }
            var document = DocumentReader.Read(text, "config.yaml");
            var map = MapReader.Root(document, "the configuration")!;
            AgentSettings.Read(map.OptionalMap("agents")!);
            map.Done();
            Assert.Empty(document.Problems.List);
        }
    }

    [Fact]
    public void Every_profile_has_its_row_of_commands_and_of_usage() => Assert.All(
        AgentProfiles.All, profile => Assert.Equal(2, Page.Split('\n').Count(line => line.StartsWith($"| {profile.Name} |", StringComparison.Ordinal))));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tars.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex("```yaml\n(?<text>[^`]*)```", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();
}
