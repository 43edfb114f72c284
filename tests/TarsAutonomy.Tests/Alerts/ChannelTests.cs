using System.Text;
using TarsAutonomy.Alerts;
using TarsAutonomy.Sessions;

namespace TarsAutonomy.Tests.Alerts;

/// <summary>Each channel with its real other side.</summary>
public sealed class ChannelTests : IDisposable
{
    private static readonly Alert Hostile = new(
        AlertKind.Failed, "NIGHT-3: ü\r\nBcc: evil@example.org", "$(touch evil)\n.\nQUIT\n`x` ü", new NightId(3));

    private readonly OutboxGround ground = new();

    public void Dispose() => ground.Dispose();

    [Fact]
    public async Task A_command_gets_the_text_on_its_input_and_the_rest_as_variables()
    {
        ground.Variables["HOME"] = "/home/me";
        var script = Script("env > \"$1.env\"; cat > \"$1.text\"");
        Assert.Null(await SendAsync($"command: [/bin/sh, '{script}', '{ground.Folder.File("said")}']"));
        Assert.Equal("$(touch evil)\n.\nQUIT\n`x` ü", File.ReadAllText(ground.Folder.File("said.text")));
        var variables = File.ReadAllLines(ground.Folder.File("said.env"));
        Assert.Contains($"TARS_ALERT_ID={ground.Database.CodebaseId}-1", variables);
        Assert.Contains("TARS_ALERT_KIND=failed", variables);
        Assert.Contains("TARS_ALERT_NIGHT=NIGHT-3", variables);
        Assert.Contains("TARS_ALERT_CODEBASE=/code", variables);
        Assert.Contains("HOME=/home/me", variables);
        Assert.Contains(@"TARS_ALERT_TITLE=NIGHT-3: ü\u000d\u000aBcc: evil@example.org", variables);
    }

    [Theory]
    [InlineData("echo 'no\u001b[31m' >&2; exit 3", @"'/bin/sh' ended with code 3. no\u001b[31m")]
    [InlineData("kill -9 $$", "'/bin/sh' ended with signal 9.")]
    [InlineData("yes | head -c 10000000 >&2; exit 1", "ended with code 1. y y y")]
    public async Task A_command_that_fails_is_said_with_what_it_wrote(string body, string error) =>
        Assert.Contains(error, await SendAsync($"command: [/bin/sh, '{Script(body)}']"), StringComparison.Ordinal);

    [Theory]
    [InlineData("no-such-program", "'no-such-program' is not found on the PATH.")]
    [InlineData("/no/such/program", "'/no/such/program' could not be started")]
    public async Task A_command_that_is_not_there_is_said(string program, string error) =>
        Assert.Contains(error, await SendAsync($"command: ['{program}']"), StringComparison.Ordinal);

    [Fact]
    public async Task A_command_that_hangs_is_ended_at_the_deadline()
    {
        var outbox = ground.Outbox("command: [sleep, '1000']");
        outbox.Add(Hostile);
        await outbox.DeliverAsync(TimeSpan.FromMilliseconds(300));
        Assert.Equal("It was not done in time.", Assert.Single(outbox.List()).Error);
    }

    [Fact]
    public async Task A_webhook_gets_its_credential_and_no_redirection_takes_it_elsewhere()
    {
        await using var server = new HttpReceiver(_ => Task.FromResult(307));
        ground.Variables["HOOK"] = "Bearer s3cret";
        Assert.Equal("Answered 307.", await SendAsync($"webhook: {{url: '{server.Address}', header: Authorization, from-environment: HOOK}}"));
        Assert.Equal("Bearer s3cret", Assert.Single(server.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task A_credential_is_read_from_a_file_too_and_a_missing_one_sends_nothing()
    {
        await using var server = new HttpReceiver();
        File.WriteAllText(ground.Folder.File("key"), "k\n");
        Assert.Null(await SendAsync($"webhook: {{url: '{server.Address}', header: X-Key, from-file: {ground.Folder.File("key")}}}"));
        Assert.Equal("k", Assert.Single(server.Requests).Headers["X-Key"]);
        Assert.Contains("'NOTHING' is not set", await SendAsync($"webhook: {{url: '{server.Address}', header: X-Key, from-environment: NOTHING}}"), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_webhook_that_nobody_answers_is_said() =>
        Assert.Contains("refused", await SendAsync($"webhook: {{url: 'http://127.0.0.1:{HttpReceiver.FreePort()}/'}}"), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task A_mail_carries_the_text_a_stable_id_and_no_header_of_an_alerts_making()
    {
        await using var server = new MailServer();
        ground.Variables["PASSWORD"] = "pass word";
        Assert.Null(await SendAsync($"mail: {{host: 127.0.0.1, port: {server.Port}, tls: none, from: tars@example.org, to: [a@example.org, b@example.org], user: me, password-from-environment: PASSWORD}}"));
        var letter = Assert.Single(server.Letters);
        var (head, body) = (letter[..letter.IndexOf("\n\n", StringComparison.Ordinal)], letter[(letter.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]);
        Assert.Contains($"{ground.Database.CodebaseId}-1", head, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(head.Split('\n'), line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("$(touch evil)\n.\nQUIT\n`x` ü", Decode(head, body).ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.Equal(["RCPT TO:<a@example.org>", "RCPT TO:<b@example.org>"], server.Commands.Where(line => line.StartsWith("RCPT", StringComparison.Ordinal)));
        Assert.Contains(Convert.ToBase64String("pass word"u8), server.Commands);
    }

    [Fact]
    public async Task A_mail_server_that_refuses_or_offers_no_encryption_is_said_and_gets_nothing()
    {
        await using var server = new MailServer(refuses: true);
        var mail = $"mail: {{host: 127.0.0.1, port: {server.Port}, from: tars@example.org, to: [a@example.org], tls: ";
        Assert.Contains("no such person", await SendAsync(mail + "none}"), StringComparison.Ordinal);
        Assert.Contains("secure connections", await SendAsync(mail + "starttls}"), StringComparison.Ordinal);
        Assert.Empty(server.Letters);
    }

    [Fact]
    public async Task A_mail_server_that_says_nothing_costs_no_more_than_the_deadline()
    {
        await using var server = new MailServer(greeting: "220-wait");
        var outbox = ground.Outbox($"mail: {{host: 127.0.0.1, port: {server.Port}, tls: none, from: tars@example.org, to: [a@example.org]}}");
        outbox.Add(Hostile);
        await outbox.DeliverAsync(TimeSpan.FromMilliseconds(500)).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("It was not done in time.", Assert.Single(outbox.List()).Error);
    }

    /// <returns>Why it was not taken.</returns>
    private async Task<string?> SendAsync(string yaml)
    {
        var outbox = ground.Outbox("{on: [failed], " + yaml + "}");
        outbox.Add(Hostile);
        await outbox.DeliverAsync(OutboxGround.Soon);
        return outbox.List() is [.., var last] ? last.Error : null;
    }

    private string Script(string body)
    {
        var path = ground.Folder.File("script");
        File.WriteAllText(path, body);
        return path;
    }

    private static string Decode(string head, string body) => head.Contains("base64", StringComparison.OrdinalIgnoreCase)
        ? Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal)))
        : body;
}
