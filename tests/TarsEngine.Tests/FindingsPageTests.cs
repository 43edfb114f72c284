using System.Text.RegularExpressions;
using TarsEngine.Planning;

namespace TarsEngine.Tests;

/// <summary>docs/findings.md explains every rule that a finding may name, and no other.</summary>
public sealed partial class FindingsPageTests
{
    // Texts of the same form that are no rules: git's own paths, our schemas, types of content, addresses.
    private static readonly string[] OtherWords = ["git", "tars", "refs", "info", "application", "v1", "text"];

    private static readonly HashSet<string> Explained =
    [
        .. File.ReadLines(Repository.In("docs", "findings.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Quoted().Matches(line.Split('|')[1]).Select(m => m.Groups["rule"].Value)),
    ];

    [Fact]
    public void Every_rule_of_the_sources_has_a_row() => Assert.Empty(InSources().Where(rule => !Explained.Contains(rule)).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_has_its_rule_in_the_sources() => Assert.Empty(Explained.Except(InSources(), StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_says_what_the_rule_means_and_how_to_go_on() => Assert.Empty(
        from line in File.ReadLines(Repository.In("docs", "findings.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Split('|')
        where cells.Length != 5 || cells.Any(cell => cell.Trim() is "" && cell.Length > 0)
        select line);

    private static HashSet<string> InSources()
    {
        var sources = Directory.GetFiles(Repository.In("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Select(File.ReadAllText).ToList();
        return
        [
            .. sources.SelectMany(text => Whole().Matches(text)).Select(m => m.Groups["rule"].Value).Where(rule => !OtherWords.Contains(rule.Split('/')[0])),
            .. sources.SelectMany(text => Families().Matches(text)).Select(m => m.Groups["area"].Value).Where(area => area is not ("plan" or "command" or "syntax") && !OtherWords.Contains(area)).Select(area => area + "/*"),
            .. Enum.GetValues<PlanProblemKind>().Select(kind => new PlanProblem(kind, "", "").ToFinding().Rule),
            .. sources.SelectMany(text => Languages().Matches(text)).Select(m => "syntax/" + m.Groups["name"].Value),
            .. TarsEngine.Validation.Syntax.Toolchain.LanguageChecker.All.Select(checker => "syntax/" + checker.Language),
            .. sources.SelectMany(text => Kinds().Matches(text)).Select(m => "command/" + m.Groups["name"].Value),
        ];
    }

    [GeneratedRegex(@"`(?<rule>[a-z]+/[a-z0-9*-]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"""(?<rule>[a-z]+/[a-z0-9-]+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    // What a tool says behind the area: "build/" + code, $"build/{code}".
    [GeneratedRegex(@"(""(?<area>[a-z]+)/"" \+|\$""(?<area>[a-z]+)/\{|, ""(?<area>baseline|build)/"",)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Families();

    [GeneratedRegex(@"string Language => ""(?<name>[a-z-]+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Languages();

    [GeneratedRegex(@"override string Kind => ""(?<name>[a-z-]+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Kinds();
}
