using System.Text.RegularExpressions;

namespace TarsCli.Tests;

/// <summary>docs/threat-model.md names a test for each promise: each of them exists.</summary>
public sealed partial class ThreatModelTests
{
    [Fact]
    public void Every_test_that_holds_a_promise_exists()
    {
        // Not all of 'tests': a symlink of a scenario leads out of it.
        string[] projects = ["TarsAutonomy.Tests", "TarsCli.Tests", "TarsEngine.Tests"];
        var sources = projects.SelectMany(project => Directory.EnumerateFiles(Repository.In("tests", project), "*Tests.cs", SearchOption.AllDirectories))
            .ToLookup(Path.GetFileNameWithoutExtension, File.ReadAllText, StringComparer.Ordinal);
        var named = Named().Matches(File.ReadAllText(Repository.In("docs", "threat-model.md"))).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).ToList();

        Assert.True(named.Count >= 20);
        Assert.All(named, test => Assert.Contains(sources[test.Class], text => Regex.IsMatch(text, $@"public (?:async )?(?:Task|void) {test.Method}\(", RegexOptions.None, TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public void Every_promise_of_the_table_names_a_test() =>
        Assert.All(
            File.ReadLines(Repository.In("docs", "threat-model.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2),
            line => Assert.Matches(Named(), line));

    [GeneratedRegex("`(?<class>[A-Za-z]+Tests)\\.(?<method>[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}
