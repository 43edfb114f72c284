using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TarsAutonomy.Reports;
using TarsAutonomy.Sessions;
using TarsEngine.Review;

namespace TarsAutonomy.Tests.Reports;

/// <summary>Everything in a report that others wrote tries to act on its reader.</summary>
public sealed partial class HostileTextTests
{
    private const string Evil = "</code></pre></details>\n<script>alert(1)</script><img src=x onerror=alert(2)>\" onload='x' @everyone fixes #12 https://evil.example [x](javascript:1) `` ` ``` | ~~~ &lt; \u001b[31m\u202eabc ![](http://evil.example/p.png)";

    private static readonly MorningReport Report = Make(Evil);

    [Fact]
    public void Attack_no_text_becomes_an_element_or_an_attribute_of_the_page()
    {
        var page = HtmlMorning.Write(Report);
        var harmless = HtmlMorning.Write(Make("harmless"));
        Assert.Equal(Tags(harmless), Tags(page));
        Assert.DoesNotContain('\u001b', page);
        Assert.DoesNotContain('\u202e', page);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_loads_nothing_from_elsewhere_and_lets_no_script_run()
    {
        var page = HtmlMorning.Write(Report);
        Assert.Contains("content=\"default-src 'none'; style-src 'unsafe-inline'\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"viewport\" content=\"width=device-width", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<(script|link|iframe|img|object)\b|\b(src|href)\s*=\s*""|url\(|@import", Outside(page));
    }

    [Fact]
    public void The_page_is_well_formed_and_its_diffs_fold()
    {
        var body = HtmlMorning.Write(Report);
        body = body[body.IndexOf("<body>", StringComparison.Ordinal)..].Replace("</html>", "", StringComparison.Ordinal).Replace("<br>", "<br/>", StringComparison.Ordinal);
        var root = XElement.Parse(body, LoadOptions.PreserveWhitespace);
        Assert.Equal(2, root.Elements("details").Count());
        Assert.Contains(root.Descendants("span"), span => (string?)span.Attribute("class") == "add" && span.Value.StartsWith("+<script>", StringComparison.Ordinal));
        Assert.Contains(root.Descendants("span"), span => (string?)span.Attribute("class") == "del");
        Assert.Equal(Report.Trend.Nights.Count, root.Descendants("rect").Count());
    }

    [Fact]
    public void Attack_no_text_leaves_its_code_span_in_markdown()
    {
        foreach (var text in (string[])[MarkdownMorning.Write(Report), PullRequestBody.Of(Report).Body])
        {
            var outside = WithoutCode(text);
            Assert.DoesNotContain("@everyone", outside, StringComparison.Ordinal);
            Assert.DoesNotContain("#12", outside, StringComparison.Ordinal);
            Assert.DoesNotContain("evil.example", outside, StringComparison.Ordinal);
            Assert.DoesNotContain("<", outside, StringComparison.Ordinal);
            Assert.DoesNotContain("javascript", outside, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', text);
            Assert.DoesNotContain('\u202e', text);
        }
    }

    [Theory]
    [InlineData("plain", "` plain `")]
    [InlineData("a`b", "`` a`b ``")]
    [InlineData("```", "```` ``` ````")]
    [InlineData(" \n ", "(nothing)")]
    [InlineData("a\nb\tc", "` a b c `")]
    public void A_code_span_is_longer_than_every_run_of_backticks_in_it(string text, string span) => Assert.Equal(span, MarkdownText.Code(text));

    [Fact]
    public void Attack_a_diff_can_not_close_its_own_block() =>
        Assert.StartsWith("`````diff\n+````\n`````\n", MarkdownText.Block(["+````"], "diff"), StringComparison.Ordinal);

    private static MorningReport Make(string text)
    {
        ExecutionReport Details(TarsEngine.Storage.ContextId id) => Nights.Details(id)! with
        {
            Verdict = text,
            Files = [new(text, text, null, null, null, 1, 0, false)],
            Findings = [new("error", text, text, text, 3, text)],
            Diff = $"+<script>\n-</span>\n{text.ReplaceLineEndings(" ")}\n",
        };

        NightTask Spoil(NightTask task) => task with { TaskId = text, Description = text, Rule = text, Reason = text, Commit = text };
        var night = Nights.Session(3, Spoil(Nights.Task(1, TaskOutcome.Landed)), Spoil(Nights.Task(2, TaskOutcome.Held)), Spoil(Nights.Task(3, TaskOutcome.Skipped)));
        return MorningReport.Of(night with { Branch = text, BaseCommit = text, Agent = text, Ending = text }, [Nights.Session(2, Nights.Task(1, TaskOutcome.Landed))], Details, ReportSettings.Default);
    }

    private static IEnumerable<string> Tags(string page) => Tag().Matches(page).Select(match => match.Value);

    private static string Outside(string page) => string.Concat(Tags(page));

    // As CommonMark reads it: blocks first, then spans.
    private static string WithoutCode(string text)
    {
        var outside = new StringBuilder();
        string? fence = null;
        foreach (var line in text.Split('\n'))
        {
            if (fence is not null) fence = line == fence ? null : fence;
            else if (line.StartsWith("```", StringComparison.Ordinal) && line.EndsWith("`diff", StringComparison.Ordinal)) fence = line[..^4];
            else outside.Append(WithoutSpans(line)).Append('\n');
        }
        return outside.ToString();
    }

    private static string WithoutSpans(string line)
    {
        var outside = new StringBuilder();
        for (var at = 0; at < line.Length;)
        {
            var run = Run(line, at);
            var end = run == 0 ? -1 : Close(line, at + run, run);
            outside.Append(end < 0 ? line[at..(at + Math.Max(1, run))] : "");
            at = end < 0 ? at + Math.Max(1, run) : end;
        }
        return outside.ToString();
    }

    private static int Run(string line, int at) => line.AsSpan(at).IndexOfAnyExcept('`') is var length && length < 0 ? line.Length - at : length;

    private static int Close(string line, int from, int run)
    {
        for (var at = from; at < line.Length; at += Math.Max(1, Run(line, at)))
        {
            if (Run(line, at) == run) return at + run;
        }
        return -1;
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
