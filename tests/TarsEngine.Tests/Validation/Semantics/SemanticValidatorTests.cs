using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation.Semantics;

/// <summary>The compiler in the sandbox refuses what a build would refuse, before it.</summary>
public sealed class SemanticValidatorTests(ValidationFixture fixture) : IClassFixture<ValidationFixture>
{
    private static bool IsBuilt(IEnumerable<ExecutionEvent> events) => events.Any(e => e is StageStarted { Stage: "checks" });

    private static string Said(IEnumerable<ExecutionEvent> events) => string.Join('\n', events.OfType<LogWritten>().Select(e => e.Text));

    private Task<(Verdict Verdict, IReadOnlyList<ExecutionEvent> Events)> CompileAsync(TreeSnapshot tree, params FileChange[] changes) =>
        fixture.ValidateAsync(ValidationDepth.Semantics, tree, TarsConfiguration.Default, [], changes);

    [Fact]
    public async Task An_error_refuses_with_its_place_and_without_a_build()
    {
        var (verdict, events) = await fixture.ValidateAsync(fixture.Replace("src/Greeting.cs", "+ name +", "+ nme +"));
        var finding = Assert.Single(verdict.Findings, f => f.Severity == Severity.Error);
        Assert.Equal(("semantic/CS0103", RepositoryPath.Parse("src/Greeting.cs"), 4, 58), (finding.Rule, finding.Path!.Value, finding.Line!.Value, finding.Column!.Value));
        Assert.False(IsBuilt(events));
    }

    [Fact]
    public async Task An_error_in_a_project_that_depends_on_the_changed_one_refuses()
    {
        var (verdict, events) = await CompileAsync(fixture.Base, fixture.Replace("src/Greeting.cs", "string For(", "string Of("));
        Assert.All(verdict.Findings.Where(f => f.Severity == Severity.Error), f => Assert.Equal(("semantic/CS0117", "test/GreetingTests.cs"), (f.Rule, f.Path?.Value)));
        Assert.Equal(VerdictOutcome.Fail, verdict.Outcome);
        Assert.False(IsBuilt(events));
    }

    [Fact]
    public async Task Added_and_removed_files_count()
    {
        var (verdict, _) = await CompileAsync(fixture.Base, fixture.Change("src/Second.cs", "namespace Greeter; public static class Greeting;\n"));
        Assert.Contains(verdict.Findings, f => f.Rule == "semantic/CS0101");
        (verdict, _) = await CompileAsync(fixture.Base, fixture.Change("src/Greeting.cs", null));
        Assert.Contains(verdict.Findings, f => f is { Rule: "semantic/CS0400" or "semantic/CS0103" or "semantic/CS0246", Path.Value: "test/GreetingTests.cs" });
    }

    [Fact]
    public async Task A_good_edit_passes_without_a_build_and_so_does_the_next_one_on_top_of_it()
    {
        var first = fixture.Replace("src/Greeting.cs", "\"!\"", "\"?\"");
        var (verdict, events) = await CompileAsync(fixture.Base, first);
        Assert.Equal(VerdictOutcome.Pass, verdict.Outcome);
        Assert.False(verdict.Proven);

        // Committed by hand: nobody built it.
        var moved = new ChangeSet([first]).ApplyTo(fixture.Base);
        (verdict, events) = await CompileAsync(moved, fixture.Change("src/Other.cs", "namespace Greeter; public static class Other { public static string It => Greeting.For(\"\"); }\n", moved));
        Assert.Equal(VerdictOutcome.Pass, verdict.Outcome);
        Assert.False(IsBuilt(events), Said(events));
        (verdict, _) = await CompileAsync(moved, fixture.Change("src/Other.cs", "namespace Greeter; public static class Other { public static int It => Greeting.For(\"\"); }\n", moved));
        Assert.Contains(verdict.Findings, f => f is { Rule: "semantic/CS0029", Path.Value: "src/Other.cs" });
    }

    [Fact]
    public async Task What_shapes_the_build_is_built()
    {
        var (verdict, events) = await CompileAsync(fixture.Base, fixture.Replace("src/Greeter.csproj", "<TargetFramework>", "<LangVersion>nonsense</LangVersion><TargetFramework>"), fixture.Change("src/New.cs", "class New;\n"));
        Assert.Contains("'src/Greeter.csproj' may shape the build", Said(events), StringComparison.Ordinal);
        Assert.True(IsBuilt(events));
        Assert.Contains(verdict.Findings, f => f.Rule.StartsWith("build/", StringComparison.Ordinal) && f.Severity == Severity.Error);
    }

    [Fact]
    public async Task The_compiler_stays_for_the_next_change_also_where_the_codebase_moved_in_between()
    {
        await CompileAsync(fixture.Base, fixture.Replace("src/Greeting.cs", "\"!\"", "\".\""));
        var running = Assert.Single(fixture.Compilers);
        var landed = fixture.Replace("src/Greeting.cs", "\"!\"", "\"!\" + \"\"");
        var moved = new ChangeSet([landed]).ApplyTo(fixture.Base);
        // Built and kept: a compiler that starts now would stand on it.
        Assert.True((await fixture.ValidateAsync(landed)).Verdict.Proven);
        var (verdict, _) = await CompileAsync(moved, fixture.Change("test/More.cs", "class More { int it = \"\"; }\n", moved));
        Assert.Contains(verdict.Findings, f => f is { Rule: "semantic/CS0029", Path.Value: "test/More.cs" });
        Assert.Equal([running], fixture.Compilers);
    }
}
