using TarsEngine.Planning;

namespace TarsEngine.Tests.Journey;

/// <summary>A verdict upon what an earlier run built: cheaper, and never another one.</summary>
public sealed class BuiltUponTests : IDisposable
{
    // 'build' copies sources to outputs by their times, as incremental builds do; 'test' looks at the outputs alone.
    private const string Checks = """
        checks:
          - name: restore
            kind: restore
            run: [sh, restore.sh]
          - name: build
            kind: build
            run: [sh, build.sh]
          - name: words
            run: [sh, test.sh]

        """;

    private readonly JourneyFixture journey;

    public BuiltUponTests()
    {
        journey = new(Checks, replaceChecks: true);
        journey.Repository.Write("restore.sh", "mkdir -p obj; echo restored >> obj/restores\n");
        journey.Repository.Write("build.sh", "for f in *.cs; do [ \"obj/$f\" -nt $f ] || { echo built $f; cp $f obj/; echo $f >> obj/log; }; done\n");
        journey.Repository.Write("test.sh", "echo restores: $(wc -l < obj/restores), builds: $(wc -l < obj/log); touch obj/leftover; ! grep -rq broken obj --include='*.cs'\n");
        journey.Repository.Write("a.cs", "class A;\n");
        journey.Repository.Write("b.cs", "class B;\n");
        journey.Repository.Write("app.csproj", "<Project/>\n");
        journey.Repository.Write(".gitignore", "obj/\n");
        journey.Repository.Commit("sources");
    }

    public void Dispose() => journey.Dispose();

    [Fact]
    public async Task The_second_change_on_a_base_restores_nothing_and_builds_only_what_it_touches()
    {
        using var codebase = await journey.OpenAsync();

        var first = await Said(codebase, "a.cs", "class A2;");
        var second = await Said(codebase, "b.cs", "class B2;");

        Assert.Equal(["restores: 1, builds: 2", "restores: 1, builds: 3"], first);
        Assert.Equal(["restores: 1, builds: 3"], second);
    }

    [Fact]
    public async Task What_a_landed_change_built_serves_the_next_one()
    {
        using var codebase = await journey.OpenAsync();

        Assert.Equal(2, (await Said(codebase, "a.cs", "class A2;", land: true)).Count);
        var next = await Said(codebase, "b.cs", "class B2;", land: true);
        var third = await Said(codebase, "a.cs", "class A3;");

        Assert.Equal("class B2;\n", journey.Repository.Read("b.cs"));
        Assert.Equal(["restores: 1, builds: 4"], next);
        Assert.Equal(["restores: 1, builds: 5"], third);
    }

    [Fact]
    public async Task A_change_to_a_project_file_is_built_from_nothing()
    {
        using var codebase = await journey.OpenAsync();
        await Said(codebase, "a.cs", "class A2;");

        Assert.Equal(["restores: 1, builds: 2"], await Said(codebase, "app.csproj", "<Project></Project>"));
    }

    [Fact]
    public async Task What_fails_upon_earlier_outputs_is_judged_from_nothing()
    {
        using var codebase = await journey.OpenAsync();
        await Said(codebase, "a.cs", "class A2;");

        // Refused for what it is, not for what was there.
        Assert.Equal(["restores: 1, builds: 3", "restores: 1, builds: 2"], await Said(codebase, "b.cs", "class broken;", ContextState.Failed));
    }

    [Fact]
    public async Task Collected_layers_cost_time_and_nothing_else()
    {
        using var codebase = await journey.OpenAsync();
        await Said(codebase, "a.cs", "class A2;");

        Assert.True(codebase.Collect(codebase.Configuration.Keep with { LayerBytes = 0 }).Layers.Removed > 0);

        Assert.Equal(["restores: 1, builds: 2"], await Said(codebase, "b.cs", "class B2;"));
    }

    /// <summary>What the test check said in each of its runs.</summary>
    private static async Task<List<string>> Said(Codebase codebase, string path, string content, ContextState expected = ContextState.AwaitingReview, bool land = false)
    {
        await JourneyFixture.ReplaceAsync(codebase, path, content, land);
        var context = codebase.Contexts.List()[^1];
        Assert.Equal(land ? ContextState.Landed : expected, context.State);
        return [.. codebase.Contexts.Events(context.Id).Select(e => e.Event).OfType<OutputWritten>().Where(o => o.Source == "words").Select(o => o.Text)];
    }
}
