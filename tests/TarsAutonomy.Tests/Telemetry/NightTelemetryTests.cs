using System.Diagnostics;
using System.Text;
using TarsAutonomy.Sessions;
using TarsAutonomy.Telemetry;
using TarsEngine.Sandbox.Network;

namespace TarsAutonomy.Tests.Telemetry;

public sealed class NightTelemetryTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public async Task A_nights_spans_and_figures_reach_a_receiver_and_no_text_of_others_does()
    {
        await using var server = new HttpReceiver();
        var settings = Yaml.Sound($"endpoint: '{server.Address}otlp/'\nheader: X-Key\nfrom-environment: KEY", TelemetrySettings.Read);
        using (NightTelemetry.Start(settings, new Dictionary<string, string>(StringComparer.Ordinal) { ["KEY"] = "k" }, "0.1.0")) Night();
        var traces = Assert.Single(server.Requests, request => request.Path == "/otlp/v1/traces");
        var metrics = server.Requests.Last(request => request.Path == "/otlp/v1/metrics");
        Assert.Equal(("application/x-protobuf", "k"), (traces.Headers["Content-Type"], traces.Headers["X-Key"]));
        AssertHolds(traces, "night.session", "night.task", "night.attempt", "NIGHT-3", "task_1", "CTX-11", "scripted", "tars", "0.1.0");
        AssertHolds(metrics, "tars.night.tasks", "tars.night.task.duration", "tars.night.attempt.duration", "tars.night.tokens", "tars.night.cost", "outcome", "landed");
        foreach (var request in server.Requests) Assert.DoesNotContain("Add a greeting", Encoding.Latin1.GetString(request.Body), StringComparison.Ordinal);
    }

    [Fact]
    public void Spans_of_attempts_lie_in_those_of_tasks_and_these_in_the_sessions()
    {
        var ended = new List<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == NightSignals.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData, ActivityStopped = ended.Add };
        ActivitySource.AddActivityListener(listener);
        Night();
        var (attempt, task, session) = (ended.Single(span => span.OperationName == "night.attempt"), ended.Single(span => span.OperationName == "night.task"), ended.Single(span => span.OperationName == "night.session"));
        Assert.Equal((task.SpanId, session.SpanId), (attempt.ParentSpanId, task.ParentSpanId));
        Assert.Equal("landed", task.GetTagItem("tars.outcome"));
        Assert.Equal(1, session.GetTagItem("tars.tasks.landed"));
    }

    [Fact]
    public void It_is_off_without_an_address()
    {
        Assert.Null(NightTelemetry.Start(TelemetrySettings.Default, NoVariables, "0.1.0"));
        Assert.Null(NightSignals.BeginSession(new NightId(1), "nobody listens"));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_costs_the_end_of_a_night_no_more_than_was_allowed()
    {
        var never = new TaskCompletionSource<int>();
        await using var server = new HttpReceiver(_ => never.Task);
        var settings = Yaml.Sound($"endpoint: '{server.Address}'\nflush: 500ms", TelemetrySettings.Read);
        var telemetry = NightTelemetry.Start(settings, NoVariables, "0.1.0");
        Night();
        var watch = Stopwatch.StartNew();
        telemetry!.Dispose();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        never.SetResult(200);
    }

    [Fact]
    public void A_receiver_that_is_not_there_fails_nothing()
    {
        using var telemetry = NightTelemetry.Start(Yaml.Sound($"endpoint: 'http://127.0.0.1:{HttpReceiver.FreePort()}'", TelemetrySettings.Read), NoVariables, "0.1.0");
        Night();
    }

    [Fact]
    public void A_credential_that_is_not_there_is_said() => Assert.Throws<CredentialException>(() => NightTelemetry.Start(
        Yaml.Sound("endpoint: https://otlp.example.org\nheader: X-Key\nfrom-environment: KEY", TelemetrySettings.Read), NoVariables, "0.1.0"));

    [Theory]
    [InlineData("endpoint: http://collector.example.org:4318", "no https address")]
    [InlineData("{}", "'endpoint' is missing")]
    [InlineData("endpoint: https://a.example\nheader: X", "A header needs")]
    [InlineData("endpoint: https://a.example\nflush: 2h", "'flush' is a duration")]
    public void Settings_that_can_not_be_are_said(string yaml, string problem) =>
        Assert.Contains(problem, Yaml.Problems(yaml, TelemetrySettings.Read), StringComparison.Ordinal);

    private static void Night()
    {
        var task = Nights.Task(1, TaskOutcome.Landed);
        var night = Nights.Session(3, task);
        using var session = NightSignals.BeginSession(night.Id, night.Agent);
        using (var span = NightSignals.BeginTask(task.TaskId))
        {
            using (var attempt = NightSignals.BeginAttempt(2)) NightSignals.EndAttempt(attempt, task.Attempts[1]);
            NightSignals.EndAttempt(null, task.Attempts[0]);
            NightSignals.EndTask(span, task);
        }
        NightSignals.EndSession(session, night);
    }

    // Strings stand in the messages as they are.
    private static void AssertHolds(Received request, params string[] words)
    {
        var body = Encoding.Latin1.GetString(request.Body);
        Assert.All(words, word => Assert.Contains(word, body, StringComparison.Ordinal));
    }
}
