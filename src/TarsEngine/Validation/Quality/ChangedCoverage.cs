using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Probe;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Quality;

/// <summary>How many of the lines that a change wrote its tests reached; nothing where no run of tests measured it. Pure.</summary>
internal static class ChangedCoverage
{
    private const int MostNamed = 10;

    public static IEnumerable<Finding> Find(ChangeSet changes, CheckRun run, TestCode tests, Func<RepositoryPath, FileState, byte[]> content)
    {
        var reports = run.Checks.Select(c => c.Coverage).OfType<Reports.LineCoverage>().ToList();
        if (reports.Count == 0) yield break;
        var reached = 0;
        var missed = new List<(RepositoryPath Path, int Line)>();
        foreach (var change in changes.Where(c => c.After is not null))
        {
            var text = ChangedText.Read(change, content);
            if (text.After is null || tests.Is(change.Path, text.Before, text.After)) continue;
            foreach (var line in FaultChoice.ChangedLines(text.Before ?? "", text.After).Order())
            {
                var told = reports.Select(r => r.Reached(change.Path, line)).Where(r => r is not null).ToList();
                if (told.Contains(true)) reached++;
                else if (told.Count > 0) missed.Add((change.Path, line));
            }
        }
        if (reached + missed.Count == 0) yield break;
        var rest = missed.Count == 0 ? "" : $" Not: {string.Join(", ", missed.GroupBy(m => m.Path).Take(MostNamed).Select(Named))}.";
        yield return new(Severity.Info, "quality/coverage", string.Create(CultureInfo.InvariantCulture, $"Tests ran {reached} of the {reached + missed.Count} changed lines of code.{rest}"), missed.Count > 0 ? missed[0].Path : null, missed.Count > 0 ? missed[0].Line : null);
    }

    private static string Named(IGrouping<RepositoryPath, (RepositoryPath Path, int Line)> file)
    {
        var lines = string.Join(", ", file.Take(MostNamed).Select(m => m.Line.ToString(CultureInfo.InvariantCulture)));
        return $"{file.Key}:{lines}{(file.Count() > MostNamed ? ", …" : "")}";
    }
}
