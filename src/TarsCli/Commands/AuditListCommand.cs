using System.CommandLine;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>'audit list': the newest entries, the newest last.</summary>
internal static class AuditListCommand
{
    private const int Most = 1_000_000;

    public static Command Create(CompositionRoot composition)
    {
        var subject = new Option<string>("--subject") { Description = "Only entries about this: IMP-12, CTX-7 or TX-9", HelpName = "id" };
        var limit = Options.Number("--limit", "entries", "At most so many, the newest", 50, 1, Most);
        var format = Options.Format();
        var command = new TarsCommand("list", "Show the newest entries of the audit trail",
            ("tarscli audit list", "the newest 50 entries"),
            ("tarscli audit list --subject CTX-456", "what happened in one execution"))
        {
            subject, limit, format,
        };
        command.SetWork(composition, run =>
        {
            var records = run.Codebase.Audit.List(run.Parsed.GetValue(subject), run.Parsed.GetValue(limit));
            if (run.Parsed.GetValue(format) == OutputFormat.Json)
            {
                run.Screen.AnswerRaw(new AuditDocument([.. records.Select(AuditItem.Of)]).ToJson());
                return Ending.Done;
            }
            if (records.Count == 0) run.Screen.Talk("The audit trail has no such entry.");
            var table = new TextTable("Entry", "Time", "Action", "Subject", "Actor", "Details");
            foreach (var record in records)
            {
                table.Add(($"{record.Sequence}", Style.Dim), (Words.Time(record.Time), Style.Dim), (record.Entry.Action, Style.Strong),
                    (record.Entry.Subject, Style.Plain), (record.Entry.Actor, Style.Plain),
                    (string.Join(", ", record.Entry.Details.Select(d => $"{d.Key}={d.Value}")), Style.Dim));
            }
            if (records.Count > 0) table.Write(run.Screen);
            return Ending.Done;
        });
        return command;
    }
}
