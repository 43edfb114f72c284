using System.Diagnostics;
using System.Text.Json;
using TarsAutonomy.Alerts;
using TarsAutonomy.Sessions;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsAutonomy.Tests.Alerts;

public sealed class AlertOutboxTests : IDisposable
{
    private static readonly Alert Failed = new(AlertKind.Failed, "NIGHT-3: 1 failed", "It failed.\nSo it did.", new NightId(3)) { Report = "/reports/NIGHT-3.md" };
    private readonly OutboxGround ground = new();

    public void Dispose() => ground.Dispose();

    [Fact]
    public async Task An_alert_is_posted_with_everything_and_is_then_gone()
    {
        await using var server = new HttpReceiver();
        var outbox = ground.Outbox($"webhook: {{url: '{server.Address}hook'}}");
        outbox.Add(Failed);
        Assert.Equal(1, await outbox.DeliverAsync(OutboxGround.Soon));
        var request = Assert.Single(server.Requests);
        using var json = JsonDocument.Parse(request.Body);
        Assert.Equal(("POST", "/hook", "application/json"), (request.Method, request.Path, request.Headers["Content-Type"]));
        Assert.Equal(
            ["tars/alert/v1", $"{ground.Database.CodebaseId}-1", "failed", "NIGHT-3: 1 failed", "It failed.\nSo it did.", "NIGHT-3", "/reports/NIGHT-3.md", "/code", "2025-01-01T02:00:00+00:00"],
            json.RootElement.EnumerateObject().Select(property => property.Value.GetString()));
        Assert.Equal(request.Headers["X-Tars-Message-Id"], json.RootElement.GetProperty("id").GetString());
        Assert.Empty(outbox.List());
        Assert.Equal(0, await outbox.DeliverAsync(OutboxGround.Soon));
    }

    [Fact]
    public void Only_what_was_asked_for_is_kept_and_it_outlives_the_process()
    {
        const string settings = "{on: [held], command: ['true'], webhook: {url: 'https://example.org/'}}";
        ground.Outbox(settings).Add(Failed);
        Assert.Empty(ground.Outbox(settings).List());
        ground.Outbox(settings).Add(Failed with { Kind = AlertKind.Held });
        ground.Reopen();
        Assert.Equal([("command", "held", 0), ("webhook", "held", 0)], ground.Outbox(settings).List().Select(item => (item.Channel, item.Kind, item.Attempts)));
    }

    [Fact]
    public async Task A_channel_that_fails_is_tried_again_with_growing_pauses_and_given_up_after_about_a_day()
    {
        await using var server = new HttpReceiver(_ => Task.FromResult(503));
        var outbox = ground.Outbox($"webhook: {{url: '{server.Address}'}}");
        outbox.Add(Failed);
        var waited = TimeSpan.Zero;
        for (var minutes = 0; outbox.List() is [{ Due: not null }]; minutes++)
        {
            await outbox.DeliverAsync(OutboxGround.Soon);
            ground.Later(TimeSpan.FromMinutes(1));
            waited += TimeSpan.FromMinutes(1);
        }
        Assert.Equal(AlertOutbox.MostAttempts, server.Requests.Count);
        Assert.InRange(waited.TotalHours, 12, 36);
        var item = Assert.Single(outbox.List());
        Assert.Equal("Answered 503. because\\u001b[31m", item.Error);
        Assert.Null(outbox.NextDue());
        Assert.Equal(0, await outbox.DeliverAsync(OutboxGround.Soon));
        Assert.Single(server.Requests.Select(request => request.Headers["X-Tars-Message-Id"]).Distinct());
        // Shown for a month, then it makes room.
        ground.Later(TimeSpan.FromDays(31));
        outbox.Add(Failed);
        Assert.Equal(2, Assert.Single(outbox.List()).Number);
    }

