using TarsAutonomy.Alerts;
using TarsAutonomy.NightShift;
using TarsAutonomy.Reports;
using TarsAutonomy.Schedule;
using TarsAutonomy.Sessions;
using TarsAutonomy.Settings;
using TarsAutonomy.Telemetry;
using TarsCli.Output;
using TarsEngine.Storage;

namespace TarsCli;

/// <summary>A session with what comes behind it: the report, the branch's way out, the alerts. None of that can fail the session.</summary>
internal sealed class NightWork
{
    // What a receiver does not take by then is tried again later.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly CommandRun run;
    private readonly CompositionRoot composition;
    private readonly AlertOutbox outbox;

    private NightWork(CommandRun run, CompositionRoot composition)
    {
        (this.run, this.composition) = (run, composition);
        Settings = NightSettings.Of(run.Codebase);
        Night = new(run.Codebase, Settings, line => run.Screen.Talk(line));
        outbox = AlertOutbox.Of(run.Codebase, Settings.Alerts);
    }

    public AutonomySettings Settings { get; }
    public Night Night { get; }

    /// <summary>When the newest session began.</summary>
    public DateTimeOffset? LastStart => Night.Store.List(last: 1) is [var newest] ? newest.Started : null;

    public static NightWork Of(CommandRun run, CompositionRoot composition) => new(run, composition);

    public async Task<Ending> RunAsync(NightRequest request, CancellationToken cancellation)
    {
        using var telemetry = NightTelemetry.Start(Settings.Telemetry, composition.Environment, CompositionRoot.Version);
        await CloseLeftAsync();
        switch (await Night.RunAsync(request, cancellation))
        {
            case NightOutcome.Finished finished:
                await CloseAsync(finished.Session, publish: true);
                return new(ExitCode.Done, Said(finished.Session)) { Hints = ["'tarscli autonomous report' shows all of it."] };
            case NightOutcome.Stopped stopped:
                await CloseAsync(stopped.Session, publish: false);
                return new(ExitCode.Cancelled, Said(stopped.Session)) { Hints = ["'tarscli autonomous resume' goes on with it."] };
            case NightOutcome.NothingToDo nothing:
                return new(ExitCode.Done, nothing.Why) { Hints = ["'tarscli tasks list' shows the plan; 'tarscli tasks approve' makes a task ready. The session reads the committed plan."] };
            case NightOutcome.Refused refused:
                outbox.Add(new(refused.Findings.Any(finding => finding.Rule.StartsWith("baseline/", StringComparison.Ordinal)) ? AlertKind.RedBaseline : AlertKind.Stopped, "No session was begun", refused.Why));
                await DeliverAsync(CancellationToken.None);
                return new(ExitCode.Failed, $"No session was begun: {refused.Why}") { Details = [.. refused.Findings.Select(finding => $"{finding.Rule}: {finding.Message}")], Hints = [refused.Remedy] };
            case NightOutcome.Busy busy:
                return new(ExitCode.Conflict, $"A session runs already: {busy.Holder}.") { Hints = ["'tarscli autonomous status' shows it, 'tarscli autonomous stop' stops it."] };
            case var other:
                throw new InvalidOperationException($"A session without an ending: {other.GetType().Name}.");
        }
    }

