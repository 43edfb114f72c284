using System.Globalization;
using System.Xml;
using TarsEngine.Files;

namespace TarsEngine.Validation.Reports;

/// <summary>
/// Reads Visual Studio test results as a stream. The file comes from code that is not trusted: no document type, no entity,
/// bounded texts, depth and counts; whatever breaks off is a fault of the report and never a pass.
/// </summary>
internal sealed class TrxReader
{
    private readonly XmlReader reader;
    private readonly string root;
    private readonly TestReport report;
    private readonly string fileName;
    private readonly List<(string TestId, string Name, TestOutcome Outcome, string? Message)> results = [];
    private readonly Dictionary<string, (string Storage, string Class)> definitions = new(StringComparer.Ordinal);
    private int? declaredTotal;

    private TrxReader(XmlReader reader, TestReport report, string fileName, string root) =>
        (this.reader, this.report, this.fileName, this.root) = (reader, report, fileName, root);

    /// <param name="root">Where the codebase stands for the tests; cut from assembly names.</param>
    public static void Read(Stream stream, TestReport report, string fileName, string root)
    {
        report.CountFile();
        using var xml = ReportText.OpenXml(stream);
        var trx = new TrxReader(xml, report, fileName, root);
        try
        {
            trx.ReadRun();
        }
        catch (XmlException fault)
        {
            report.AddFault($"The report '{fileName}' is broken: {ReportText.Shorten(fault.Message, 300)}");
        }
        trx.AddResults();
    }

    private void ReadRun()
    {
        reader.MoveToContent();
        if (reader.LocalName != "TestRun") throw new XmlException($"its outermost element is '{ReportText.Shorten(reader.LocalName, 100)}', not 'TestRun'.");
        while (reader.Read())
        {
            ReportText.CheckDepth(reader);
            if (reader.NodeType != XmlNodeType.Element) continue;
            switch (reader.LocalName)
            {
                case "UnitTestResult": ReadResult(); break;
                case "UnitTest": ReadDefinition(); break;
                case "Counters": declaredTotal = int.TryParse(reader.GetAttribute("total"), NumberStyles.None, CultureInfo.InvariantCulture, out var total) ? total : null; break;
                case "ResultSummary": ReadSummary(); break;
                case "RunInfo": ReadRunInfo(); break;
            }
        }
    }

    private void ReadResult()
    {
        if (results.Count >= TestReport.MostTests) throw new XmlException($"it holds more than {TestReport.MostTests} tests.");
        var id = ReportText.Shorten(reader.GetAttribute("testId") ?? "", 100);
        var name = ReportText.Shorten(reader.GetAttribute("testName") ?? "", ReportText.MaxName);
        var outcome = OutcomeOf(reader.GetAttribute("outcome"));
        // Only a failure's message is worth reading on for; the elements of the others pass by in the main loop.
        var message = outcome == TestOutcome.Failed && !reader.IsEmptyElement ? ReadMessage() : null;
        results.Add((id, name, outcome, message));
    }

    // Stops behind the message, or at the end of this result.
    private string? ReadMessage()
    {
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            ReportText.CheckDepth(reader);
            if (reader.NodeType != XmlNodeType.Element) continue;
            // Results of a test's own cases lie inside it; they are counted like others.
            if (reader.LocalName == "UnitTestResult") ReadResult();
            else if (reader.LocalName == "Message") return ReportText.ReadText(reader);
        }
        return null;
    }

    private void ReadDefinition()
    {
        var id = ReportText.Shorten(reader.GetAttribute("id") ?? "", 100);
        var storage = ReportText.Shorten(reader.GetAttribute("storage") ?? "", ReportText.MaxName);
        if (storage.StartsWith(root, StringComparison.OrdinalIgnoreCase)) storage = storage[root.Length..].TrimStart('/');
        var depth = reader.Depth;
        var className = "";
        if (!reader.IsEmptyElement)
        {
            while (reader.Read() && reader.Depth > depth)
            {
                if (reader is { NodeType: XmlNodeType.Element, LocalName: "TestMethod" }) className = ReportText.Shorten(reader.GetAttribute("className") ?? "", ReportText.MaxName);
            }
        }
        definitions.TryAdd(id, (storage, className));
    }

    private void ReadSummary()
    {
        var outcome = reader.GetAttribute("outcome");
        if (outcome is "Aborted" or "Timeout" or "Disconnected") report.AddFault($"The test run of '{fileName}' broke off ({outcome}).");
    }

    private void ReadRunInfo()
    {
        if (reader.GetAttribute("outcome") is not ("Error" or "Failed" or "Aborted") || reader.IsEmptyElement) return;
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "Text" }) continue;
            var text = ReportText.ReadText(reader);
            if (!IsEchoOfResult(text)) report.AddFault("The test run says: " + ByteText.Display(ReportText.Shorten(text, 500)));
        }
    }

    // xUnit's adapter tells each failed test here once more: '[xUnit.net 00:00:01.15]     Class.Test [FAIL]'.
    private static bool IsEchoOfResult(string text) =>
        text.StartsWith("[xUnit.net ", StringComparison.Ordinal) && text.TrimEnd() is var line
        && (line.EndsWith(" [FAIL]", StringComparison.Ordinal) || line.EndsWith(" [SKIP]", StringComparison.Ordinal));

    private void AddResults()
    {
        foreach (var (testId, name, outcome, message) in results)
        {
            var (storage, className) = definitions.GetValueOrDefault(testId, ("", ""));
            var full = className.Length == 0 || name.StartsWith(className, StringComparison.Ordinal) ? name : className + "." + name;
            report.Add(new(storage + "::" + full, full, outcome, message) { Kind = outcome == TestOutcome.Failed ? FailureKinds.Of(message) : null });
        }
        if (declaredTotal is { } declared && declared != results.Count && definitions.Count != results.Count)
            report.AddFault($"The report '{fileName}' speaks of {declared} tests and holds {results.Count}.");
        if (results.Count > 0 && declaredTotal is null) report.AddFault($"The report '{fileName}' ends without its summary.");
    }

    private static TestOutcome OutcomeOf(string? outcome) => outcome switch
    {
        "Passed" or "Completed" or "Warning" => TestOutcome.Passed,
        "NotExecuted" or "Inconclusive" or "NotRunnable" or "Pending" => TestOutcome.Skipped,
        // Also what this program doesn't know: never a pass.
        _ => TestOutcome.Failed,
    };
}
