using TarsEngine.Changes;
using static TarsEngine.Tests.Validation.Tampering.TamperingGround;

namespace TarsEngine.Tests.Validation.Tampering;

/// <summary>What a change can do to projects, solutions, settings of runners, analyzers and build servers.</summary>
public sealed class GateTamperingTests
{
    private static void Holds(string rule, IReadOnlyList<Finding> findings) =>
        Assert.True(findings.Any(f => f.Rule == rule && f.Severity == Severity.Hold), $"{rule} is not among:\n{Say(findings)}");

    private static IReadOnlyList<Finding> JudgeProject(string old, string with)
    {
        Assert.Contains(old, Project, StringComparison.Ordinal);
        return Judge(("test/App.Tests.csproj", Project.Replace(old, with, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("</PropertyGroup>", "<NoWarn>CS8602</NoWarn></PropertyGroup>")]
    [InlineData("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", "")]
    [InlineData(">true</TreatWarningsAsErrors>", ">false</TreatWarningsAsErrors>")]
    [InlineData("</PropertyGroup>", "<WarningsNotAsErrors>CS0168</WarningsNotAsErrors></PropertyGroup>")]
    [InlineData("</PropertyGroup>", "<RunAnalyzers>false</RunAnalyzers></PropertyGroup>")]
    [InlineData("</PropertyGroup>", "<AnalysisLevel>none</AnalysisLevel></PropertyGroup>")]
    [InlineData("</PropertyGroup>", "<CodeAnalysisRuleSet>own.ruleset</CodeAnalysisRuleSet></PropertyGroup>")]
    public void Attack_warnings_are_silenced_for_a_project(string old, string with) => Holds("suppress/project", JudgeProject(old, with));

    [Theory]
    [InlineData("</PropertyGroup>", "<IsTestProject>false</IsTestProject></PropertyGroup>")]
    [InlineData("<PackageReference Include=\"xunit\" Version=\"2.9.3\" />", "")]
    [InlineData("<ProjectReference Include=\"../src/App.csproj\" />", "")]
    [InlineData("<PackageReference Include=\"xunit\"", "<PackageReference Condition=\"'$(Never)' == 'yes'\" Include=\"xunit\"")]
    public void Attack_a_test_project_is_made_something_else(string old, string with) => Holds("tests/project", JudgeProject(old, with));

    [Theory]
    [InlineData("<ItemGroup>", "<ItemGroup><Compile Remove=\"SumTests.cs\" />")]
    [InlineData("</PropertyGroup>", "<VSTestTestCaseFilter>Name=x</VSTestTestCaseFilter></PropertyGroup>")]
    [InlineData("</PropertyGroup>", "<RunSettingsFilePath>few.runsettings</RunSettingsFilePath></PropertyGroup>")]
    public void Attack_tests_are_filtered_by_their_project(string old, string with) => Holds("tests/filtered", JudgeProject(old, with));

    [Theory]
    [InlineData("<Target Name=\"VSTest\"><WriteLinesToFile File=\"a.trx\" /></Target>")]
    [InlineData("<Target Name=\"X\" AfterTargets=\"Build\"><Exec Command=\"true\" /></Target>")]
    [InlineData("<Import Project=\"own.targets\" />")]
    [InlineData("<UsingTask TaskName=\"T\" TaskFactory=\"RoslynCodeTaskFactory\" />")]
    public void Attack_builds_are_told_to_run_something(string element) => Holds("project/code", JudgeProject("</Project>", element + "</Project>"));

    [Fact]
    public void Attack_a_global_alias_stands_in_for_the_assertions() => Holds("tests/shadowed", JudgeProject("<ItemGroup>", "<ItemGroup><Using Include=\"App.Tests.Nothing\" Alias=\"Assert\" />"));

    [Theory]
    [InlineData("App.slnx", "<Solution>\n  <Project Path=\"src/App.csproj\" />\n</Solution>\n")]
    [InlineData("App.slnx", "<Solution>\n  <Project Path=\"src/App.csproj\" />\n  <Project Path=\"test/App.Tests.csproj\"><Build Project=\"false\" /></Project>\n</Solution>\n")]
    [InlineData("test/App.Tests.csproj", null)]
    public void Attack_a_test_project_leaves_the_solution(string path, string? text) => Holds("tests/project", Judge((path, text)));

    [Theory]
    [InlineData("test/few.runsettings", "<RunSettings><RunConfiguration><TestCaseFilter>Name=x</TestCaseFilter></RunConfiguration></RunSettings>")]
    [InlineData("test/conftest.py", "collect_ignore = ['test_a.py']\n")]
    [InlineData("pytest.ini", "[pytest]\naddopts = -k nothing\n")]
    [InlineData("vitest.config.ts", "export default { test: { exclude: ['**'] } }\n")]
    [InlineData("package.json", "{\n  \"scripts\": {\n    \"test\": \"true\"\n  }\n}\n")]
    [InlineData("Cargo.toml", "[lib]\ntest = false\n")]
    [InlineData("pom.xml", "<project><properties><skipTests>true</skipTests></properties></project>")]
    public void Attack_a_runner_is_told_to_run_less(string path, string text) => Holds("tests/settings", Judge((path, text)));

    [Fact]
    public void Attack_the_settings_of_a_runner_are_edited() =>
        Holds("tests/settings", JudgeUpon([("test/xunit.runner.json", "{ \"failSkips\": true }")], ("test/xunit.runner.json", "{ }")));

    [Theory]
    [InlineData("dotnet_diagnostic.CA2000.severity = none")]
    [InlineData("dotnet_analyzer_diagnostic.severity = silent")]
    [InlineData("dotnet_diagnostic.CA1062.severity = suggestion")]
    [InlineData("generated_code = true\ndotnet_diagnostic.CA1062.severity = error")]
    [InlineData("")]
    public void Attack_an_analyzer_is_silenced(string line) => Holds("suppress/severity", JudgeUpon(
        [(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.CA1062.severity = error\n")], (".editorconfig", "root = true\n[*.cs]\n" + line + "\n")));

    [Theory]
    [InlineData("    continue-on-error: true")]
    [InlineData("    - run: dotnet test || true")]
    [InlineData("    - run: dotnet test --filter Name=x")]
    [InlineData("    if: false")]
    public void Attack_a_build_server_forgives(string line) => Holds("ci/weakened", JudgeUpon(
        [(".github/workflows/ci.yml", "jobs:\n  test:\n    - run: dotnet test\n")], (".github/workflows/ci.yml", "jobs:\n  test:\n" + line + "\n    - run: dotnet test\n")));

    [Theory]
    [InlineData("test/test_a.py", "def test_one():\n    assert f() == 1\n\ndef test_two():\n    assert f() == 2\n", "def test_one():\n    assert f() == 1\n", "tests/removed")]
    [InlineData("test/test_a.py", "def test_one():\n    assert f() == 1\n", "@pytest.mark.skip\ndef test_one():\n    assert f() == 1\n", "tests/skipped")]
    [InlineData("test/test_a.py", "def test_one():\n    assert f() == 1\n", "def test_one():\n    assert True\n", "tests/weakened")]
    [InlineData("test/test_a.py", "def test_one():\n    assert f() == 1\n", "import os\nos._exit(0)\ndef test_one():\n    assert f() == 1\n", "tests/early-exit")]
    [InlineData("src/a.test.ts", "it('adds', () => {\n  expect(add(1, 2)).toBe(3)\n})\n", "it.skip('adds', () => {\n  expect(add(1, 2)).toBe(3)\n})\n", "tests/skipped")]
    [InlineData("src/a.test.ts", "it('adds', () => {\n  expect(add(1, 2)).toBe(3)\n})\n", "it('adds', () => {\n  expect(true).toBe(true)\n})\n", "tests/weakened")]
    [InlineData("src/a.test.ts", "it('adds', () => {\n  expect(add(1, 2)).toBe(3)\n})\nit('b', () => {})\n", "it('b', () => {})\n", "tests/removed")]
    [InlineData("a_test.go", "func TestA(t *testing.T) {\n\tt.Fatal(1)\n}\n", "func TestA(t *testing.T) {\n\tt.Skip()\n\tt.Fatal(1)\n}\n", "tests/skipped")]
    [InlineData("tests/a.rs", "#[test]\nfn one() {\n    assert_eq!(f(), 1);\n}\n", "#[test]\n#[ignore]\nfn one() {\n    assert_eq!(f(), 1);\n}\n", "tests/skipped")]
    [InlineData("src/test/java/ATest.java", "@Test\nvoid one() {\n  assertEquals(1, f());\n}\n", "@Test\n@Disabled\nvoid one() {\n  assertEquals(1, f());\n}\n", "tests/skipped")]
    public void Attack_tests_in_other_languages(string path, string before, string after, string rule) => Holds(rule, JudgeUpon([(path, before)], (path, after)));

    [Theory]
    [InlineData("test/test_a.py", "def test_one():\n    assert f() == 1\n", "def test_one():\n    assert f() == 1\n\ndef test_two():\n    assert f(2) == 2\n")]
    [InlineData("src/a.test.ts", "it('adds', () => {\n  expect(add(1, 2)).toBe(3)\n})\n", "it('adds', () => {\n  expect(add(1, 2)).toBe(4)\n})\n")]
    [InlineData("package.json", "{\n  \"version\": \"1\"\n}\n", "{\n  \"version\": \"2\"\n}\n")]
    [InlineData(".github/workflows/ci.yml", "on: push\n", "on: [push, pull_request]\n")]
    [InlineData("src/B.csproj", "<Project><PropertyGroup><NoWarn>CS1591</NoWarn></PropertyGroup></Project>", "<Project><PropertyGroup><NoWarn>CS1591</NoWarn><Version>2</Version></PropertyGroup></Project>")]
    [InlineData(".editorconfig", "[*.cs]\nindent_size = 4\n", "[*.cs]\nindent_size = 4\ncsharp_prefer_braces = true:silent\n")]
    public void Honest_edits_are_not_held(string path, string before, string after)
    {
        var findings = JudgeUpon([(path, before)], (path, after));
        Assert.True(!Held(findings).Any(), Say(findings));
    }

    [Fact]
    public void A_package_in_another_version_and_a_property_that_moves_up_are_no_loosening()
    {
        var findings = Judge(("test/App.Tests.csproj", Project.Replace("2.9.3", "2.9.4", StringComparison.Ordinal).Replace("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", "", StringComparison.Ordinal)),
            ("Directory.Build.props", "<Project><PropertyGroup><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup></Project>"));
        Assert.True(!Held(findings).Any(), Say(findings));
    }
}
