using System.Globalization;
using System.Text;
using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Showing;

/// <summary>The part of a Markdown page that holds figures: written anew by each run that is asked to, so that none is copied by hand.</summary>
internal static class ResultPage
{
    private const string Begin = "<!-- figures: written by './run bench --table' -->", End = "<!-- end of figures -->";

    public static async Task RewriteAsync(string page, IReadOnlyList<CaseResult> results, BenchOptions options)
    {
        var text = await File.ReadAllTextAsync(page);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new InvalidOperationException($"'{page}' must hold the lines '{Begin}' and '{End}', in this order.");
        var plots = options.Plots is { } folder ? Path.GetRelativePath(Path.GetDirectoryName(page)!, folder) : null;
        await File.WriteAllTextAsync(page, $"{text[..(begin + Begin.Length)]}\n\n{Write(results, plots)}\n{text[end..]}");
    }

    private static string Write(IReadOnlyList<CaseResult> results, string? plots)
    {
        var (page, machine) = (new StringBuilder(), Machine.OfThisOne());
        page.AppendLine(CultureInfo.InvariantCulture,
            $"Taken on {TimeProvider.System.GetUtcNow():yyyy-MM-dd} on {machine.Processor}, {machine.Processors} processors, {machine.MemoryBytes >> 20:N0} MB, {machine.Kernel}, {machine.Runtime}; load at the end {machine.LoadAtEnd}.\n");
        page.AppendLine("| case | whose | against | came to | goal | |\n| --- | --- | --- | --- | --- | --- |");
        foreach (var result in results)
        {
            foreach (var target in result.Targets)
            {
                page.AppendLine(CultureInfo.InvariantCulture,
                    $"| {result.Name} | {target.Variant} | {target.Against ?? "-"} | {(target.Measured(result.Variants) is { } measured ? target.Shown(measured, result.Unit) : "-")} | {target.Text(result.Unit)} | {(target.IsMet(result.Variants) ? "met" : "**missed**")} |");
            }
        }
        foreach (var result in results) Write(page, result, plots);
        return page.ToString();
    }

    private static void Write(StringBuilder page, CaseResult result, string? plots)
    {
        page.AppendLine(CultureInfo.InvariantCulture, $"\n### {result.Name}\n\n{result.What}{(result.Goal is { } goal ? $"; the goal: {goal}" : "")}.\n");
        if (plots is not null) page.AppendLine(CultureInfo.InvariantCulture, $"![{result.Name}]({plots}/{Plot.FileName(result.Name)})\n");
        page.AppendLine(CultureInfo.InvariantCulture, $"| {result.Unit} | median | lower ¼ | upper ¼ | × baseline | runs |\n| --- | --: | --: | --: | --: | --: |");
        foreach (var variant in result.Variants)
        {
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| {variant.Name} | {ResultTable.Short(variant.Median)} | {ResultTable.Short(variant.LowerQuartile)} | {ResultTable.Short(variant.UpperQuartile)} | {variant.RatioTo(result.Variants[0])?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-"} | {variant.Samples.Count} |");
        }
    }
}
