using TarsEngine.Rollback;

namespace TarsEngine.Tests.Journey;

/// <summary>What systems of this kind got wrong, held on the whole journey: the rest of that list is held beside its parts.</summary>
public sealed class OlderFailuresTests : IDisposable
{
    private readonly JourneyFixture fixture = new();

    [Fact]
    public async Task A_dry_run_can_write_in_its_workspace_and_nowhere_else()
    {
        using var codebase = await fixture.OpenAsync();
        var before = fixture.Picture();
        var id = JourneyFixture.Add(codebase, "title: write\ncommand:\n  run: [sh, -c, 'mkdir -p new/deep && echo made > new/deep/n.txt && echo two >> a.txt && rm b.txt && cat new/deep/n.txt a.txt']\n");
        var dry = Assert.IsType<ExecutionOutcome.DryRunFinished>(await codebase.Execution.ExecuteAsync(id, new() { DryRun = true }));
        Assert.Equal(["a.txt", "b.txt", "new/deep/n.txt"], codebase.Contexts.Get(dry.Context)!.Changes!.Select(c => c.Path.Value));
        Assert.Equal(before, fixture.Picture());
    }

    [Fact]
    public async Task Nothing_is_written_or_read_in_a_folder_whose_name_only_begins_as_the_codebases()
    {
        var secret = fixture.Root + "-secret";
        Directory.CreateDirectory(secret);
        File.WriteAllText(Path.Combine(secret, "key.txt"), "hidden");
        var name = Path.GetFileName(secret);
        var around = Around();
        using var codebase = await fixture.OpenAsync();

        var attack = $"cat ../{name}/key.txt {secret}/key.txt; echo x > ../{name}/x; echo x > {secret}/x; cat ../{name}/key.txt {secret}/key.txt > found.txt; true";
        var command = JourneyFixture.Add(codebase, $"title: peek\ncommand:\n  run: [sh, -c, '{attack}']\n");
        var landed = Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(command, new() { ApproveWhenValid = true }));
        Assert.Equal("", fixture.Repository.Read("found.txt"));
        Assert.DoesNotContain("hidden", string.Join('\n', codebase.Contexts.Events(landed.Context, 0)), StringComparison.Ordinal);

        foreach (var target in (string[])[$"../{name}/key.txt", secret])
        {
            var link = JourneyFixture.Add(codebase, $"title: link to {target}\nedits:\n  - symlink: link\n    target: {target}\n");
            Assert.IsType<ExecutionOutcome.Denied>(await codebase.Execution.ExecuteAsync(link, new() { ApproveWhenValid = true }));
        }
        Assert.Equal(around, Around());
    }

    [Fact]
    public async Task Nothing_is_written_beside_the_codebase_by_landing_failing_or_rolling_back()
    {
        var around = Around();
        using var codebase = await fixture.OpenAsync();
        var landed = Assert.IsType<ExecutionOutcome.Landed>(await JourneyFixture.ReplaceAsync(codebase, "a.txt", "good"));
        Assert.IsType<ExecutionOutcome.Failed>(await JourneyFixture.ReplaceAsync(codebase, "b.txt", "broken"));
        codebase.Execution.Rollback(new(landed.Context, new RollbackScope.All(), false, "ada"));
        Assert.Equal(around, Around());
    }

    public void Dispose() => fixture.Dispose();

    private string Around()
    {
        var parent = Path.GetDirectoryName(fixture.Root)!;
        return string.Join('\n', Directory.EnumerateFileSystemEntries(parent, "*", SearchOption.AllDirectories)
            .Where(path => path != fixture.Root && !path.StartsWith(fixture.Root + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(path => path + (File.Exists(path) ? " " + File.ReadAllText(path) : "")));
    }
}