    /// <summary>As a timer begins it: not outside the schedule's windows, and stopped at their end where the schedule says so.</summary>
    public async Task<Ending> RunInWindowAsync(NightRequest request, CancellationToken cancellation)
    {
        if (Settings.Schedule is not { } settings) return await RunAsync(request, cancellation);
        var (schedule, now) = (new NightSchedule(settings, run.Clock.LocalTimeZone), run.Clock.GetUtcNow());
        if (!schedule.IsAllowed(now)) return new(ExitCode.Done, "No session was begun: it is outside the windows of the schedule.");
        if (!settings.StopAtWindowEnd || schedule.WindowEnd(now) is not { } end) return await RunAsync(request, cancellation);
        using var limit = new CancellationTokenSource(end - now, run.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        return await RunAsync(request, either.Token);
    }

    /// <summary>As the daemon runs it: what it came to is said, and the daemon goes on.</summary>
    public async Task RunScheduledAsync(NightRequest request, CancellationToken cancellation)
    {
        try
        {
            var ending = await RunAsync(request, cancellation);
            foreach (var line in (string?[])[ending.Message, .. ending.Details, .. ending.Hints]) if (line is not null) run.Screen.Talk(line);
        }
        catch (Exception error) when (error is not OperationCanceledException && Endings.Of(error) is { } ending)
        {
            run.Screen.Talk(ending.Message ?? error.Message, Style.Bad);
            outbox.Add(new(AlertKind.Stopped, "A session broke off", ending.Message ?? error.Message));
        }
    }

    public Task DeliverAsync(CancellationToken cancellation) => outbox.DeliverAsync(Deadline, cancellation);

    /// <summary>The report of a session, with everything that is known of its executions.</summary>
    public MorningReport ReportOf(NightSession session)
    {
        var earlier = Night.History.List().Where(one => one.Id.Number < session.Id.Number).ToList();
        return MorningReport.Of(Night.History.Today(session), earlier, Details, Settings.Report);
    }

    /// <summary>Where reports lie when the configuration names no other place.</summary>
    public string ReportFolder => Path.Combine(run.Codebase.StateRoot, "reports");

    private async Task CloseAsync(NightSession session, bool publish)
    {
        var report = ReportOf(session);
        var written = WriteReport(report);
        if (publish && session.Tasks.Any(task => task.Outcome == TaskOutcome.Landed)) await PublishAsync(session, report);
        if (SessionAlert.Of(session, Settings.Alerts.On, written) is { } alert) outbox.Add(alert);
        Night.Store.Save(session with { IsClosed = true });
        await DeliverAsync(CancellationToken.None);
    }

    // Of a session that was killed behind its end.
    private async Task CloseLeftAsync()
    {
        foreach (var session in Night.Store.List(last: 2).Where(session => session is { State: NightState.Finished, IsClosed: false })) await CloseAsync(session, publish: true);
    }

    private string? WriteReport(MorningReport report)
    {
        try
        {
            var files = report.WriteTo(ReportFolder, Settings.Report);
            foreach (var file in files) run.Screen.Talk($"Written: {file}");
            return files.Count > 0 ? files[0] : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The session itself is in the state; 'autonomous report' writes it again.
            run.Screen.Talk($"The report could not be written: {error.Message}", Style.Warn);
            return null;
        }
    }

    private async Task PublishAsync(NightSession session, MorningReport report)
    {
        var body = PullRequestBody.Of(report, OtherChecks(session));
        var file = Path.Combine(ReportFolder, session.Id + ".pull-request.md");
        try
        {
            Directory.CreateDirectory(ReportFolder);
            await File.WriteAllTextAsync(file, body.Body);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            run.Screen.Talk($"The text of a pull request could not be written, so none is asked for, and nothing is pushed: {error.Message}", Style.Warn);
            return;
        }
        run.Screen.Talk($"A pull request's text is in '{file}': {body.Title}");
        if (Settings.Session.Push is not { } push) return;
        var publisher = new Publisher(run.Codebase.Root, composition.Environment);
        var pushed = await publisher.PushAsync(session.Branch, push, CancellationToken.None);
        run.Screen.Talk(pushed.Text, pushed.Succeeded ? Style.Plain : Style.Warn);
        if (!pushed.Succeeded || !push.PullRequest) return;
        var asked = await publisher.AskForPullRequestAsync(session.Branch, body.Title, file, CancellationToken.None);
        run.Screen.Talk(asked.Text, asked.Succeeded ? Style.Plain : Style.Warn);
    }

    private static IReadOnlyList<string> OtherChecks(NightSession session) => session.Gates.Count > 0
        ? [.. session.Gates.Select(gate => $"✅ Quality gate passed ({gate}, as the base has it, in the sandbox)")]
        : ["⚠️ The codebase's own gate was waived by configuration"];

    private TarsEngine.Review.ExecutionReport? Details(ContextId id) =>
        run.Codebase.Contexts.Get(id) is { } context ? Reports.Of(run.Codebase, context, withLog: false, withDiff: true) : null;

    private static string Said(NightSession session) => $"{session.Id} on the branch '{session.Branch}': "
        + string.Join(", ", session.Tasks.GroupBy(task => task.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Words.Id(group.Key)}").DefaultIfEmpty("no task was begun"))
        + $". {session.Ending}";
}
