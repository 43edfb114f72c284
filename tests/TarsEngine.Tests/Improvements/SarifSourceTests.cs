using System.Text;
using System.Text.Json;
using TarsEngine.Improvements;

namespace TarsEngine.Tests.Improvements;

/// <summary>Fixes of SARIF logs become patches on the codebase as it is, or are left out with the reason.</summary>
public sealed class SarifSourceTests : IDisposable
{
    private readonly GitRepository repository = new();

    public void Dispose() => repository.Dispose();

    private static string Log(object fix, string run = "\"columnKind\": \"utf16CodeUnits\",") => $$"""
        {"version": "2.1.0", "runs": [{ {{run}}
          "tool": {"driver": {"name": "lint", "rules": [{"id": "L1", "messageStrings": {"m": {"text": "Listed words"} } }]} },
          "results": [{"ruleId": "L1", "ruleIndex": 0, "message": {"id": "m"}, "fixes": [{{JsonSerializer.Serialize(fix)}}]}] }]}
        """;

    private static object Fix(string uri, params object[] replacements) => new { artifactChanges = new[] { new { artifactLocation = new { uri }, replacements } } };

    private static object Lines(int startLine, int? startColumn, int? endLine, int? endColumn, string? text) =>
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["deletedRegion"] = new Dictionary<string, int>(new[] { ("startLine", (int?)startLine), ("startColumn", startColumn), ("endLine", endLine), ("endColumn", endColumn) }
                .Where(p => p.Item2 is not null).Select(p => KeyValuePair.Create(p.Item1, p.Item2!.Value)), StringComparer.Ordinal),
            ["insertedContent"] = new { text = text ?? "" },
        };

    private async Task<ProposalResult> ReadAsync(string log) => await ReadAsync(Encoding.UTF8.GetBytes(log));

    private async Task<ProposalResult> ReadAsync(byte[] log)
    {
        using var codebase = await Codebase.OpenAsync(new(repository.Folder, repository.Beside("state"), null, "tester", GitRepository.Environment), TestContext.Current.CancellationToken);
        return await codebase.ReadSarifAsync(new MemoryStream(log), "lint.sarif", TestContext.Current.CancellationToken);
    }

    // Applied by git itself, so that the bytes are what counts.
    private async Task<byte[]> AppliedAsync(string path, byte[] before, string log)
    {
        repository.Write(path, before);
        var proposed = Assert.IsType<Proposed>(await ReadAsync(log));
        var patch = Assert.Single(Assert.Single(proposed.Improvements).Contents.Values);
        await File.WriteAllBytesAsync(repository.Beside("fix.patch"), patch, TestContext.Current.CancellationToken);
        repository.Git("apply", repository.Beside("fix.patch"));
        return await File.ReadAllBytesAsync(repository.At(path), TestContext.Current.CancellationToken);
    }

    private async Task<string> AppliedAsync(string before, string log) => Encoding.UTF8.GetString(await AppliedAsync("a.cs", Encoding.UTF8.GetBytes(before), log));

    private async Task<string> RefusedAsync(object fix, string run = "\"columnKind\": \"utf16CodeUnits\",") =>
        string.Join('\n', Assert.IsType<ProposalRefused>(await ReadAsync(Log(fix, run))).Problems.Select(p => p.Message));

    [Fact]
    public async Task A_fix_is_named_by_its_rule_and_message()
    {
        repository.Write("a.cs", "int x;\n");
        var one = Assert.Single(Assert.IsType<Proposed>(await ReadAsync(Log(Fix("a.cs", Lines(1, 5, 1, 6, "y"))))).Improvements);
        Assert.Equal(("L1: Listed words", "sarif:lint L1", "analysis"), (one.Title, one.Source, one.Category));
    }

    [Theory]
    [InlineData("one two\nthree\n", 1, 5, 1, 8, "2", "one 2\nthree\n")]
    [InlineData("a\r\nbc\r\nd", 2, 1, 2, 3, "x", "a\r\nx\r\nd")]
    [InlineData("a\nb\nc\n", 2, 1, 3, 1, "", "a\nc\n")]
    [InlineData("a\nb\n", 2, null, null, null, "whole line", "a\nwhole line\n")]
    [InlineData("a\n", 2, 1, 2, 1, "at the end\n", "a\nat the end\n")]
    [InlineData("last", 1, 5, 1, 5, "!", "last!")]
    [InlineData("\"💡\" x\n", 1, 6, 1, 7, "y", "\"💡\" y\n")]
    public async Task Lines_and_columns_are_counted_as_the_standard_says(string before, int line, int? column, int? endLine, int? endColumn, string text, string after) =>
        Assert.Equal(after, await AppliedAsync(before, Log(Fix("a.cs", Lines(line, column, endLine, endColumn, text)))));

    [Fact]
    public async Task Code_points_count_once_where_the_log_says_so() =>
        Assert.Equal("\"💡\" y\n", await AppliedAsync("\"💡\" x\n", Log(Fix("a.cs", Lines(1, 5, 1, 6, "y")), "\"columnKind\": \"unicodeCodePoints\",")));

    [Fact]
    public async Task Several_replacements_of_a_file_keep_their_places()
    {
        var fix = Fix("a.cs", Lines(3, 1, 3, 2, "C"), Lines(1, 1, 1, 1, "first "), Lines(1, 1, 1, 1, "second "));
        Assert.Equal("first second a\nb\nC\n", await AppliedAsync("a\nb\nc\n", Log(fix)));
    }

    [Fact]
    public async Task Places_far_into_a_file_are_exact()
    {
        var before = string.Concat(Enumerable.Range(0, 3000).Select(i => $"ä💡 {i}\n"));
        var after = before.Replace(" 2999\n", " end\n", StringComparison.Ordinal).Replace(" 1024\n", " middle\n", StringComparison.Ordinal);
        Assert.Equal(after, await AppliedAsync(before, Log(Fix("a.cs", Lines(3000, 5, 3000, 9, "end"), Lines(1025, 5, 1025, 9, "middle")))));
    }

    [Fact]
    public async Task A_byte_order_mark_counts_for_bytes_alone()
    {
        byte[] marked = [0xEF, 0xBB, 0xBF, .. "ab\n"u8];
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "xb\n"u8], await AppliedAsync("a.cs", marked, Log(Fix("a.cs", Lines(1, 1, 1, 2, "x")))));
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "yb\n"u8], await AppliedAsync("a.cs", marked, Log(Fix("a.cs", new { deletedRegion = new { charOffset = 0, charLength = 1 }, insertedContent = new { text = "y" } }))));
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "zb\n"u8], await AppliedAsync("a.cs", marked, Log(Fix("a.cs", new { deletedRegion = new { byteOffset = 3, byteLength = 1 }, insertedContent = new { binary = "eg==" } }))));
    }

    [Fact]
    public async Task Other_encodings_are_kept()
    {
        byte[] utf16 = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("aä\r\nb\r\n")];
        Assert.Equal([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("aä\r\nß\r\n")], await AppliedAsync("a.cs", utf16, Log(Fix("a.cs", Lines(2, 1, 2, 2, "ß")))));
        Assert.Equal(Encoding.Latin1.GetBytes("aä ß\n"), await AppliedAsync("l.cs", Encoding.Latin1.GetBytes("aä x\n"), Log(Fix("l.cs", Lines(1, 4, 1, 5, "ß")), "\"columnKind\": \"utf16CodeUnits\", \"defaultEncoding\": \"ISO-8859-1\",")));
    }

    [Fact]
    public async Task What_can_not_be_counted_or_written_is_left_out()
    {
        repository.Write("l.cs", Encoding.Latin1.GetBytes("aä x\n"));
        repository.Write("p.cs", "\"💡\" x\n");
        Assert.Contains("encoding isn't known", await RefusedAsync(Fix("l.cs", Lines(1, 1, 1, 2, "y"))), StringComparison.Ordinal);
        Assert.Contains("can't be written", await RefusedAsync(Fix("l.cs", Lines(1, 1, 1, 2, "💡")), "\"columnKind\": \"utf16CodeUnits\", \"defaultEncoding\": \"iso-8859-1\","), StringComparison.Ordinal);
        Assert.Contains("within a character", await RefusedAsync(Fix("p.cs", Lines(1, 3, 1, 4, "y"))), StringComparison.Ordinal);
        Assert.Contains("columnKind", await RefusedAsync(Fix("p.cs", Lines(1, 5, 1, 6, "y")), ""), StringComparison.Ordinal);
        Assert.Contains("different places", await RefusedAsync(Fix("p.cs", new { deletedRegion = new { startLine = 1, startColumn = 1, endColumn = 2, byteOffset = 5, byteLength = 1 } })), StringComparison.Ordinal);
        Assert.Contains("overlap", await RefusedAsync(Fix("p.cs", Lines(1, 5, 1, 7, "y"), Lines(1, 6, 1, 7, "z"))), StringComparison.Ordinal);
        Assert.Contains("outside of the file", await RefusedAsync(Fix("p.cs", Lines(9, 1, 9, 2, "y"))), StringComparison.Ordinal);
        Assert.Contains("outside of the file", await RefusedAsync(Fix("p.cs", new { deletedRegion = new { byteOffset = int.MaxValue, byteLength = int.MaxValue } })), StringComparison.Ordinal);
        Assert.Contains("There is no file", await RefusedAsync(Fix("none.cs", Lines(1, 1, 1, 1, "y"))), StringComparison.Ordinal);
        Assert.Contains("already as this fix", await RefusedAsync(Fix("p.cs", Lines(1, 1, 1, 2, "\""))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.cs")]
    [InlineData("a/../../outside.cs")]
    [InlineData("%2e%2e/outside.cs")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file://host/etc/passwd")]
    [InlineData("https://example.com/a.cs")]
    [InlineData(".git/config")]
    [InlineData(".tars/x")]
    [InlineData("a%00b")]
    [InlineData("a%zz")]
    [InlineData("link/outside.cs")]
    [InlineData("link")]
    public async Task Attack_a_fix_outside_of_the_codebase_is_left_out(string uri)
    {
        File.WriteAllText(repository.Beside("outside.cs"), "x\n");
        File.CreateSymbolicLink(repository.At("link"), Path.GetDirectoryName(repository.Folder)!);
        Assert.NotEqual("", await RefusedAsync(Fix(uri, Lines(1, 1, 1, 2, "y"))));
        Assert.Equal("x\n", File.ReadAllText(repository.Beside("outside.cs")));
    }

    [Fact]
    public async Task Absolute_addresses_bases_and_listed_artifacts_name_files_of_the_codebase()
    {
        repository.Write("sub/ü b.cs", "x\n");
        var lines = Lines(1, 1, 1, 2, "y");
        string[] logs =
        [
            Log(Fix("file://" + Uri.EscapeDataString(repository.Folder).Replace("%2F", "/", StringComparison.Ordinal) + "/sub/%C3%BC%20b.cs", lines)),
            Log(Fix("sub/ü%20b.cs", lines)),
            Log(new { artifactChanges = new[] { new { artifactLocation = new { uri = "%C3%BC%20b.cs", uriBaseId = "SUB" }, replacements = new[] { lines } } } }, "\"originalUriBaseIds\": {\"SUB\": {\"uri\": \"sub/\", \"uriBaseId\": \"ROOT\"}, \"ROOT\": {} },"),
            Log(new { artifactChanges = new[] { new { artifactLocation = new { index = 0 }, replacements = new[] { lines } } } }, "\"artifacts\": [{\"location\": {\"uri\": \"sub/%C3%BC%20b.cs\"} }],"),
        ];
        foreach (var log in logs) Assert.Single(Assert.IsType<Proposed>(await ReadAsync(log)).Improvements);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"version\": \"2.0.0\"}")]
    public async Task What_is_no_log_is_refused(string log) => Assert.IsType<ProposalRefused>(await ReadAsync(log));

    [Theory]
    [InlineData("""{"version": "2.1.0"}""")]
    [InlineData("""{"version": "2.1.0", "runs": 5}""")]
    [InlineData("""{"version": "2.1.0", "runs": [5, null, {"results": [1, {"fixes": "x"}, {"fixes": [null]}]}]}""")]
    public async Task A_log_without_fixes_proposes_nothing(string log) => Assert.IsType<NothingProposed>(await ReadAsync(log));

    [Fact]
    public async Task Attack_nonsense_of_every_type_is_left_out_and_never_thrown()
    {
        repository.Write("a.cs", "x\n");
        string[] values = ["null", "5", "-1", "1e99", "\"x\"", "\"\\ud800\"", "[]", "{}", "true"];
        foreach (var value in values)
        {
            var fix = $$"""{"artifactChanges": [{"artifactLocation": {"uri": "a.cs", "index": {{value}} }, "replacements": [{"deletedRegion": {"startLine": {{value}}, "startColumn": {{value}}, "charOffset": {{value}} }, "insertedContent": {{value}} }, {{value}}]}, {{value}}]}""";
            Assert.IsType<ProposalRefused>(await ReadAsync($$"""{"version": "2.1.0", "runs": [{"columnKind": {{value}}, "newlineSequences": [{{value}}], "artifacts": {{value}}, "originalUriBaseIds": {{value}}, "tool": {{value}}, "results": [{"ruleId": {{value}}, "ruleIndex": {{value}}, "message": {{value}}, "fixes": [{{fix}}]}]}]}"""));
        }
        Assert.IsType<ProposalRefused>(await ReadAsync(new string('[', 100_000)));
    }
}
