using System.Text;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Reports;
using TarsEngine.Validation.Runners;

namespace TarsEngine.Tests.Validation.Runners;

public sealed class RunnerDetectionTests
{
    private static CheckPlan Plan(params (string Path, string Text)[] files)
    {
        var contents = files.ToDictionary(file => RepositoryPath.Parse(file.Path), file => Encoding.UTF8.GetBytes(file.Text));
        var tree = new TreeSnapshot(contents.Select(file => KeyValuePair.Create(file.Key, new FileState(EntryKind.File, 0b110_100_100, ContentHash.Of(file.Value), file.Value.Length))));
        return CheckPlanner.Plan(TarsConfiguration.Default, tree, (path, _) => contents[path]);
    }

    private static (string, string) Package(string script, string needs = "") => ("package.json", $$$"""{"scripts":{"test":"{{{script}}}","build":"tsc -p .","unit":"vitest run","lint":"eslint ."},"devDependencies":{ {{{needs}}} }}""");

    private static readonly (string, string) locked = ("package-lock.json", "{}");

    private static string Says(CheckPlan plan) => string.Join(" | ", plan.Checks.Select(check => check.Name));

    public static TheoryData<string, string> Scripts => new()
    {
        { "vitest", "npm ci | vitest" },
        { "vitest run --coverage", "npm ci | vitest" },
        { "npx vitest", "npm ci | vitest" },
        { "cross-env A=1 ./node_modules/.bin/jest -i", "npm ci | jest" },
        { "pnpm lint && npm run build && pnpm run unit", "npm ci | build | vitest" },
        { "mocha test/*.js", "npm ci | mocha" },
        { "node build.js && tsx --test test/*.ts", "npm ci | build | node --test" },
        { "echo \\\"Error: no test specified\\\" && exit 1", "" },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_test_script_tells_its_runner_and_what_is_built_before(string script, string checks) => Assert.Equal(checks, Says(Plan(Package(script), locked)));

    [Fact]
    public void A_script_that_calls_itself_comes_to_an_end() => Plan(("package.json", """{"scripts":{"test":"npm test && npm test"}}"""));

    [Fact]
    public void What_can_not_be_run_or_read_is_named_and_holds()
    {
        Assert.Equal("tests/unsupported-runner", Assert.Single(Plan(Package("ava"), locked).Findings).Rule);
        Assert.Equal("tests/no-packages", Assert.Single(Plan(Package("vitest", "\"vitest\":\"1\""), ("pnpm-lock.yaml", "")).Findings).Rule);
        Assert.Equal("tests/left-out", Assert.Single(Plan(Package("npm run lint && vitest"), locked).Findings).Rule);
    }

    [Fact]
    public void Packages_that_came_in_are_used_as_they_are() => Assert.Equal("vitest", Says(Plan(Package("vitest", "\"vitest\":\"1\""), ("node_modules/vitest/index.js", ""))));

    [Fact]
    public void Python_is_tested_by_what_its_tests_use()
    {
        Assert.Equal("pytest", Says(Plan(("setup.py", ""), ("test_a.py", "def test_a(): pass"))));
        Assert.Equal("unittest", Says(Plan(("setup.py", ""), ("test_a.py", "import unittest"))));
        Assert.Equal("pytest", Says(Plan(("setup.py", ""), ("test_a.py", "import unittest"), ("tests/conftest.py", ""))));
        Assert.Equal("", Says(Plan(("setup.py", ""), ("a.py", ""))));
    }

    [Fact]
    public void Other_toolchains_have_their_build_first()
    {
        Assert.Equal("cargo build | cargo test", Says(Plan(("Cargo.toml", ""))));
        Assert.Equal("go build | go test", Says(Plan(("go.mod", ""), ("a_test.go", ""))));
        Assert.Equal("maven build | maven test", Says(Plan(("pom.xml", ""), ("inner/pom.xml", ""))));
        Assert.Equal("configure | build | ctest", Says(Plan(("CMakeLists.txt", ""), ("test/CMakeLists.txt", "  include( CTest )"))));
        Assert.Equal("configure | build", Says(Plan(("CMakeLists.txt", "# enable_testing()"))));
        Assert.Equal(["cmake", "-S", ".", "-B", "cmake-build"], Plan(("CMakeLists.txt", ""), ("build/keep.txt", "")).Checks[0].Arguments);
    }

    [Fact]
    public void Several_projects_are_all_built_before_the_first_test_and_samples_are_looked_over() => Assert.Equal(
        "npm ci web | cargo build rust | vitest web | cargo test rust",
        Says(Plan(("rust/Cargo.toml", ""), ("web/package.json", """{"scripts":{"test":"vitest"}}"""), ("web/package-lock.json", "{}"), ("web/examples/a/package.json", """{"scripts":{"test":"ava"}}"""), ("samples/go.mod", ""), ("web/sub/package.json", """{"scripts":{"test":"ava"}}"""))));

    [Fact]
    public void Broken_manifests_are_somebody_elses_affair() => Assert.Empty(Plan(("package.json", "{"), ("web/package.json", "[]")).Checks);

    private static string Chosen(TestRunner runner, params FailedTest[] tests) => string.Join(' ', runner.Choose(tests) ?? ["(all)"]);

    private static FailedTest Failed(string name, string? file = null) => new($"x::{name}", name, null, FailureKind.Assertion, file);

    [Fact]
    public void Each_runner_chooses_tests_in_its_own_words()
    {
        Assert.Equal("tests/test_a.py::TestC::test_p[2-a.b] tests/test_b.py", Chosen(new PytestRunner(), Failed("tests.test_a.TestC.test_p[2-a.b]", "tests/test_a.py"), Failed("tests.test_b", "tests/test_b.py")));
        Assert.Equal("(all)", Chosen(new PytestRunner(), Failed("tests.test_a.test_p")));
        Assert.Equal("test_a.U.test_u", Chosen(new UnittestRunner(), Failed("test_a.U.test_u (i=1)")));
        Assert.Equal(@"--test-name-pattern=(?:^| )(?:a\.b|c)$", Chosen(new NodeTestRunner(), Failed("s > a.b"), Failed("c")));
        Assert.Equal("t/a.test.ts -t (?:g bad)$", Chosen(new VitestRunner(), Failed("t/a.test.ts > g > bad")));
        Assert.Equal("(all)", Chosen(new VitestRunner(), Failed("t/a.test.ts")));
        Assert.Equal("-t ^(?:g bad)$ --runTestsByPath t/a.js", Chosen(new JestRunner(), Failed("t/a.js > g bad", "t/a.js")));
        Assert.Equal(@"-R ^(a\-b|c)$", Chosen(new CtestRunner(), Failed("a-b"), Failed("c")));
        Assert.Equal("--exact tests::a b", Chosen(new CargoRunner(), Failed("tests::a"), Failed("b")));
        Assert.Equal("-run ^(TestBad)$", Chosen(new GoRunner(), new FailedTest("p::TestBad/sub", "p.TestBad/sub", null), new FailedTest("p::TestBad", "p.TestBad", null)));
        Assert.Equal("-Dtest=a.B#c,a.D#e -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false", Chosen(new MavenRunner(), Failed("a.B.c[1]"), Failed("a.D.e")));
        Assert.Equal("--filter FullyQualifiedName=N.C.T|FullyQualifiedName=N.C.U", Chosen(new VsTestRunner(), Failed("N.C.T(x: \"a|b\")"), Failed("N.C.T(x: 2)"), Failed("N.C.U")));
    }

    [Fact]
    public void Attack_names_with_control_characters_or_without_end_choose_nothing()
    {
        var check = Plan(("Cargo.toml", "")).Checks[1];
        Assert.NotNull(ChosenTests.Of(check, [Failed("a")]));
        Assert.Null(ChosenTests.Of(check, [Failed("a\0b")]));
        Assert.Null(ChosenTests.Of(check, [.. Enumerable.Range(0, 101).Select(i => Failed($"a{i}"))]));
        Assert.Null(ChosenTests.Of(check, [Failed(new string('a', 40_000))]));
    }
}
