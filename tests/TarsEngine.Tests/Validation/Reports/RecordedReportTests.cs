using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation;
using TarsEngine.Validation.Reports;

namespace TarsEngine.Tests.Validation.Reports;

/// <summary>Reports as the real runners wrote them, each with a pass, failures of several kinds and a file that can't be loaded.</summary>
public sealed class RecordedReportTests
{
    internal static TestReport Read(ReportFormat format, byte[] bytes)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("report" + ResultsFolder.Extension(format)), bytes);
        return ResultsFolder.Read(new FileSystem(), folder.Path, format, "/codebase");
    }

    internal static byte[] Recorded(string name)
    {
        using var stream = typeof(RecordedReportTests).Assembly.GetManifestResourceStream("recorded/" + name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string[] Failures(TestReport report) => [.. report.Tests.Values.Where(t => t.Outcome == TestOutcome.Failed).Select(t => $"{t.Name} = {t.Kind}").Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("pytest.xml", 2, 8, 2)]
    [InlineData("node.tap", 4, 4, 2)]
    [InlineData("vitest.xml", 1, 4, 1)]
    [InlineData("ctest.xml", 1, 4, 1)]
    [InlineData("jest.json", 1, 6, 2)]
    [InlineData("go.jsonl", 2, 4, 1)]
    [InlineData("cargo.txt", 4, 1, 1)]
    public void Each_has_its_counts_and_no_fault(string name, int passed, int failed, int skipped)
    {
        var report = Read(FormatOf(name), Recorded(name));
        Assert.Empty(report.Faults);
        Assert.Equal(1, report.Files);
        Assert.Equal(new TestFigures(passed + failed + skipped, passed, failed, skipped), report.Figures with { Total = passed + failed + skipped });
    }

    [Fact]
    public void Pytest() => Assert.Equal(
        [
            "tests.test_a.TestC.test_m = Exception", "tests.test_a.TestC.test_td = Exception", "tests.test_a.TestC.test_td2 = Assertion",
            "tests.test_a.U.test_u = Assertion", "tests.test_a.test_bad = Assertion", "tests.test_a.test_p[2-a::b] = Assertion", "tests.test_b = Import",
        ],
        Failures(Read(ReportFormat.JUnit, Recorded("pytest.xml"))));

    [Fact]
    public void Node() => Assert.Equal(
        ["/codebase/b.test.js = Assertion", "A > B > dup = Exception", "top bad = Assertion", "with sub > sub = Assertion"],
        Failures(Read(ReportFormat.Tap, Recorded("node.tap"))));

    [Fact]
    public void Vitest() => Assert.Equal(
        ["a.test.mjs > g > bad = Assertion", "a.test.mjs > g > slow = Timeout", "a.test.mjs > g > thr = Exception", "b.test.mjs = Import"],
        Failures(Read(ReportFormat.JUnit, Recorded("vitest.xml"))));

    [Fact]
    public void Jest()
    {
        var report = Read(ReportFormat.Jest, Recorded("jest.json"));
        Assert.Equal(
            ["a.test.mjs = Compile", "b.test.mjs = Compile", "j/a.test.js > g bad = Assertion", "j/a.test.js > g slow = Timeout", "j/a.test.js > g thr = Exception", "j/b.test.js = Import"],
            Failures(report));
        Assert.Equal("j/a.test.js", report.Tests["j/a.test.js::j/a.test.js > ok"].File);
    }

    [Fact]
    public void Go() => Assert.Equal(
        ["ex.org/a.TestBad = ", "ex.org/a.TestBad/sub_one = Assertion", "ex.org/a/p.TestX = Exception", "ex.org/a/q.(package) = Compile"],
        Failures(Read(ReportFormat.GoTest, Recorded("go.jsonl"))));

    [Fact]
    public void Cargo()
    {
        var report = Read(ReportFormat.Cargo, Recorded("cargo.txt"));
        Assert.Equal(["tests::bad = Assertion"], Failures(report));
        Assert.Contains("left: 3", report.Tests["src/lib.rs::tests::bad"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctest() => Assert.Equal(["bad = Assertion", "crash = ", "miss = Assertion", "slow = "], Failures(Read(ReportFormat.JUnit, Recorded("ctest.xml"))));

    [Theory]
    [InlineData("pytest.xml")]
    [InlineData("node.tap")]
    [InlineData("vitest.xml")]
    [InlineData("ctest.xml")]
    [InlineData("jest.json")]
    [InlineData("go.jsonl")]
    [InlineData("cargo.txt")]
    public void A_report_that_is_cut_anywhere_is_not_whole_or_has_fewer_tests(string name)
    {
        var whole = Recorded(name);
        var figures = Read(FormatOf(name), whole).Figures;
        var last = whole.AsSpan().TrimEnd("\r\n \t"u8).Length;
        for (var length = 0; length < last; length += Math.Max(1, last / 200))
        {
            var cut = Read(FormatOf(name), whole[..length]);
            Assert.True(cut.Faults.Count > 0 || cut.Figures.Executed < figures.Executed || Leftover(name, whole, length), $"cut after {length} of {last} bytes: {cut.Figures}");
        }

        // What stands behind the last sum, plan or event counts for nothing.
        static bool Leftover(string name, byte[] whole, int length) => name switch
        {
            "cargo.txt" => whole.AsSpan(length).IndexOf("\ntest result"u8) < 0,
            "node.tap" => whole.AsSpan(length).IndexOf("\n1.."u8) < 0,
            "go.jsonl" => whole.AsSpan(length).IndexOf("\"Test\":"u8) < 0,
            _ => false,
        };
    }

    private static ReportFormat FormatOf(string name) => (Path.GetExtension(name), name) switch
    {
        (".xml", _) => ReportFormat.JUnit,
        (".tap", _) => ReportFormat.Tap,
        (".json", _) => ReportFormat.Jest,
        (".jsonl", _) => ReportFormat.GoTest,
        _ => ReportFormat.Cargo,
    };
}
