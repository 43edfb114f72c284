using System.Diagnostics;
using System.Globalization;
using TarsAutonomy.Agents;
using TarsAutonomy.Constraints;
using TarsAutonomy.Memory;
using TarsAutonomy.Sessions;
using TarsAutonomy.Settings;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Planning;

namespace TarsAutonomy.NightShift;

/// <summary>How a session is asked for.</summary>
public sealed record NightRequest
{
    /// <summary>Tasks that failed before in the same way are tried again.</summary>
    public bool Retry { get; init; }

    /// <summary>Only these tasks; null: all that are ready.</summary>
    public IReadOnlyList<string>? Tasks { get; init; }
}

/// <summary>
/// A session: the ready tasks of the base's plan, one after the other, each through the whole journey onto the session's own branch.
/// The person's files, index, HEAD, stash and configuration are never touched.
/// </summary>
public sealed class Night
{
    private const string LockName = "night";
    private readonly Codebase codebase;
    private readonly AutonomySettings settings;
    private readonly Action<string> say;
    private readonly NightMemory memory;
    private readonly FlakyTests flaky;

    /// <param name="say">Told what happens, a line at a time.</param>
    public Night(Codebase codebase, AutonomySettings settings, Action<string> say)
    {
        (this.codebase, this.settings, this.say) = (codebase, settings, say);
        Store = new(codebase.Database);
        History = new(Store, codebase);
        (memory, flaky) = (new(History), new(codebase.Database));
        KillSwitch = new(settings.Session.KillSwitch ?? Path.Combine(codebase.State.Root, KillSwitch.UsualName), codebase.Options.Clock);
    }

    public NightStore Store { get; }

    /// <summary>The sessions as they stand today.</summary>
    public NightHistory History { get; }
    public KillSwitch KillSwitch { get; }
    private TimeProvider Clock => codebase.Options.Clock;

    /// <summary>Runs a session or, where one was killed or stopped, goes on with it.</summary>
    public async Task<NightOutcome> RunAsync(NightRequest request, CancellationToken cancellation)
    {
        using var alone = codebase.State.TryAcquire(LockName);
        if (alone is null) return new NightOutcome.Busy(codebase.State.HolderOf(LockName));
        if (KillSwitch.IsSet) return new NightOutcome.Refused($"The kill switch is set: '{KillSwitch.Path}'.", [], "'tarscli autonomous resume' clears it and goes on.");
        var unfinished = Store.List(last: 1).FirstOrDefault(session => session.State is NightState.Running or NightState.Stopped);
        return unfinished is null ? await BeginAsync(request, cancellation) : await ContinueAsync(unfinished, request, cancellation);
    }

    private async Task<NightOutcome> ContinueAsync(NightSession session, NightRequest request, CancellationToken cancellation)
    {
        say($"Going on with {session.Id} on the branch '{session.Branch}'.");
        if (await codebase.Base.ResolveAsync(session.BaseCommit, cancellation) is null) return Abandon(session, $"The commit {session.BaseCommit[..12]} that it began from is gone.");
        var order = await new NightOrders(codebase, settings).ReadAsync(session.BaseCommit, cancellation) with { Agent = session.Agent };
        if (WhyNotBegin(order) is { } refused) return refused;
        return await WorkAsync(session with { Resumed = Clock.GetUtcNow(), State = NightState.Running, Ended = null, Ending = null, IsClosed = false }, order, request, cancellation);
    }

