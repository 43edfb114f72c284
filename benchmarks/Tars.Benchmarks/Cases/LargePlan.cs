using System.Globalization;
using Tars.Benchmarks.Measuring;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;

namespace Tars.Benchmarks.Cases;

/// <summary>A plan is checked whole before anything runs: that must not grow faster than the plan.</summary>
internal sealed class LargePlan : BenchmarkCase
{
    public override string Name => "plan/steps";

    public override string What => "an improvement checked and put in order, for each of its steps";

    public override string Unit => "µs";

    public override int Runs => 9;

    public override Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Variant>>(
    [
        Of(bench, "1,000 steps", 1_000, inChain: false), Of(bench, "10,000 steps", 10_000, inChain: false), Of(bench, "100,000 steps", 100_000, inChain: false), Of(bench, "100,000 steps, each after the one before", 100_000, inChain: true),
    ]);

    private static Variant Of(Bench bench, string name, int steps, bool inChain)
    {
        var planner = new ExecutionPlanner(bench.Objects);
        var content = ContentHash.Of("x"u8);
        var improvement = new Improvement(new(1), "a plan", "", ImprovementProposal.DefaultCategory, ImprovementPriority.Medium, "bench", ImprovementState.Ready,
            [.. Enumerable.Range(0, steps).Select(i => Step(i, content, inChain))], null, default);
        return new(name, _ =>
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            if (planner.Plan(improvement, TreeSnapshot.Empty) is not Planned) throw new InvalidOperationException("It could not be planned.");
            return Task.FromResult(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMicroseconds / steps);
        });
    }

    private static StepDefinition Step(int number, ContentHash content, bool inChain)
    {
        var path = RepositoryPath.Parse(string.Create(CultureInfo.InvariantCulture, $"d{number / 100}/{number}.txt"));
        string[] needs = inChain && number > 0 ? [Id(number - 1)] : [];
        return new(Id(number), new EditAction([new CreateEdit(path, content, 1)]), needs, null, StepDefinition.DefaultTransaction, []);
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"s{number}");
}
