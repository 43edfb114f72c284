using System.Text;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Tests.Validation;

public sealed class DotnetDetectionTests
{
    private const string Library = """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""";
    private const string VsTest = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" Version="1" /><PackageReference Include="xunit" Version="2" /></ItemGroup></Project>""";
    private const string Mtp = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="xunit.v3" Version="3" /></ItemGroup></Project>""";

    private readonly Dictionary<RepositoryPath, (FileState State, byte[] Bytes)> files = [];

    private DotnetDetectionTests With(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        files[RepositoryPath.Parse(path)] = (new(EntryKind.File, 0b110_100_100, ContentHash.Of(bytes), bytes.Length), bytes);
        return this;
    }

    private DotnetDetectionTests WithSolution(string path, params string[] projects) => With(path, path.EndsWith('x')
        ? "<Solution>" + string.Concat(projects.Select(p => $"<Project Path=\"{p}\" />")) + "</Solution>"
        : string.Concat(projects.Select(p => $"Project(\"{{FAE}}\") = \"x\", \"{p.Replace('/', '\\')}\", \"{{1}}\"\nEndProject\n")));

    private TreeSnapshot Tree => new(files.Select(f => KeyValuePair.Create(f.Key, f.Value.State)));

    private byte[] Content(RepositoryPath path, FileState state) => files[path].Bytes;

    private DotnetTargets? Find(params string[] chosen) => new DotnetDetection(Tree, Content).Find(chosen.Length == 0 ? null : chosen);

    [Fact]
    public void A_folder_of_text_has_nothing_to_build() => Assert.Null(With("a.txt", "x").Find());

    [Theory]
    [InlineData("App.sln")]
    [InlineData("App.slnx")]
    public void The_only_solution_at_the_root_is_the_target(string solution)
    {
        var found = With("src/A.csproj", Library).With("test/T.csproj", VsTest).WithSolution(solution, "src/A.csproj", "test/T.csproj").Find()!;
        Assert.Equal([solution], found.Targets);
        Assert.Equal([solution], found.TestTargets);
        Assert.Empty(found.Findings);
    }

    [Fact]
    public void Of_several_solutions_those_with_tests_count_and_the_newer_form_of_one()
    {
        With("src/A.csproj", Library).With("test/T.csproj", VsTest).With("web/W.csproj", Library)
            .WithSolution("Web.sln", "web/W.csproj").WithSolution("App.sln", "src/A.csproj", "test/T.csproj");
        Assert.Equal(["App.sln"], Find()!.Targets);
        WithSolution("App.slnx", "src/A.csproj", "test/T.csproj");
        Assert.Equal(["App.slnx"], Find()!.Targets);
    }

    [Fact]
    public void A_solution_that_leaves_the_tests_out_does_not_hide_them() =>
        Assert.Equal(["test/T.csproj"], With("src/A.csproj", Library).With("test/T.csproj", VsTest).WithSolution("App.sln", "src/A.csproj").Find()!.Targets);

    [Fact]
    public void Without_a_solution_every_test_project_is_a_target()
    {
        With("src/A.csproj", Library).With("b/T2.fsproj", VsTest).With("a/T1.csproj", VsTest);
        Assert.Equal(["a/T1.csproj", "b/T2.fsproj"], Find()!.Targets);
    }

    [Fact]
    public void Packages_that_shared_files_reference_make_a_test_project_too()
    {
        With("test/Directory.Build.props", VsTest).With("test/T/T.csproj", Library).With("src/A.csproj", Library);
        Assert.Equal(["test/T/T.csproj"], Find()!.Targets);
    }

    [Fact]
    public void Tests_that_only_the_testing_platform_runs_are_programs_of_their_own()
    {
        With("test/T.csproj", Mtp).With("other/U.csproj", VsTest).WithSolution("App.slnx", "test/T.csproj", "other/U.csproj");
        var found = Find()!;
        Assert.Equal(["App.slnx"], found.Targets);
        Assert.Equal(["other/U.csproj"], found.TestTargets);
        Assert.Equal(("test/T.csproj", PlatformReport.Xunit), (found.Programs[0].Path.Value, found.Programs[0].Platform));
        Assert.Empty(found.Findings);
    }

    [Fact]
    public void A_switch_to_the_testing_platform_holds_what_only_vstest_can_run()
    {
        With("test/T.csproj", VsTest).With("both/B.csproj", VsTest.Replace("Include=\"xunit\"", "Include=\"xunit.v3\"", StringComparison.Ordinal)).With("global.json", """{"test": {"runner": "Microsoft.Testing.Platform"}}""");
        var found = Find()!;
        Assert.Empty(found.TestTargets);
        Assert.Equal(["both/B.csproj"], found.Programs.Select(p => p.Path.Value));
        Assert.Equal(("tests/unsupported-runner", "test/T.csproj"), (Assert.Single(found.Findings).Rule, found.Findings[0].Path?.Value));
    }

    [Theory]
    [InlineData("""<Project Sdk="MSTest.Sdk/4.0.0" />""", "--report-trx")]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="TUnit" /></ItemGroup></Project>""", "--report-trx")]
    [InlineData("""<Project><PropertyGroup><TestingPlatformDotnetTestSupport>true</TestingPlatformDotnetTestSupport><EnableNUnitRunner>true</EnableNUnitRunner></PropertyGroup></Project>""", "--report-trx")]
    [InlineData("""<Project><PropertyGroup><UseMicrosoftTestingPlatformRunner>true</UseMicrosoftTestingPlatformRunner></PropertyGroup><ItemGroup><PackageReference Include="xunit.v3.mtp-v2" /></ItemGroup></Project>""", "--report-xunit-trx")]
    [InlineData(Mtp, "-trx")]
    public void Each_framework_on_the_testing_platform_is_asked_for_its_report_in_its_own_way(string project, string option)
    {
        With("test/T.csproj", project);
        var check = CheckPlanner.Plan(TarsConfiguration.Default, Tree, Content).Checks[^1];
        Assert.Equal(["dotnet", "run", "--project", "./test/T.csproj", "--no-build"], check.Arguments.Take(5));
        Assert.Contains(option, check.Arguments);
    }

    [Fact]
    public void A_program_for_several_frameworks_is_run_for_each_or_for_the_one_that_the_user_names()
    {
        With("test/T.csproj", Mtp.Replace("<ItemGroup>", "<PropertyGroup><TargetFrameworks>net9.0;net10.0</TargetFrameworks></PropertyGroup><ItemGroup>", StringComparison.Ordinal));
        Assert.Equal(["test test/T.csproj (net9.0)", "test test/T.csproj (net10.0)"], CheckPlanner.Plan(TarsConfiguration.Default, Tree, Content).Checks.Skip(1).Select(c => c.Name));
        var one = ConfigurationLoader.Load("dotnet: {framework: net10.0}", null).Configuration;
        Assert.Equal(["test test/T.csproj"], CheckPlanner.Plan(one, Tree, Content).Checks.Skip(1).Select(c => c.Name));
    }

    [Fact]
    public void Projects_that_the_user_names_win_and_a_missing_one_is_said()
    {
        With("test/T.csproj", VsTest).With("test/U.csproj", Mtp).WithSolution("App.sln", "test/T.csproj", "test/U.csproj");
        var found = Find("test/T.csproj")!;
        Assert.Equal(["test/T.csproj"], found.Targets);
        Assert.Empty(found.Findings);
        Assert.Equal("checks/missing-target", Assert.Single(Find("nope.csproj")!.Findings).Rule);
    }

    [Fact]
    public void Settings_shape_every_command_and_nothing_in_them_becomes_an_option_of_its_own()
    {
        With("test/T.csproj", VsTest);
        var policy = ConfigurationLoader.Load("dotnet: {framework: net10.0, roll-forward: Major, configuration: Release, properties: {A: 'x;B=1'}}", null).Configuration;
        var plan = CheckPlanner.Plan(policy, Tree, Content);
        Assert.Equal([CheckKind.Build, CheckKind.Test], plan.Checks.Select(c => c.Kind));
        Assert.All(plan.Checks, check =>
        {
            Assert.Equal(["-c", "Release", "-p:TargetFramework=net10.0", "-p:TargetFrameworks=net10.0", "-p:A=x%3BB=1"], check.Arguments.TakeLast(5));
            Assert.Equal("Major", check.Environment["DOTNET_ROLL_FORWARD"]);
            Assert.Equal("./test/T.csproj", check.Arguments[2]);
        });
        Assert.NotEqual(plan.Hash(""), CheckPlanner.Plan(TarsConfiguration.Default, Tree, Content).Hash(""));
        Assert.NotEqual(plan.Hash("sdk 1"), plan.Hash("sdk 2"));
    }

    [Fact]
    public void The_codebases_own_checks_come_after_and_cannot_prove_by_exit_code_or_outlast_the_limit()
    {
        With("test/T.csproj", VsTest);
        var policy = ConfigurationLoader.Load(null, "checks: [{name: lint, run: [lint], timeout: 20h}]").Configuration;
        var last = CheckPlanner.Plan(policy, Tree, Content).Checks[^1];
        Assert.Equal(("lint", false, TimeSpan.FromMinutes(15)), (last.Name, last.Proves, last.Timeout));
    }
}