    private async Task<NightOutcome> BeginAsync(NightRequest request, CancellationToken cancellation)
    {
        if (!codebase.HasGit) return new NightOutcome.Refused($"'{codebase.Root}' has no git repository.", [], "A session begins from a commit and lands on a branch: 'git init', and commit.");
        if (await codebase.Base.ResolveAsync(settings.Session.Base, cancellation) is not { } commit)
            return new NightOutcome.Refused($"There is no commit '{settings.Session.Base}' to begin from.", [], "A session works on commits: commit something, or name another base under 'autonomous: base:'.");
        var order = await new NightOrders(codebase, settings).ReadAsync(commit, cancellation);
        if (settings.AgentName(order.Settings.Agent) is not { } agent)
            return new NightOutcome.Refused("No agent is configured.", [], "Name one under 'agents' in your own configuration: docs/agents.md.");
        order = order with { Agent = agent };
        if (WhyNotBegin(order) is { } refused) return refused;
        if (request.Tasks?.FirstOrDefault(name => order.Ready.All(task => task.Id != name)) is { } unknown)
            return new NightOutcome.Refused($"'{unknown}' is no ready task of '{order.Settings.Plan}' in {commit[..12]}.", [], "'tarscli tasks list' shows the plan; the session reads the committed one.");
        foreach (var problem in order.Plan?.Problems ?? []) say($"{order.Settings.Plan}: {problem}");
        if (Chosen(order, request).Count == 0) return new NightOutcome.NothingToDo($"No tasks ready for autonomous execution in '{order.Settings.Plan}' of {commit[..12]}.");
        say("Checking that the base is green.");
        var red = await codebase.Base.RunAsync(commit, NightConditions.OfBase(order), Watched, cancellation);
        if (red.Count > 0) return new NightOutcome.Refused($"The base {commit[..12]} is red: {red[0].Message}", red, "Mend the base first: on a red one nothing can be proven.");
        var now = Clock.GetUtcNow();
        var session = Store.Begin(new(default, NightState.Running, now, null, await BranchAsync(cancellation), commit, agent, null, []) { Gates = [.. order.Settings.Gates.Select(gate => gate.ToString())] });
        say($"{session.Id}: {Chosen(order, request).Count.ToString(CultureInfo.InvariantCulture)} ready tasks, branch '{session.Branch}'.");
        return await WorkAsync(session, order, request, cancellation);
    }

    private async Task<NightOutcome> WorkAsync(NightSession session, NightOrder order, NightRequest request, CancellationToken cancellation)
    {
        await using var watch = KillSwitch.Begin(cancellation);
        using var span = NightSignals.BeginSession(session.Id, session.Agent);
        try
        {
            foreach (var unfinished in session.Tasks.Where(task => task.Outcome == TaskOutcome.Running).ToList())
                session = order.Plan?.Find(unfinished.TaskId) is { } planned ? await RunOneAsync(session, order, planned, unfinished, watch.Pulled)
                    : Note(session, unfinished with { Outcome = TaskOutcome.Abandoned, Ended = Clock.GetUtcNow(), Reason = "The plan that is configured now does not have it." });
            foreach (var planned in Chosen(order, request).Where(planned => session.Tasks.All(task => task.TaskId != planned.Id)))
            {
                watch.Pulled.ThrowIfCancellationRequested();
                if (await LostAsync(session, watch.Pulled)) return Finish(session, $"The branch '{session.Branch}' no longer holds what landed on it: somebody moved or deleted it.", span);
                if (NightLimits.WhyEnough(session, order.Settings, Clock.GetUtcNow(), memory.UsualTime()) is { } enough) return Finish(session, enough, span);
                var task = new NightTask(session.Tasks.Count + 1, planned.Id, planned.Description, planned.Fingerprint, TaskOutcome.Running, Clock.GetUtcNow(), null) { EstimatedLines = planned.EstimatedLines };
                session = await WhyNotAsync(planned, order, request, watch.Pulled) is { } why
                    ? Note(session, task with { Outcome = TaskOutcome.Skipped, Ended = Clock.GetUtcNow(), Rule = why.Rule, Reason = why.Reason })
                    : await RunOneAsync(session, order, planned, task, watch.Pulled);
            }
            return Finish(session, NightLimits.WhyEnough(session, order.Settings, Clock.GetUtcNow(), null) ?? "Every ready task was looked at.", span);
        }
        catch (OperationCanceledException) when (watch.Pulled.IsCancellationRequested)
        {
            session = Store.Get(session.Id)! with { State = NightState.Stopped, Ended = Clock.GetUtcNow(), Ending = KillSwitch.IsSet ? "The kill switch was set." : "It was stopped by a signal." };
            Store.Save(session);
            NightSignals.EndSession(span, session);
            return new NightOutcome.Stopped(session);
        }
    }

