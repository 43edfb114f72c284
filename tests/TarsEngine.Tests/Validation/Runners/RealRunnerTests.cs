using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation.Runners;

/// <summary>A small codebase for each runner that is here: its base is green, a good change passes, a bad one is refused with the test's name.</summary>
public sealed class RealRunnerTests(ValidationFixture fixture) : IClassFixture<ValidationFixture>
{
    private static readonly (string, string)[] node =
    [
        ("package.json", """{"name":"a","version":"1.0.0","scripts":{"lint":"eslint .","build":"node build.js","test":"npm run lint && npm run build && node --test"}}"""),
        ("build.js", "require('fs').writeFileSync('built.js', require('fs').readFileSync('add.js'));"),
        ("add.js", "module.exports = (a, b) => a + b;\n"),
        ("add.test.js", "const { describe, it } = require('node:test');\nconst assert = require('assert');\ndescribe('add', () => { it('adds', () => assert.equal(require('./built.js')(1, 2), 3)); it('is there', () => {}); });\n"),
    ];

    private static readonly (string, string)[] pytest =
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = ['tests']\n"),
        ("src/adder/__init__.py", "def add(a, b):\n    return a + b\n"),
        ("tests/test_add.py", "import pytest\nfrom adder import add\n\n\n@pytest.mark.parametrize('a,b', [(1, 2), (2, 1)])\ndef test_adds(a, b):\n    assert add(a, b) == 3\n\n\nclass TestMore:\n    def test_zero(self):\n        assert add(0, 0) == 0\n"),
    ];

    private static readonly (string, string)[] unittest =
    [
        ("setup.py", "from setuptools import setup\nsetup(name='adder')\n"),
        ("adder.py", "def add(a, b):\n    return a + b\n"),
        ("tests/test_add.py", "import unittest\nfrom adder import add\n\n\nclass AddTests(unittest.TestCase):\n    def test_adds(self):\n        self.assertEqual(3, add(1, 2))\n\n    def test_each(self):\n        for a in range(3):\n            with self.subTest(a=a):\n                self.assertEqual(a, add(a, 0))\n"),
    ];

    private static readonly (string, string)[] cmake =
    [
        ("CMakeLists.txt", "cmake_minimum_required(VERSION 3.16)\nproject(adder C)\nenable_testing()\nadd_executable(t add.c test.c)\nadd_test(NAME adds COMMAND t 1)\nadd_test(NAME starts COMMAND t)\n"),
        ("add.h", "int add(int a, int b);\n"),
        ("add.c", "#include \"add.h\"\nint add(int a, int b) { return a + b; }\n"),
        ("test.c", "#include <stdio.h>\n#include \"add.h\"\nint main(int count, char **all)\n{\n    if (count > 1 && add(1, 2) != 3) { printf(\"add(1, 2) is %d\\n\", add(1, 2)); return 1; }\n    return 0;\n}\n"),
    ];

    public static TheoryData<string, string, string> Bad => new()
    {
        { "node", "add.js", "add > adds fails with the change and not without (assertion): " },
        { "pytest", "src/adder/__init__.py", "tests.test_add.test_adds[1-2] fails with the change and not without (assertion): " },
        { "unittest", "adder.py", "test_add.AddTests.test_adds fails with the change and not without (assertion): " },
        { "cmake", "add.c", "adds fails with the change and not without (assertion): add(1, 2) is -1" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_good_change_passes_and_a_bad_one_is_refused_with_the_name_of_the_test(string runner, string path, string words)
    {
        var files = Files(runner);
        var tree = fixture.Tree(files);
        var text = files.Single(file => file.Path == path).Text;

        var (good, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change(path, text.Replace("a + b", "b + a", StringComparison.Ordinal), tree));
        Assert.True(good.Outcome == VerdictOutcome.Pass, Say(good));
        Assert.True(good.Proven && good.Tests is { Passed: > 1, Failed: 0 } && good.Tests == good.Baseline, $"{good.Tests} {good.Baseline}");

        var (bad, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change(path, text.Replace("a + b", "a - b", StringComparison.Ordinal), tree));
        Assert.True(bad.Outcome == VerdictOutcome.Fail, Say(bad));
        Assert.Contains(bad.Findings, f => f is { Severity: Severity.Error, Rule: "tests/failed" } && f.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_that_does_not_compile_in_c_is_refused_with_file_and_line()
    {
        var tree = fixture.Tree(cmake);
        var (verdict, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change("add.c", "#include \"add.h\"\nint add(int a, int b) { return a + c; }\n", tree));
        var error = verdict.Findings.First(f => f.Severity == Severity.Error);
        Assert.Equal(("build/error", "add.c", 2), (error.Rule, error.Path?.Value, error.Line));
    }

    [Theory]
    [InlineData("node", "add.test.js", "require('node:test').it('waits', () => new Promise(go => setTimeout(go, 60000)));\n", "/codebase/add.test.js")]
    [InlineData("pytest", "src/adder/__init__.py", "def add(a, b):\n    while True:\n        pass\n", "tests.test_add.test_adds[1-2]")]
    [InlineData("unittest", "adder.py", "def add(a, b):\n    while True:\n        pass\n", "test_add.AddTests.test_adds")]
    [InlineData("cmake", "add.c", "#include \"add.h\"\nint add(int a, int b) { for (;;) { } }\n", "adds")]
    public async Task A_test_that_runs_longer_than_the_configuration_lets_it_fails_by_name(string runner, string path, string text, string name)
    {
        var (tree, started) = (fixture.Tree(Files(runner)), TimeProvider.System.GetTimestamp());
        var configuration = TarsConfiguration.Default with { Limits = ConfigurationLimits.Default with { TestTimeout = TimeSpan.FromSeconds(2) } };
        var (verdict, _) = await fixture.ValidateAsync(tree, configuration, fixture.Change(path, text, tree));
        Assert.True(verdict.Outcome == VerdictOutcome.Fail, Say(verdict));
        Assert.Contains(verdict.Findings, f => f.Rule == "tests/failed" && f.Message.StartsWith(name + " fails with the change and not without" + (runner == "cmake" ? ": no message" : " (timeout)"), StringComparison.Ordinal));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(5), "It was waited for.");
    }

    [Fact]
    public async Task Tests_that_the_configuration_ignores_count_neither_way()
    {
        var tree = fixture.Tree(unittest);
        var ignoring = TarsConfiguration.Default with { Tests = TestSettings.Default with { Ignore = ["test_adds"] } };
        var (verdict, _) = await fixture.ValidateAsync(tree, ignoring, fixture.Change("adder.py", "def add(a, b):\n    return a + b if b == 0 else 7\n", tree));
        Assert.True(verdict.Outcome == VerdictOutcome.Pass, Say(verdict));
        Assert.Contains(verdict.Findings, f => f is { Rule: "tests/ignored", Severity: Severity.Warning } && f.Message.Contains("test_add.AddTests.test_adds", StringComparison.Ordinal));

        (verdict, _) = await fixture.ValidateAsync(tree, ignoring, fixture.Change("adder.py", "def add(a, b):\n    return 7\n", tree));
        Assert.Contains("test_each", Assert.Single(verdict.Findings, f => f.Rule == "tests/failed").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node", "add.js", "process.exit(0);\n")]
    [InlineData("node", "add.test.js", "process.kill(process.pid, 'SIGKILL');\n")]
    [InlineData("pytest", "src/adder/__init__.py", "import os\nos._exit(0)\n")]
    [InlineData("unittest", "adder.py", "import os\nos._exit(0)\n")]
    [InlineData("unittest", "adder.py", "import sys\nsys.exit(0)\n")]
    [InlineData("cmake", "test.c", "#include <stdlib.h>\nint main(void) { abort(); }\n")]
    public async Task Attack_an_early_end_of_the_tests_is_no_pass(string runner, string path, string text)
    {
        var tree = fixture.Tree(Files(runner));
        var (verdict, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change(path, text, tree));
        Assert.True(verdict.Outcome != VerdictOutcome.Pass, Say(verdict));
    }

    [Fact]
    public async Task Packages_that_are_not_here_are_named_and_hold()
    {
        var tree = fixture.Tree(
            ("package.json", """{"name":"a","version":"1.0.0","scripts":{"test":"vitest run"},"devDependencies":{"vitest":"4.0.0"}}"""),
            ("package-lock.json", """{"name":"a","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"a","version":"1.0.0","devDependencies":{"vitest":"4.0.0"}},"node_modules/vitest":{"version":"4.0.0","resolved":"https://registry.npmjs.org/vitest/-/vitest-4.0.0.tgz","integrity":"sha512-AAAA"}}}"""));
        var (verdict, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change("a.txt", "x", tree));
        Assert.True(verdict.Outcome == VerdictOutcome.Hold, Say(verdict));
        var finding = Assert.Single(verdict.Findings, f => f.Rule == "environment/missing");
        Assert.Contains("tarscli packages fetch", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_no_test_file_can_import_is_named_and_holds()
    {
        var tree = fixture.Tree(("requirements.txt", "surely-not-installed\n"), ("test_a.py", "import surely_not_installed\n\ndef test_a():\n    pass\n"));
        var (verdict, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change("a.txt", "x", tree));
        Assert.True(verdict.Outcome == VerdictOutcome.Hold, Say(verdict));
        Assert.Contains("surely_not_installed", Assert.Single(verdict.Findings, f => f.Rule == "environment/missing").Message, StringComparison.Ordinal);
    }

    private static (string Path, string Text)[] Files(string runner) => runner switch { "node" => node, "pytest" => pytest, "unittest" => unittest, _ => cmake };

    private static string Say(Verdict verdict) => string.Join('\n', verdict.Findings.Select(f => $"{f.Severity} {f.Rule} {f.Path}:{f.Line} {f.Message}"));
}
