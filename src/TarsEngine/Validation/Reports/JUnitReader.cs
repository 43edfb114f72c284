using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace TarsEngine.Validation.Reports;

/// <summary>
/// Reads JUnit's form of results, which pytest, vitest, ctest, Maven and many others write, as a stream. There is no one schema:
/// what is a test case, what failed, what was skipped and how many there should be is what all of them agree about.
/// </summary>
internal sealed partial class JUnitReader
{
    private readonly XmlReader reader;
    private readonly TestReport report;
    private readonly string fileName;
    private readonly Stack<(string Name, int? Declared, int Before)> suites = [];
    private int cases;

    private JUnitReader(XmlReader reader, TestReport report, string fileName) => (this.reader, this.report, this.fileName) = (reader, report, fileName);

    public static void Read(Stream stream, TestReport report, string fileName)
    {
        report.CountFile();
        using var xml = ReportText.OpenXml(stream);
        try
        {
            new JUnitReader(xml, report, fileName).Read();
        }
        catch (XmlException fault)
        {
            report.AddFault($"The report '{fileName}' is broken: {ReportText.Shorten(fault.Message, 300)}");
        }
    }

    private void Read()
    {
        reader.MoveToContent();
        if (reader.LocalName is not ("testsuites" or "testsuite")) throw new XmlException($"its outermost element is '{ReportText.Shorten(reader.LocalName, 100)}', not 'testsuites'.");
        do
        {
            ReportText.CheckDepth(reader);
            switch (reader.NodeType, reader.LocalName)
            {
                case (XmlNodeType.Element, "testsuites" or "testsuite"): Open(); break;
                case (XmlNodeType.EndElement, "testsuites" or "testsuite"): Close(); break;
                case (XmlNodeType.Element, "testcase"): ReadCase(); break;
                // A suite's own failure: what it sets up went wrong, and none of its cases tells.
                case (XmlNodeType.Element, "failure" or "error"): Add("", suites.Count > 0 ? suites.Peek().Name : "", null, TestOutcome.Failed, Problem()); break;
            }
        }
        while (reader.Read());
    }

    private void Open()
    {
        int? declared = int.TryParse(reader.GetAttribute("tests"), NumberStyles.None, CultureInfo.InvariantCulture, out var tests) ? tests : null;
        suites.Push((ReportText.Shorten(reader.GetAttribute("name") ?? "", ReportText.MaxName), declared, cases));
        if (reader.IsEmptyElement) Close();
    }

    private void Close()
    {
        var (name, declared, before) = suites.Pop();
        if (declared > cases - before) report.AddFault($"The report '{fileName}' speaks of {declared} tests{(name.Length > 0 ? $" in '{ReportText.Shorten(name, 100)}'" : "")} and holds {cases - before}.");
    }

    private void ReadCase()
    {
        if (++cases > TestReport.MostTests) throw new XmlException($"it holds more than {TestReport.MostTests} tests.");
        var (className, name) = (Attribute("classname"), Attribute("name"));
        var file = Attribute("file");
        var (outcome, problem, log) = (OutcomeOf(reader.GetAttribute("status")), (string?)null, "");
        if (!reader.IsEmptyElement)
        {
            var depth = reader.Depth;
            var isExpected = false;
            while (reader.Read() && reader.Depth > depth)
            {
                ReportText.CheckDepth(reader);
                if (reader.NodeType != XmlNodeType.Element) continue;
                switch (reader.LocalName)
                {
                    case "failure" or "error":
                        problem ??= Problem();
                        if (!isExpected) outcome = TestOutcome.Failed;
                        break;
                    case "skipped":
                        isExpected = reader.GetAttribute("type") is "todo" or "pytest.xfail";
                        // ctest tells so of a program that isn't there.
                        if (outcome == TestOutcome.Failed && (reader.GetAttribute("message") ?? "").StartsWith("Unable to find", StringComparison.Ordinal)) problem ??= reader.GetAttribute("message");
                        else if (outcome != TestOutcome.Failed || problem is null || isExpected) outcome = TestOutcome.Skipped;
                        break;
                    case "system-out" or "system-err" when outcome == TestOutcome.Failed && log.Length == 0:
                        log = ReportText.ReadText(reader, end: true);
                        break;
                }
            }
        }
        Add(className, name, file, outcome, string.IsNullOrEmpty(problem) ? Telling(log) : problem);
    }

    private void Add(string className, string name, string? file, TestOutcome outcome, string? message)
    {
        var full = className.Length == 0 || name.StartsWith(className, StringComparison.Ordinal) ? name
            : className + (className.Contains('/', StringComparison.Ordinal) || className.Contains(".test.", StringComparison.Ordinal) ? " > " : ".") + name;
        if (full.Length == 0) full = "(a test without a name)";
        var failed = outcome == TestOutcome.Failed;
        report.Add(new(file + "::" + full, full, outcome, failed ? message : null) { Kind = failed ? FailureKinds.Of(message) : null, File = string.IsNullOrEmpty(file) ? null : file });
    }

    // Type, message and text overlap from tool to tool: the text alone where it says the rest already.
    private string Problem()
    {
        var (type, message) = (Attribute("type"), ReportText.Shorten(reader.GetAttribute("message") ?? "", ReportText.MaxMessage));
        var text = ReportText.ReadText(reader);
        var head = message.Length == 0 || text.Contains(message, StringComparison.Ordinal) ? "" : message;
        if (type.Length > 0 && !type.StartsWith("pytest", StringComparison.Ordinal) && !text.Contains(type, StringComparison.Ordinal) && !head.Contains(type, StringComparison.Ordinal)) head = head.Length == 0 ? type : $"{type}: {head}";
        return ReportText.Shorten(string.Join('\n', ((string[])[head, text]).Where(part => part.Length > 0)), ReportText.MaxMessage);
    }

    // A log alone: the lines that tell of a failure, where there are any.
    private static string Telling(string log)
    {
        var lines = log.Split('\n').Where(line => Failure().IsMatch(line)).ToList();
        return lines.Count == 0 ? log : string.Join('\n', lines);
    }

    private string Attribute(string name) => ReportText.Shorten(reader.GetAttribute(name) ?? "", ReportText.MaxName);

    private static TestOutcome OutcomeOf(string? status) => status switch
    {
        "fail" or "failed" or "error" or "notrun" => TestOutcome.Failed,
        "disabled" or "skipped" or "ignored" => TestOutcome.Skipped,
        _ => TestOutcome.Passed,
    };

    [GeneratedRegex(@"\b(?:FAIL|FAILED|FAILURE|[Ff]ail(?:ed|ure)|[Ee]rror|ERROR|[Aa]ssert\w*|[Ee]xception|[Ee]xpected)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Failure();
}
