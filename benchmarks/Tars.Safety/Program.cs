namespace Tars.Safety;

/// <summary>'./run safety': how many bad changes land, and how many good ones don't, on a repository's own history.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (SafetyOptions.Parse(arguments, out var problem) is not { } options)
        {
            await Console.Error.WriteLineAsync(problem is null ? SafetyOptions.Usage : $"safety: {problem}\n{SafetyOptions.Usage}");
            return problem is null ? 0 : 2;
        }
        var work = options.Work ?? options.Output + ".work";
        using var ground = new Ground(options, work);
        var ledger = new Ledger(options.Output);
        var run = new SafetyRun(options, ground, ledger, new(ground, ledger, work));
        try
        {
            await run.RunAsync();
        }
        catch (InvalidOperationException broken)
        {
            await Console.Error.WriteLineAsync($"safety: {broken.Message}");
            return 3;
        }
        Console.Write(Summary.Of(run.Results, run.Pace));
        return run.Results.Any(r => r.Group != TrialGroup.Good && r.Outcome == "landed") ? 1 : 0;
    }
}
