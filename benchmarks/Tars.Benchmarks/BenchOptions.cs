using System.Globalization;

namespace Tars.Benchmarks;

/// <summary>What was asked for. Null counts mean each case's own.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        usage: ./run bench [CASE…] [--runs N] [--warm-up N] [--repository DIR [--config FILE]] [--json FILE] [--plots DIR] [--table FILE] [--list]

          CASE              its name, or the beginning of names ('terminal/' is every case of the terminal); default: all
          --runs N          measured runs of each variant, taken in turns (default: each case's own)
          --warm-up N       runs before them that don't count (default: each case's own)
          --repository DIR  a public repository with C# sources, for improvement/repository-…; it is only read
          --config FILE     your own configuration, which says how that repository is built and tested here (default: detection)
          --json FILE       write every sample, and what the machine is, to FILE
          --plots DIR       write a picture of each case to DIR
          --table FILE      rewrite the part of FILE between its markers with the figures, the goals and the pictures
          --list            name the cases and stop
        """;

    private static readonly string[] valued = ["--runs", "--warm-up", "--repository", "--config", "--json", "--plots", "--table"];

    public IReadOnlyList<string> Cases { get; init; } = [];
    public int? Runs { get; init; }
    public int? WarmUp { get; init; }
    public string? Repository { get; init; }
    public string? Config { get; init; }
    public string? Json { get; init; }
    public string? Plots { get; init; }
    public string? Table { get; init; }
    public bool List { get; init; }

    /// <summary>Null: say <paramref name="problem"/>, or the usage where that is null too.</summary>
    public static BenchOptions? Parse(IReadOnlyList<string> arguments, out string? problem)
    {
        problem = null;
        var cases = new List<string>();
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        var list = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (name is "-h" or "--help") return null;
            if (name == "--list") list = true;
            else if (!name.StartsWith('-')) cases.Add(name);
            else if (!valued.Contains(name, StringComparer.Ordinal)) problem = $"no option '{name}'.";
            else if (i + 1 == arguments.Count) problem = $"'{name}' needs a value.";
            else said[name] = arguments[++i];
            if (problem is not null) return null;
        }
        problem = Wrong(said);
        if (problem is not null) return null;
        return new()
        {
            Cases = cases, List = list,
            Runs = Count("--runs"), WarmUp = Count("--warm-up"),
            Repository = Full("--repository"), Config = Full("--config"), Json = Full("--json"), Plots = Full("--plots"), Table = Full("--table"),
        };

        int? Count(string name) => said.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        string? Full(string name) => said.TryGetValue(name, out var path) ? Path.GetFullPath(path) : null;
    }

    private static string? Wrong(Dictionary<string, string> said)
    {
        foreach (var (name, value) in said)
        {
            var isWrong = name switch
            {
                "--runs" => !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var runs) || runs is 0 or > 10_000,
                "--warm-up" => !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 10_000,
                "--repository" => !Directory.Exists(Path.Combine(value, ".git")),
                "--config" or "--table" => !File.Exists(value),
                _ => false,
            };
            if (!isWrong) continue;
            return name switch
            {
                "--repository" => $"'{value}' is no git repository.",
                "--config" or "--table" => $"there is no file '{value}'.",
                _ => $"'{name}' takes a whole number from 0 (--warm-up) or 1 (--runs) to 10000, not '{value}'.",
            };
        }
        return null;
    }
}