    private async Task<NightSession> RunOneAsync(NightSession session, NightOrder order, PlannedTask planned, NightTask task, CancellationToken stop)
    {
        say($"{planned.Id}: {planned.Description}");
        using var span = NightSignals.BeginTask(planned.Id);
        session = Note(session, task, isSaid: false);
        var ended = await new TaskRun(codebase, order, session, planned, say).RunAsync(task, flaky.Told(), now => session = Note(session, now, isSaid: false), stop);
        foreach (var attempt in ended.Attempts) flaky.Learn(codebase.Contexts.Events(attempt.Context).Select(one => one.Event));
        NightSignals.EndTask(span, ended);
        return Note(session, ended);
    }

    private async Task<(string Rule, string Reason)?> WhyNotAsync(PlannedTask planned, NightOrder order, NightRequest request, CancellationToken cancellation)
    {
        if (ConstraintCheck.OfTask(planned, order.Constraints).OrderByDescending(violation => violation.Blocked).FirstOrDefault() is { } violation) return (violation.Rule, violation.Message);
        var why = await memory.WhyNotAsync(planned, order.Agent, cancellation);
        return why is { Rule: NightMemory.FailedRule or NightHistory.RejectedRule } && request.Retry ? null : why;
    }

    private NightSession Note(NightSession session, NightTask task, bool isSaid = true)
    {
        Store.Save(session.Id, task);
        if (isSaid) say($"{task.TaskId}: {task.Outcome.ToString().ToLowerInvariant()}{(task.Reason is null ? "" : $": {task.Reason}")}");
        return session with { Tasks = [.. session.Tasks.Where(one => one.Ordinal != task.Ordinal), task] };
    }

    private NightOutcome.Finished Finish(NightSession session, string ending, Activity? span)
    {
        session = session with { State = NightState.Finished, Ended = Clock.GetUtcNow(), Ending = ending };
        Store.Save(session);
        NightSignals.EndSession(span, session);
        return new(session);
    }

    private static IReadOnlyList<PlannedTask> Chosen(NightOrder order, NightRequest request) =>
        request.Tasks is { } names ? [.. order.Ready.Where(task => names.Contains(task.Id, StringComparer.Ordinal))] : order.Ready;

    private NightOutcome.Refused? WhyNotBegin(NightOrder order)
    {
        if (order.Problems is [var first, ..]) return new(first.Message, order.Problems, first.Remedy ?? "Mend it in a commit, then run the session again.");
        return new AgentLauncher(settings.Agents, codebase.Options.Environment).WhyNot(order.Agent) is { } not ? new(not.Message, [], not.Remedy) : null;
    }

    /// <summary>Whether the branch is not what the session made of it any more.</summary>
    private async Task<bool> LostAsync(NightSession session, CancellationToken cancellation) =>
        session.Tasks.LastOrDefault(task => task.Outcome == TaskOutcome.Landed) is { } landed && !await History.StandsAsync(landed, cancellation);

    private NightOutcome.Finished Abandon(NightSession session, string why)
    {
        foreach (var task in session.Tasks.Where(task => task.Outcome == TaskOutcome.Running).ToList())
            session = Note(session, task with { Outcome = TaskOutcome.Abandoned, Ended = Clock.GetUtcNow(), Reason = why });
        return Finish(session, why, null);
    }

    private async Task<string> BranchAsync(CancellationToken cancellation)
    {
        for (var second = 0; ; second++)
        {
            var name = "autonomous-" + TimeZoneInfo.ConvertTime(Clock.GetUtcNow(), Clock.LocalTimeZone).AddSeconds(second).ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            if (await codebase.Base.ResolveAsync("refs/heads/" + name, cancellation) is null) return name;
        }
    }

    private void Watched(ExecutionEvent happened)
    {
        if (happened is TestFiguresReported { } tests) say(string.Create(CultureInfo.InvariantCulture, $"Tests of the base: {tests.Passed} of {tests.Total} passed."));
    }
}
