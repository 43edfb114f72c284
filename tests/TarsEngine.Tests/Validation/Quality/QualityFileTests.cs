using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Dotnet;
using TarsEngine.Validation.Quality;
using static TarsEngine.Tests.Validation.Quality.QualityGround;

namespace TarsEngine.Tests.Validation.Quality;

public sealed class QualityFileTests
{
    private const string Style = "root = true\n[*]\ninsert_final_newline = true\ntrim_trailing_whitespace = true\nend_of_line = lf\ncharset = utf-8\n[*.{cs,py}]\nindent_style = space\n[Makefile]\nindent_style = tab\n[docs/**.md]\ntrim_trailing_whitespace = false\n";

    private static IEnumerable<string> Rules(IEnumerable<Finding> findings) => findings.Select(f => f.Rule);

    [Theory]
    [InlineData("a.cs", "class A;", "format/final-newline")]
    [InlineData("a.cs", "class A; \n", "format/trailing-space")]
    [InlineData("a.cs", "class A\n{\n\tint b;\n}\n", "format/indent")]
    [InlineData("Makefile", "all:\n    true\n", "format/indent")]
    [InlineData("a.txt", "a\r\nb\r\n", "format/line-end")]
    [InlineData("a.txt", "\uFEFFa\n", "format/charset")]
    public void Formatting_is_as_the_editorconfig_asks(string path, string text, string rule)
    {
        var finding = Assert.Single(Judge([(".editorconfig", Style)], (path, text)), f => f.Rule.StartsWith("format/", StringComparison.Ordinal));
        Assert.Equal((Severity.Warning, rule), (finding.Severity, finding.Rule));
    }

    [Theory]
    [InlineData("docs/a/b.md", "a  \n")]
    [InlineData("src/a.cs", "class A\n{\n    int b;\n}\n")]
    [InlineData("Makefile", "all:\n\ttrue\n")]
    public void What_keeps_to_it_is_not_told(string path, string text) => Assert.Empty(Judge([(".editorconfig", Style)], (path, text)));

    [Fact]
    public void The_nearest_editorconfig_wins_and_what_was_wrong_before_is_left_in_peace()
    {
        Assert.Empty(Judge([(".editorconfig", Style), ("old/.editorconfig", "root = true\n")], ("old/a.cs", "class A; ")));
        Assert.Empty(Judge([(".editorconfig", Style), ("a.cs", "class A; \n")], ("a.cs", "class A; \nclass B; \n")));
    }

    [Theory]
    [InlineData("a.csproj", "<Project><ItemGroup><PackageReference Include=\"A\" Version=\"1\" /></ItemGroup></Project>", "<Project><ItemGroup><PackageReference Include=\"A\" Version=\"2\" /><PackageReference Include=\"B.C\" Version=\"1\" /></ItemGroup></Project>", "'B.C 1'")]
    [InlineData("package.json", "{\"dependencies\": {\"a\": \"1\"}}", "{\"dependencies\": {\"a\": \"2\", \"left-pad\": \"^1.0.0\"}}", "'left-pad ^1.0.0'")]
    [InlineData("requirements.txt", "a==1\n", "a==2\nflask>=2 # web\n", "'flask >=2'")]
    [InlineData("Cargo.toml", "[dependencies]\na = \"1\"\n", "[dependencies]\na = \"2\"\nserde = { version = \"1.0\" }\n", "'serde 1.0'")]
    [InlineData("go.mod", "require example.org/a v1.0.0\n", "require (\n\texample.org/a v1.1.0\n\texample.org/b v0.1.0\n)\n", "'example.org/b v0.1.0'")]
    public void Added_dependencies_are_told_and_newer_versions_are_not(string path, string before, string after, string named)
    {
        var finding = Assert.Single(Judge([(path, before)], (path, after)), f => f.Rule == "quality/dependency");
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains(named, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_a_dependency_from_outside_of_a_registry_is_held() => Assert.Contains(
        Judge([("package.json", "{\"dependencies\": {\"a\": \"1\"}}")], ("package.json", "{\"dependencies\": {\"a\": \"git+https://evil.example/a.git\"}}")), f => f is { Rule: "quality/dependency", Severity: Severity.Hold });

    [Fact]
    public void A_new_file_without_the_licence_header_that_all_others_have_is_told()
    {
        var others = Enumerable.Range(0, 12).Select(i => ($"src/F{i}.cs", $"// Copyright (c) Somebody\n// Licensed under MIT\nclass F{i};\n")).ToArray();
        Assert.Contains("quality/licence-header", Rules(Judge(others, ("src/New.cs", "class New;\n"))));
        Assert.Empty(Judge(others, ("src/New.cs", "// Copyright (c) Somebody\nclass New;\n")));
        Assert.Empty(Judge([.. others.Select(o => (o.Item1, "class X;\n"))], ("src/New.cs", "class New;\n")));
        Assert.Empty(Judge(others, ("src/F1.cs", "class F1;\n")));
    }

    [Fact]
    public void A_method_that_grows_too_long_is_told_and_one_that_was_is_not()
    {
        static string Code(int lines) => "class A\n{\n    void F()\n    {\n" + string.Concat(Enumerable.Repeat("        G();\n", lines)) + "    }\n}\n";
        Assert.Equal(["quality/long-method"], Rules(Judge([("a.cs", Code(10))], ("a.cs", Code(200)))));
        Assert.Empty(Judge([("a.cs", Code(190))], ("a.cs", Code(200))));
    }

    private static CheckRun Run(params (string Code, string Path, int Line, string Text)[]? warnings) => new(
        [new CheckResult("build", CheckKind.Build, false, CheckStatus.Passed, "", null, [], null, []) { Warnings = warnings is null ? null : [.. warnings.Select(w => new BuildDiagnostic(false, w.Code, w.Text, w.Path, w.Line, null))] }], TimeSpan.Zero);

    [Fact]
    public void Warnings_that_the_base_did_not_have_are_told_wherever_lines_moved()
    {
        var before = Run(("CS0168", "a.cs", 3, "x"), ("CA1822", "b.cs", 9, "y"));
        Assert.Empty(NewWarnings.Find(before, Run(("CS0168", "a.cs", 33, "x"))));
        var found = Assert.Single(NewWarnings.Find(before, Run(("CS0168", "a.cs", 3, "x"), ("CS0168", "a.cs", 7, "x"))));
        Assert.Equal(("quality/new-warning", "a.cs", 7), (found.Rule, found.Path?.Value, found.Line));
        // Where one of the two said more than is kept, nothing is claimed.
        Assert.Empty(NewWarnings.Find(Run(null), Run(("CS0168", "a.cs", 3, "x"))));
    }

    [Fact]
    public void A_build_upon_earlier_outputs_forgets_no_warning_of_what_it_did_not_compile()
    {
        var joined = NewWarnings.Joined(Run(("CA1822", "b.cs", 9, "y")), Run(("CS0168", "a.cs", 3, "x")));
        Assert.Empty(NewWarnings.Find(joined, Run(("CA1822", "b.cs", 10, "y"), ("CS0168", "a.cs", 3, "x"))));
    }
}
