using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Tars.Benchmarks.Measuring;
using TarsEngine.Validation.Reports;

namespace Tars.Benchmarks.Cases;

/// <summary>A JUnit report of usual size read as a stream, against the same file loaded as a document.</summary>
internal sealed class JUnitReading : BenchmarkCase
{
    public override string Name => "validation/junit-1000";

    public override string What => "a JUnit report with 1,000 cases, one in a hundred failed";

    public override string? Goal => "under 10 ms";

    public override int Runs => 100;

    public override int WarmUp => 20;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var file = await WriteAsync(bench, 1_000, cancellation);
        return
        [
            Variant.Timed("loaded as a document", async stop =>
            {
                await using var stream = File.OpenRead(file);
                if ((await XDocument.LoadAsync(stream, LoadOptions.None, stop)).Descendants("testcase").Count() != 1_000) throw new InvalidOperationException("Cases are missing.");
            }),
            Variant.Timed("read as a stream", _ => Task.FromResult(Read(file))),
        ];
    }

    /// <summary>As pytest writes them: file, line, time, and a trace for each failure.</summary>
    public static async Task<string> WriteAsync(Bench bench, int cases, CancellationToken cancellation)
    {
        var file = Path.Combine(bench.Codebase, string.Create(CultureInfo.InvariantCulture, $"junit-{cases}.xml"));
        await using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false));
        await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"pytest\" tests=\"{cases}\">"));
        for (var i = 0; i < cases; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var trace = i % 100 == 0 ? "<failure message=\"assert 1 == 2\">" + string.Concat(Enumerable.Repeat("  File tests/test_area.py, line 12, in test\n", 20)) + "</failure>" : "";
            await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"<testcase classname=\"tests.area{i % 50}.TestThings\" name=\"test_case_{i}\" file=\"tests/area{i % 50}.py\" line=\"{i}\" time=\"0.001\">{trace}</testcase>"));
        }
        await writer.WriteAsync("</testsuite></testsuites>");
        return file;
    }

    public static TestReport Read(string file)
    {
        using var stream = File.OpenRead(file);
        var report = new TestReport();
        JUnitReader.Read(stream, report, "junit.xml");
        return report.Faults.Count == 0 ? report : throw new InvalidOperationException(report.Faults[0]);
    }
}
