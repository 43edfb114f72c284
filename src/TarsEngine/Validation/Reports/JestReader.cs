using System.Buffers;
using System.Text.Json;

namespace TarsEngine.Validation.Reports;

/// <summary>
/// Reads jest's JSON. It is parsed as a stream of tokens from a buffer that grows with the longest text alone; a text longer than
/// <see cref="MaxText"/> is a fault.
/// </summary>
internal sealed class JestReader(TestReport report, string root)
{
    private const int MaxText = 16 * 1024 * 1024;

    private readonly List<string> names = [];
    private readonly List<Case> cases = [];
    private Case current = new();
    private string file = "", fileMessage = "", fileStatus = "";
    private int depth, total = -1;
    private int testsDepth = -1, caseDepth = -1;

    public static void Read(Stream stream, TestReport report, string fileName, string root)
    {
        report.CountFile();
        var jest = new JestReader(report, root);
        try
        {
            jest.ReadTokens(stream);
            if (jest.total < 0) report.AddFault($"The report '{fileName}' ends without its summary.");
            else if (jest.names.Count > 0 || jest.depth > 0) report.AddFault($"The report '{fileName}' breaks off.");
            else if (jest.total > report.Figures.Total) report.AddFault($"The report '{fileName}' speaks of {jest.total} tests and holds {report.Figures.Total}.");
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            report.AddFault($"The report '{fileName}' is broken: {ReportText.Shorten(fault.Message, 300)}");
        }
    }

    private void ReadTokens(Stream stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var (filled, state, isFinal) = (0, new JsonReaderState(new JsonReaderOptions { MaxDepth = ReportText.MaxDepth }), false);
            while (!isFinal)
            {
                if (filled == buffer.Length) buffer = Grow(buffer);
                var read = stream.Read(buffer, filled, buffer.Length - filled);
                isFinal = read == 0;
                filled += read;
                var reader = new Utf8JsonReader(buffer.AsSpan(0, filled), isFinal, state);
                while (reader.Read()) Take(ref reader);
                state = reader.CurrentState;
                var consumed = (int)reader.BytesConsumed;
                buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
                filled -= consumed;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        if (buffer.Length >= MaxText) throw new FormatException($"a text in it is longer than {MaxText} bytes.");
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // { numTotalTests, testResults: [ { name, status, message, assertionResults: [ { fullName, status, failureMessages: [ … ] } ] } ] }
    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                SetName(depth, reader.ValueTextEquals("testResults") && depth == 1 ? "testResults" : ReportText.Shorten(reader.GetString()!, 100));
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                depth++;
                if (reader.TokenType == JsonTokenType.StartArray && depth == 4 && At(1) == "testResults" && At(3) == "assertionResults") testsDepth = depth;
                if (reader.TokenType == JsonTokenType.StartObject && testsDepth > 0 && depth == testsDepth + 1) (caseDepth, current) = (depth, new());
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                if (depth == caseDepth) EndCase();
                else if (depth == testsDepth) testsDepth = -1;
                else if (depth == 3 && reader.TokenType == JsonTokenType.EndObject && At(1) == "testResults") EndFile();
                depth--;
                if (names.Count > depth + 1) names.RemoveRange(depth + 1, names.Count - depth - 1);
                if (depth == 0) names.Clear();
                break;
            case JsonTokenType.String:
                TakeText(ref reader);
                break;
            case JsonTokenType.Number when depth == 1 && At(1) == "numTotalTests":
                total = reader.TryGetInt32(out var count) ? count : int.MaxValue;
                break;
        }
    }

    private void TakeText(ref Utf8JsonReader reader)
    {
        if (caseDepth > 0 && depth == caseDepth)
        {
            if (At(depth) == "fullName") current.Name = Text(ref reader, ReportText.MaxName);
            else if (At(depth) == "status") current.Status = Text(ref reader, 100);
        }
        else if (caseDepth > 0 && depth == caseDepth + 1 && At(caseDepth) == "failureMessages") current.Message ??= Text(ref reader, ReportText.MaxMessage);
        else if (depth == 3 && At(1) == "testResults")
        {
            if (At(3) == "name") file = Text(ref reader, ReportText.MaxName);
            else if (At(3) == "message") fileMessage = Text(ref reader, ReportText.MaxMessage);
            else if (At(3) == "status") fileStatus = Text(ref reader, 100);
        }
    }

    private void EndCase()
    {
        caseDepth = -1;
        if (cases.Count >= TestReport.MostTests || report.Figures.Total >= TestReport.MostTests) throw new FormatException($"it holds more than {TestReport.MostTests} tests.");
        cases.Add(current);
    }

    private void EndFile()
    {
        var path = file.StartsWith(root + "/", StringComparison.Ordinal) ? file[(root.Length + 1)..] : file;
        foreach (var one in cases)
        {
            var outcome = one.Status switch { "passed" => TestOutcome.Passed, "pending" or "todo" or "skipped" or "disabled" => TestOutcome.Skipped, _ => TestOutcome.Failed };
            Add(path, $"{path} > {one.Name}", outcome, one.Message);
        }
        // A file that can't be loaded has no cases.
        if (fileStatus == "failed" && !cases.Exists(one => one.Status == "failed")) Add(path, path, TestOutcome.Failed, fileMessage);
        cases.Clear();
        (file, fileMessage, fileStatus) = ("", "", "");
    }

    private void Add(string path, string name, TestOutcome outcome, string? message)
    {
        var failed = outcome == TestOutcome.Failed;
        report.Add(new($"{path}::{name}", name, outcome, failed ? message : null) { Kind = failed ? FailureKinds.Of(message) : null, File = path });
    }

    private static string Text(ref Utf8JsonReader reader, int most) => ReportText.Shorten(reader.GetString() ?? "", most);

    private string At(int level) => level < names.Count ? names[level] : "";

    private void SetName(int level, string name)
    {
        while (names.Count <= level) names.Add("");
        names[level] = name;
    }

    private sealed class Case
    {
        public string Name { get; set; } = "";
        public string Status { get; set; } = "";
        public string? Message { get; set; }
    }
}
