using System.CommandLine;
using System.Globalization;
using TarsAutonomy.Reports;
using TarsAutonomy.Sessions;
using TarsCli.Output;

using MorningFormat = TarsAutonomy.Reports.ReportFormat;

namespace TarsCli.Commands;

/// <summary>'autonomous report': the morning report of a session.</summary>
internal static class AutonomousReportCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var night = new Option<NightId?>("--session")
        {
            Description = "The session (default: the newest)",
            HelpName = "NIGHT-n",
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (text.StartsWith(NightId.Prefix + "-", StringComparison.Ordinal) && long.TryParse(text.AsSpan(NightId.Prefix.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return new NightId(number);
                result.AddError($"'{text}' is no session: 'tarscli autonomous status' shows them, such as NIGHT-3.");
                return null;
            },
        };
        var format = Options.Choice("--format", "markdown for people, html for a browser, json for programs", MorningFormat.Markdown);
        var folder = new Option<string>("--output-dir") { Description = "Write all three into this folder instead of answering one", HelpName = "folder" };
        var command = new TarsCommand("report", "Show what a session did: what landed, what didn't and why, tests, cost, trend",
            ("tarscli autonomous report", "of the newest session"),
            ("tarscli autonomous report --session NIGHT-3 --format html > morning.html", "one page that needs nothing else"),
            ("tarscli autonomous report --output-dir /tmp/results", "Markdown, HTML and JSON"))
        {
            night, format, folder,
        };
        command.SetWork(composition, run =>
        {
            var work = NightWork.Of(run, composition);
            var wanted = run.Parsed.GetValue(night);
            var session = wanted is { } id ? work.Night.Store.Get(id) : (work.Night.Store.List(last: 1) is [var newest] ? newest : null);
            if (session is null)
                return new Ending(ExitCode.NotFound, wanted is null ? "There was no session yet." : $"{wanted} is no session of this codebase.") { Hints = ["'tarscli autonomous status' lists them."] };
            var report = work.ReportOf(session);
            if (run.Parsed.GetValue(folder) is { } given)
                foreach (var file in report.WriteTo(Path.GetFullPath(given), work.Settings.Report with { Folder = null })) run.Screen.Answer(file);
            else
                run.Screen.AnswerRaw(run.Parsed.GetValue(format) switch { MorningFormat.Html => HtmlMorning.Write(report), MorningFormat.Json => report.ToJson(), _ => MarkdownMorning.Write(report) });
            return Ending.Done;
        });
        return command;
    }
}