    [Fact]
    public async Task One_channel_that_fails_or_hangs_does_not_keep_the_others_waiting()
    {
        var never = new TaskCompletionSource<int>();
        await using var server = new HttpReceiver(_ => never.Task);
        var outbox = ground.Outbox($"{{command: ['true'], webhook: {{url: '{server.Address}'}}, mail: {{host: 127.0.0.1, port: {HttpReceiver.FreePort()}, tls: none, from: a@b.example, to: [c@d.example]}}}}");
        outbox.Add(Failed);
        outbox.Add(Failed);
        var watch = Stopwatch.StartNew();
        Assert.Equal(2, await outbox.DeliverAsync(TimeSpan.FromSeconds(1)));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 15);
        Assert.Equal(["webhook", "mail", "webhook", "mail"], outbox.List().Select(item => item.Channel));
        Assert.Equal("It was not done in time.", outbox.List()[0].Error);
        never.SetResult(200);
    }

    [Fact]
    public async Task Messages_of_a_channel_go_out_in_their_order()
    {
        await using var server = new HttpReceiver();
        var outbox = ground.Outbox($"webhook: {{url: '{server.Address}'}}");
        for (var i = 0; i < 5; i++) outbox.Add(Failed with { Title = $"{i}" });
        Assert.Equal(5, await outbox.DeliverAsync(OutboxGround.Soon));
        Assert.Equal(["0", "1", "2", "3", "4"], server.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task A_delivery_that_is_killed_before_it_is_noted_is_repeated_with_the_same_id()
    {
        await using var server = new HttpReceiver();
        var settings = $"webhook: {{url: '{server.Address}'}}";
        ground.Outbox(settings).Add(Failed);
        ground.Reopen(new KilledAtDelete());
        await Assert.ThrowsAsync<KilledException>(() => ground.Outbox(settings).DeliverAsync(OutboxGround.Soon));
        ground.Reopen();
        Assert.Equal(1, await ground.Outbox(settings).DeliverAsync(OutboxGround.Soon));
        Assert.Equal(2, server.Requests.Count);
        Assert.Single(server.Requests.Select(request => request.Headers["X-Tars-Message-Id"]).Distinct());
        Assert.Empty(ground.Outbox(settings).List());
    }

    [Fact]
    public async Task Two_that_deliver_at_once_deliver_each_message_once()
    {
        await using var server = new HttpReceiver();
        var outbox = ground.Outbox($"webhook: {{url: '{server.Address}'}}");
        for (var i = 0; i < 5; i++) outbox.Add(Failed);
        await Task.WhenAll(outbox.DeliverAsync(OutboxGround.Soon), outbox.DeliverAsync(OutboxGround.Soon));
        await outbox.DeliverAsync(OutboxGround.Soon);
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_propagates_and_loses_nothing()
    {
        await using var server = new HttpReceiver(async _ =>
        {
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            return 200;
        });
        using var cancel = new CancellationTokenSource(200);
        var outbox = ground.Outbox($"webhook: {{url: '{server.Address}'}}");
        outbox.Add(Failed);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outbox.DeliverAsync(OutboxGround.Soon, cancel.Token));
        Assert.Single(outbox.List());
    }

    [Fact]
    public void A_damaged_row_is_said_and_never_sent()
    {
        var outbox = ground.Outbox("{command: ['true']}");
        outbox.Add(Failed);
        ground.Database.Write("damage", tx => tx.Execute("UPDATE outbox SET body = replace(body, 'failed', 'passed')"));
        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => outbox.List()).Problem);
    }

    [Fact]
    public async Task What_a_clock_that_was_ahead_put_off_is_not_put_off_for_years()
    {
        await using var server = new HttpReceiver();
        var outbox = ground.Outbox($"webhook: {{url: '{server.Address}'}}");
        ground.Later(TimeSpan.FromDays(1000));
        outbox.Add(Failed);
        ground.Later(TimeSpan.FromDays(-1000));
        Assert.Equal(1, await outbox.DeliverAsync(OutboxGround.Soon));
    }

    private sealed class KilledAtDelete : ISeamObserver
    {
        private bool struck;

        public void Before(SeamCall call)
        {
            struck |= call.Operation == "delete outbox";
            if (struck) throw new KilledException();
        }

        public void After(SeamCall call)
        {
        }
    }

    private sealed class KilledException : Exception;
}
