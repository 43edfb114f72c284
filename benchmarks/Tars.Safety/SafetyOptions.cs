using System.Globalization;

namespace Tars.Safety;

/// <summary>What was asked for on the command line.</summary>
internal sealed record SafetyOptions
{
    public const string Usage = """
        usage: ./run safety --repository DIR [--config FILE] [--bad N] [--tests N] [--good N] [--bases N] [--seed S] [--output FILE]

        Makes distinct bad changes against the history of a repository, and takes its green commits as good ones; sends each through the
        engine as 'execute improvement --approve-when-valid' does, on a clone; and records what became of it: landed, held or refused.

          --repository DIR  a clone with full history; it is only read
          --config FILE     your own configuration, which says how the repository is built and tested here (default: detection)
          --bad N           bad changes in all (default 3000); those that no compiler sees are --tests of them
          --tests N         bad changes that only tests can see: behaviour, tampering, a commit's tests without its sources (default: a tenth)
          --good N          green commits (default 50)
          --bases N         commits that bad changes are made against, spread over the history's newest 200 (default 2)
          --seed S          another seed makes other changes (default 1)
          --output FILE     the record, a line of JSON for each change; what stands in it already is not tried again (default safety.jsonl)
          --work DIR        the clone and its state, kept for going on (default: beside the record, with '.work')
        """;

    public required string Repository { get; init; }
    public string? Config { get; init; }
    public int Bad { get; init; } = 3000;
    public int? Tests { get; init; }
    public int Good { get; init; } = 50;
    public int Bases { get; init; } = 2;
    public int Seed { get; init; } = 1;
    public string Output { get; init; } = "safety.jsonl";
    public string? Work { get; init; }

    /// <summary>Of <see cref="Bad"/>, those that only tests can see.</summary>
    public int ByTests => Math.Min(Bad, Tests ?? Math.Max(1, Bad / 10));

    public static SafetyOptions? Parse(string[] arguments, out string? problem)
    {
        problem = null;
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] known = ["--repository", "--config", "--bad", "--tests", "--good", "--bases", "--seed", "--output", "--work"];
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (arguments[i] is "-h" or "--help") return null;
            problem = !known.Contains(arguments[i], StringComparer.Ordinal) ? $"no option '{arguments[i]}'" : i + 1 == arguments.Length ? $"{arguments[i]} takes a value" : null;
            if (problem is not null) return null;
            said[arguments[i]] = arguments[i + 1];
        }
        foreach (var (name, value) in said.Where(s => s.Key is "--bad" or "--tests" or "--good" or "--bases" or "--seed"))
        {
            if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)) continue;
            problem = $"'{value}' is no number for {name}";
            return null;
        }
        if (!said.TryGetValue("--repository", out var repository) || !Directory.Exists(repository))
        {
            problem = repository is null ? "--repository is missing" : $"there is no folder '{repository}'";
            return null;
        }
        if (said.TryGetValue("--config", out var config) && !File.Exists(config))
        {
            problem = $"there is no file '{config}'";
            return null;
        }
        var defaults = new SafetyOptions { Repository = Path.GetFullPath(repository) };
        return defaults with
        {
            Config = config is null ? null : Path.GetFullPath(config),
            Bad = Number("--bad", defaults.Bad), Good = Number("--good", defaults.Good), Bases = Math.Max(1, Number("--bases", defaults.Bases)), Seed = Number("--seed", defaults.Seed),
            Tests = said.ContainsKey("--tests") ? Number("--tests", 0) : null,
            Output = Path.GetFullPath(said.GetValueOrDefault("--output", defaults.Output)), Work = said.TryGetValue("--work", out var work) ? Path.GetFullPath(work) : null,
        };

        int Number(string name, int byDefault) => said.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : byDefault;
    }
}
