using System.Text;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Tests.Validation;

public sealed class FormatReportTests
{
    private static IReadOnlyList<FormatRule>? Read(string json) => FormatReport.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static string Document(string file, params string[] changes) =>
        $$"""{"DocumentId": {"Id": "x"}, "FileName": "A.cs", "FilePath": "{{file}}", "FileChanges": [{{string.Join(',', changes)}}]}""";

    private static string Change(string id, string words) => $$"""{"LineNumber": 1, "CharNumber": 2, "DiagnosticId": "{{id}}", "FormatDescription": "{{words}}"}""";

    [Fact]
    public void Places_and_files_are_counted_by_rule_the_most_frequent_first()
    {
        var rules = Read($"[{Document("/codebase/A.cs", Change("CA1507", "warning CA1507: Use nameof"), Change("IDE0005", "warning IDE0005: Using directive is unnecessary."))}, {Document("/codebase/B.cs", Change("IDE0005", "x"))}]");
        Assert.Equal([new("IDE0005", "Using directive is unnecessary.", 2, 2), new("CA1507", "Use nameof", 1, 1)], rules!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("[")]
    public void What_is_no_report_is_null(string json) => Assert.Null(Read(json));

    [Fact]
    public void Attack_an_id_that_could_act_on_a_command_line_is_no_rule()
    {
        string[] ids = ["CA1; rm -rf /", "--include", "$(id)", "CA 1", "", "CA1\\n", "\\ud800"];
        Assert.Empty(Read($"[{Document("/codebase/A.cs", [.. ids.Select(id => Change(id, "words"))])}, 5, null, {{\"FilePath\": 5}}]")!);
        Assert.Null(Read(new string('[', 1000)));
        Assert.DoesNotContain('\u001b', Assert.Single(Read($"[{Document("/a", Change("CA1", "\\u001b[31mred"))}]")!).Meaning);
    }
}
