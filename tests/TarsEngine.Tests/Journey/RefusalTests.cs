using TarsEngine.Files;
using TarsEngine.Planning;

namespace TarsEngine.Tests.Journey;

/// <summary>What a step already refuses ends as what it is: a conflict, denied by policy, or a plan that can't be.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly JourneyFixture fixture = new();

    [Theory]
    [InlineData("replace: a.txt\n    content: x\n    if-sha256: ")]
    [InlineData("delete: a.txt\n    if-sha256: ")]
    public async Task An_edit_made_for_another_content_is_a_conflict_that_shows_both(string edit)
    {
        var other = new string('f', 64);
        var outcome = await ExecuteAsync($"title: stale\nedits:\n  - {edit}{other}\n");
        var conflict = Assert.Single(Assert.IsType<ExecutionOutcome.Conflicted>(outcome).Conflicts);
        Assert.Equal("a.txt", conflict.Path.Value);
        Assert.Contains($"expected {other}, found {ContentHash.Of("one\n"u8)}", conflict.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_made_for_another_content_is_a_conflict_whose_remedy_stands_on_its_own_line()
    {
        var outcome = await ExecuteAsync("""
            title: stale
            patch: |
              diff --git a/a.txt b/a.txt
              --- a/a.txt
              +++ b/a.txt
              @@ -1 +1 @@
              -zero
              +two

            """);
        var lines = Assert.Single(Assert.IsType<ExecutionOutcome.Conflicted>(outcome).Conflicts).Explanation.Split('\n');
        Assert.Contains("  zero", lines);
        Assert.Contains("  one", lines);
        Assert.StartsWith("Make the patch anew", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create: out/f\n    content: x", "edit/through-symlink")]
    [InlineData("replace: link.txt\n    content: x", "edit/through-symlink")]
    [InlineData("create: A.txt\n    content: x", "edit/case-twin")]
    public async Task What_no_change_may_do_is_denied_also_where_a_step_finds_it(string edit, string rule)
    {
        Directory.CreateDirectory(fixture.Repository.Beside("elsewhere"));
        File.CreateSymbolicLink(fixture.Repository.At("out"), fixture.Repository.Beside("elsewhere"));
        File.CreateSymbolicLink(fixture.Repository.At("link.txt"), "a.txt");
        var denied = Assert.IsType<ExecutionOutcome.Denied>(await ExecuteAsync($"title: forbidden\nedits:\n  - {edit}\n"));
        Assert.Equal(rule, Assert.Single(denied.Findings).Rule);
    }

    [Fact]
    public async Task An_improvement_whose_base_commit_is_gone_is_refused_and_names_it()
    {
        var gone = new string('a', 40);
        var outcome = await ExecuteAsync($"title: orphan\nbase: {gone}\nedits:\n  - replace: a.txt\n    content: x\n");
        Assert.Contains(gone, Assert.Single(Assert.IsType<ExecutionOutcome.PlanRefused>(outcome).Problems).Message, StringComparison.Ordinal);
    }

    public void Dispose() => fixture.Dispose();

    private async Task<ExecutionOutcome> ExecuteAsync(string yaml)
    {
        using var codebase = await fixture.OpenAsync();
        var before = fixture.Picture();
        var outcome = await codebase.Execution.ExecuteAsync(JourneyFixture.Add(codebase, yaml), new ExecutionOptions { ApproveWhenValid = true });
        Assert.Equal(before, fixture.Picture());
        Assert.True(codebase.Audit.Verify().IsIntact);
        return outcome;
    }
}
