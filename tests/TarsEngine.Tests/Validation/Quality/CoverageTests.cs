using System.Text;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Quality;
using TarsEngine.Validation.Reports;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Tests.Validation.Quality;

public sealed class CoverageTests
{
    private const string Report = """
        <?xml version="1.0" encoding="utf-8"?>
        <coverage line-rate="0.5"><sources><source>/codebase/</source></sources><packages><package name="App"><classes>
          <class name="A" filename="src/A.cs"><methods><method name="F"><lines><line number="2" hits="3" /></lines></method></methods><lines><line number="2" hits="3" /><line number="3" hits="0" /></lines></class>
          <class name="B" filename="/etc/passwd"><lines><line number="1" hits="1" /></lines></class>
          <class name="C" filename="../../x.cs"><lines><line number="1" hits="1" /></lines></class>
        </classes></package></packages></coverage>
        """;

    private static LineCoverage? Read(params (string Path, string Text)[] files)
    {
        using var folder = new TempFolder();
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, path))!);
            File.WriteAllText(Path.Combine(folder.Path, path), text);
        }
        return CoverageReader.Read(new FileSystem(), folder.Path, "/codebase");
    }

    [Fact]
    public void Lines_are_read_by_file_and_what_lies_outside_of_the_codebase_is_not()
    {
        var coverage = Read(("guid/coverage.cobertura.xml", Report))!;
        var path = RepositoryPath.Parse("src/A.cs");
        Assert.Equal([null, true, false, null], Enumerable.Range(1, 4).Select(line => coverage.Reached(path, line)));
        Assert.Null(coverage.Reached(RepositoryPath.Parse("etc/passwd"), 1));
        Assert.Null(Read(("other.xml", Report)));
    }

    [Theory]
    [InlineData("<coverage><sources><source>/codebase</source></sources><class filename=\"src/A.cs\"><line number=\"2\" hits=\"1\"/>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><coverage/>")]
    [InlineData("no XML")]
    public void Attack_a_broken_report_does_no_harm(string text) => Read(("coverage.cobertura.xml", text));

    [Fact]
    public void Changed_lines_that_no_test_ran_are_named()
    {
        var contents = new Dictionary<ContentHash, byte[]>();
        var change = new FileChange(RepositoryPath.Parse("src/A.cs"), State("class A\n{\n}\n"), State("class A\nint B;\nint C;\n// d\n"));
        var run = new CheckRun([new CheckResult("t", CheckKind.Test, true, CheckStatus.Passed, "", null, [], null, []) { Coverage = Read(("coverage.cobertura.xml", Report)) }], TimeSpan.Zero);
        var tests = TestCode.In((_, state) => contents[state.Hash], TreeSnapshot.Empty);
        var finding = Assert.Single(ChangedCoverage.Find(new ChangeSet([change]), run, tests, (_, state) => contents[state.Hash]));
        Assert.Equal((Severity.Info, 3, "Tests ran 1 of the 2 changed lines of code. Not: src/A.cs:3."), (finding.Severity, finding.Line, finding.Message));
        Assert.Empty(ChangedCoverage.Find(new ChangeSet([change]), new CheckRun([], TimeSpan.Zero), tests, (_, state) => contents[state.Hash]));

        FileState State(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            contents[ContentHash.Of(bytes)] = bytes;
            return new(EntryKind.File, 0b110_100_100, ContentHash.Of(bytes), bytes.Length);
        }
    }
}
