using System.Globalization;

namespace Tars.Benchmarks;

/// <summary>What was asked for. Null counts mean each case's own.</summary>
internal sealed record BenchOptions(IReadOnlyList<string> Cases, int? Runs, int? WarmUp, string? Json, bool List)
{
    /// <summary>Null: say <paramref name="problem"/>, or the usage where that is null too.</summary>
    public static BenchOptions? Parse(IReadOnlyList<string> arguments, out string? problem)
    {
        problem = null;
        var options = new BenchOptions([], null, null, null, List: false);
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (name is "-h" or "--help") return null;
            if (name == "--list")
            {
                options = options with { List = true };
            }
            else if (!name.StartsWith('-'))
            {
                options = options with { Cases = [.. options.Cases, name] };
            }
            else if (name is not ("--runs" or "--warm-up" or "--json"))
            {
                problem = $"no option '{name}'.";
                return null;
            }
            else if (++i >= arguments.Count)
            {
                problem = $"'{name}' needs a value.";
                return null;
            }
            else if (With(options, name, arguments[i]) is { } more)
            {
                options = more;
            }
            else
            {
                problem = $"'{name}' takes a whole number from 0 (--warm-up) or 1 (--runs) to 10000, not '{arguments[i]}'.";
                return null;
            }
        }
        return options;
    }

    private static BenchOptions? With(BenchOptions options, string name, string value)
    {
        if (name == "--json") return options with { Json = value };
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 10_000) return null;
        if (name == "--warm-up") return options with { WarmUp = count };
        return count > 0 ? options with { Runs = count } : null;
    }
}
