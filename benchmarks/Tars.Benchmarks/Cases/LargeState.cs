using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>What is asked often, where much was done already.</summary>
internal sealed class LargeState : BenchmarkCase
{
    public override string Name => "state/large";

    public override string What => "questions to a state of 10,000 improvements, 1,000 executions and 100,000 audit entries, as processes";

    public override int Runs => 9;

    public override int WarmUp => 2;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var small = await GrownState.MakeAsync(bench, 10, 100, cancellation);
        var large = await GrownState.MakeAsync(bench, 10_000, 100_000, cancellation);
        return [.. Questions("small: ", small), .. Questions("large: ", large)];
    }

    private static IEnumerable<Variant> Questions(string prefix, GrownState state)
    {
        string[][] questions = [["execute", "status"], ["improve", "list"], ["improve", "show", state.Newest.ToString()], ["audit", "verify"]];
        return questions.Select(question => Variant.Timed(prefix + string.Join(' ', question.Take(2)), stop => Programs.TarscliAsync(state.Codebase.Root, state.Home, stop, question)));
    }
}
