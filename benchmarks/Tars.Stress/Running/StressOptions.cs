using System.Diagnostics;
using System.Globalization;
using Worlds = TarsEngine.Worlds;

namespace Tars.Stress.Running;

/// <summary>What was asked for on the command line.</summary>
internal sealed record StressOptions(TimeSpan Time, int Seed, IReadOnlySet<string> Cases, string? Deed, string? Bug, bool UntilBad)
{
    public const string Usage = """
        usage: ./run stress [--minutes N | --seconds N] [--seed S] [--deed D] [--bug B] [--until-bad] [CASE...]

        Breaks the engine on purpose, in every way that a power cut, a failing disk or another program could, and looks whether the codebase is
        all-before or all-after. What was found bad is printed with what repeats it; then the exit code is 1.

          --minutes N  how long, shared by the cases (default 10); a case that has tried everything ends sooner
          --seconds N  the same, for a short look
          --seed S     which samples, where not everything is tried (default 1)
          --deed D     only this landing or rollback, where a case goes through all of them: 'mixed', 'rollback all'
          --bug B      only the planted ones whose names begin so
          --until-bad  a case ends with the first that is bad

        cases (default: all):
        """;

    private readonly long started = Stopwatch.GetTimestamp();

    /// <summary>Null for help, or with the problem.</summary>
    public static StressOptions? Parse(string[] arguments, IReadOnlyList<string> cases, out string? problem)
    {
        problem = null;
        var (time, seed, chosen) = (TimeSpan.FromMinutes(10), 1, new HashSet<string>(StringComparer.Ordinal));
        var (deed, bug, untilBad) = ((string?)null, (string?)null, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "-h" or "--help") return null;
            if (arguments[i] is "--minutes" or "--seconds" or "--seed")
            {
                if (i + 1 == arguments.Length || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (number == 0 && arguments[i] != "--seed"))
                {
                    problem = $"{arguments[i]} takes a number";
                    return null;
                }
                if (arguments[i] == "--seed") seed = number;
                else time = arguments[i] == "--minutes" ? TimeSpan.FromMinutes(number) : TimeSpan.FromSeconds(number);
                i++;
            }
            else if (arguments[i] == "--deed")
            {
                if (i + 1 == arguments.Length || !Worlds.Deed.Names.Contains(arguments[i + 1], StringComparer.Ordinal))
                {
                    problem = $"--deed takes one of: {string.Join(", ", Worlds.Deed.Names)}";
                    return null;
                }
                deed = arguments[++i];
            }
            else if (arguments[i] == "--bug" && i + 1 < arguments.Length)
            {
                bug = arguments[++i];
            }
            else if (arguments[i] == "--until-bad")
            {
                untilBad = true;
            }
            else if (!cases.Contains(arguments[i], StringComparer.Ordinal))
            {
                problem = $"no case '{arguments[i]}'";
                return null;
            }
            else
            {
                chosen.Add(arguments[i]);
            }
        }
        return new(time, seed, chosen, deed, bug, untilBad);
    }

    /// <summary>An equal share of what is left.</summary>
    public TimeSpan TimeFor(int casesLeft) => (Time - Stopwatch.GetElapsedTime(started)) / casesLeft;
}
