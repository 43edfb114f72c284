using System.Text.Json;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Review;

namespace TarsEngine.Tests.Review;

public sealed class SarifLogTests
{
    // What the 2.1.0 schema allows in the objects that are written; everything else is an error there.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        [""] = ["$schema", "version", "runs"],
        ["runs"] = ["tool", "columnKind", "originalUriBaseIds", "results"],
        ["tool"] = ["driver"],
        ["driver"] = ["name", "version", "rules"],
        ["rules"] = ["id", "shortDescription", "help"],
        ["results"] = ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "properties"],
        ["locations"] = ["physicalLocation"],
        ["physicalLocation"] = ["artifactLocation", "region"],
        ["artifactLocation"] = ["uri", "uriBaseId"],
        ["region"] = ["startLine", "startColumn", "endLine", "endColumn", "snippet"],
        ["message"] = ["text"],
        ["snippet"] = ["text"],
        ["shortDescription"] = ["text"],
        ["help"] = ["text"],
    };

    private static readonly Finding[] Findings =
    [
        new(Severity.Error, "syntax/csharp", "; expected", RepositoryPath.Parse("src/Ünï code/a b#.cs"), 3, "Mend it.", 7, null, 9, "int x"),
        new(Severity.Error, "build/CS0103", "no such name", RepositoryPath.Parse("src/b.cs"), 12, null, 2, 14, 1),
        new(Severity.Hold, "path/protected", "look", RepositoryPath.FromBytes([0x61, 0xFF, 0x25])),
        new(Severity.Warning, "tests/flaky", "half a pair: \ud800", Excerpt: "\udc00"),
        new(Severity.Info, "never/heard-of", "unknown", RepositoryPath.Parse("c.cs"), 0),
        new(Severity.Info, "syntax/csharp", "again", RepositoryPath.Parse("c.cs"), 5, null, 9, 3, 1),
    ];

    [Fact]
    public void A_log_keeps_the_rules_of_the_standard()
    {
        var log = Parse(Findings, "/home/a b/cödebase");
        Check("", log);
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        var run = log.GetProperty("runs")[0];
        Assert.Equal("tarscli", run.GetProperty("tool").GetProperty("driver").GetProperty("name").GetString());
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
        Assert.Equal(rules.Distinct(StringComparer.Ordinal), rules);
        var bases = run.GetProperty("originalUriBaseIds").EnumerateObject().ToDictionary(b => b.Name, b => b.Value.GetProperty("uri").GetString()!, StringComparer.Ordinal);
        Assert.All(bases.Values, uri => Assert.True(Uri.TryCreate(uri, UriKind.Absolute, out _) && System.Text.Ascii.IsValid(uri) && uri.EndsWith('/'), uri));
        Assert.Equal(Findings.Length, run.GetProperty("results").GetArrayLength());
        foreach (var result in run.GetProperty("results").EnumerateArray())
        {
            Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()]);
            Assert.Contains(result.GetProperty("level").GetString(), (string[])["none", "note", "warning", "error"]);
            Assert.NotEqual("", result.GetProperty("message").GetProperty("text").GetString());
            if (!result.TryGetProperty("locations", out var locations)) continue;
            var place = locations[0].GetProperty("physicalLocation");
            var uri = place.GetProperty("artifactLocation").GetProperty("uri").GetString()!;
            Assert.True(Uri.IsWellFormedUriString(uri, UriKind.Relative) && !uri.StartsWith('/') && !uri.Contains("..", StringComparison.Ordinal), uri);
            Assert.Contains(place.GetProperty("artifactLocation").GetProperty("uriBaseId").GetString()!, bases.Keys);
            if (place.TryGetProperty("region", out var region)) CheckRegion(region);
        }
    }

    [Fact]
    public void Paths_are_exact_to_the_byte_and_levels_follow_the_severity()
    {
        var results = Parse(Findings, "/x").GetProperty("runs")[0].GetProperty("results");
        Assert.Equal("src/%C3%9Cn%C3%AF%20code/a%20b%23.cs", Uri(0));
        Assert.Equal("a%FF%25", Uri(2));
        Assert.Equal(["error", "error", "warning", "warning", "note", "note"], results.EnumerateArray().Select(r => r.GetProperty("level").GetString()));
        Assert.Equal("hold", results[2].GetProperty("properties").GetProperty("severity").GetString());
        Assert.Contains("Mend it.", results[0].GetProperty("message").GetProperty("text").GetString(), StringComparison.Ordinal);

        string? Uri(int result) => results[result].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString();
    }

    [Fact]
    public void A_rule_carries_what_the_page_says_of_it()
    {
        Assert.NotEmpty(RuleBook.All);
        Assert.Equal("the compiler's own diagnostic with file and line, a build that failed without one, or how many more there are", RuleBook.Of("build/CS0103")!.Meaning);
        Assert.Equal("tarscli policy check path' shows which", RuleBook.Of("path/denied")!.Remedy.TrimStart('\''));
        Assert.Null(RuleBook.Of("never/heard-of"));
        Assert.All(RuleBook.All, rule => Assert.DoesNotContain("](", rule.Meaning + rule.Remedy, StringComparison.Ordinal));
    }

    private static JsonElement Parse(Finding[] findings, string root) => JsonDocument.Parse(SarifLog.Write(findings, root, "1.2.3")).RootElement;

    private static void CheckRegion(JsonElement region)
    {
        var start = region.GetProperty("startLine").GetInt32();
        var end = region.TryGetProperty("endLine", out var line) ? line.GetInt32() : start;
        var column = region.TryGetProperty("startColumn", out var first) ? first.GetInt32() : 1;
        Assert.True(start >= 1 && end >= start && column >= 1);
        if (region.TryGetProperty("endColumn", out var last)) Assert.True(end > start || last.GetInt32() >= column);
    }

    private static void Check(string name, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Check(name, item);
        }
        else if (element.ValueKind == JsonValueKind.Object && name is not ("partialFingerprints" or "properties" or "originalUriBaseIds"))
        {
            foreach (var property in element.EnumerateObject())
            {
                Assert.Contains(property.Name, Allowed[name]);
                Check(property.Name, property.Value);
            }
        }
    }
}
