using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TarsEngine.Validation.Reports;

/// <summary>Reads what 'go test -json' prints: an event a line. A test or package that begins and never ends broke off.</summary>
internal sealed partial class GoTestReader(TestReport report)
{
    private const int MaxLine = 64 * 1024;
    private const int MostOpen = 100_000;

    private readonly Dictionary<(string Package, string Test), StringBuilder> open = [];
    private readonly HashSet<string> failedPackages = new(StringComparer.Ordinal);
    private int tests;

    public static void Read(Stream stream, TestReport report, string fileName)
    {
        report.CountFile();
        var go = new GoTestReader(report);
        try
        {
            foreach (var line in BoundedLines.Read(stream, MaxLine)) go.ReadLine(line);
            if (go.open.Count == 0) return;
            report.Unfinished = go.open.Keys.Select(key => key.Test.Length > 0 ? key.Test : key.Package).Last();
            report.AddFault($"The report '{fileName}' breaks off while '{report.Unfinished}' runs.");
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            report.AddFault($"The report '{fileName}' is broken: {ReportText.Shorten(fault.Message, 300)}");
        }
    }

    private void ReadLine(string line)
    {
        // The build's own words stand between the events; older versions tell only there of a package that doesn't build.
        if (NotBuilt().Match(line) is { Success: true } broken && failedPackages.Add(broken.Groups["package"].Value))
            Add(broken.Groups["package"].Value, "(package)", TestOutcome.Failed, "build failed");
        if (!line.StartsWith('{')) return;
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 8 });
        var (package, test, action) = (Text(document, "Package"), Text(document, "Test"), Text(document, "Action"));
        if (package.Length == 0) return;
        switch (action)
        {
            case "run" or "start":
                Begin(package, test);
                break;
            case "output":
                Begin(package, test);
                if (open[(package, test)] is { Length: < ReportText.MaxMessage } said && !IsHeading(document)) said.Append(ReportText.Shorten(Text(document, "Output"), ReportText.MaxMessage));
                break;
            case "pass" or "fail" or "skip":
                End(package, test, action);
                break;
        }
    }

    private void Begin(string package, string test)
    {
        if (open.Count >= MostOpen) throw new FormatException($"more than {MostOpen} tests are open at once.");
        open.TryAdd((package, test), new());
    }

    private void End(string package, string test, string action)
    {
        var said = open.Remove((package, test), out var output) ? output.ToString().Trim() : "";
        if (test.Length > 0)
        {
            if (++tests > TestReport.MostTests) throw new FormatException($"it holds more than {TestReport.MostTests} tests.");
            if (action == "fail") failedPackages.Add(package);
            Add(package, test, action switch { "pass" => TestOutcome.Passed, "fail" => TestOutcome.Failed, _ => TestOutcome.Skipped }, said);
        }
        else if (action == "fail")
        {
            // A package that dies takes its running tests with it; one that doesn't build has none.
            foreach (var (running, words) in open.Where(one => one.Key.Package == package).ToList())
            {
                open.Remove(running);
                if (running.Test.Length == 0) continue;
                failedPackages.Add(package);
                Add(package, running.Test, TestOutcome.Failed, $"{words}\n{said}".Trim(), FailureKind.Crash);
            }
            if (failedPackages.Add(package)) Add(package, "(package)", TestOutcome.Failed, said.Length > 0 ? said : "build failed");
        }
    }

    private void Add(string package, string test, TestOutcome outcome, string said, FailureKind? kind = null)
    {
        var failed = outcome == TestOutcome.Failed;
        report.Add(new($"{package}::{test}", $"{package}.{test}", outcome, failed ? said : null) { Kind = failed ? kind is { } known && !said.Contains("timed out", StringComparison.Ordinal) ? known : FailureKinds.Of(said) : null });
    }

    private static string Text(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? ReportText.Shorten(value.GetString()!, ReportText.MaxMessage) : "";

    private static bool IsHeading(JsonDocument document) => Text(document, "Output").TrimStart() is var line && (line.StartsWith("=== ", StringComparison.Ordinal) || line.StartsWith("--- ", StringComparison.Ordinal));

    [GeneratedRegex(@"^FAIL\t(?<package>\S+) \[(?:build|setup) failed\]$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NotBuilt();
}
