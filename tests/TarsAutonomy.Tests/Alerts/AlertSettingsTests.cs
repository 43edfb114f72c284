using TarsAutonomy.Alerts;

namespace TarsAutonomy.Tests.Alerts;

public sealed class AlertSettingsTests
{
    [Fact]
    public void Without_a_word_nobody_is_told_and_what_would_be_told_is_what_needs_a_person()
    {
        var settings = AlertSettings.Default;
        Assert.Equal((null, null, null), (settings.Command, settings.Webhook, settings.Mail));
        Assert.Equal([AlertKind.Failed, AlertKind.Held, AlertKind.Stopped, AlertKind.RedBaseline], settings.On.Order());
    }

    [Fact]
    public void Everything_can_be_said()
    {
        var settings = Yaml.Sound(
            """
            on: [finished, red-baseline]
            command: [notify-send, --app-name=TARS, The night]
            webhook: {url: https://hooks.example.org/x, header: Authorization, from-environment: HOOK}
            mail: {host: mail.example.org, port: 25, tls: starttls, from: tars@example.org, to: [me@example.org], user: me, password-from-file: /etc/secret}
            """,
            AlertSettings.Read);
        Assert.Equal([AlertKind.Finished, AlertKind.RedBaseline], settings.On.Order());
        Assert.Equal(["notify-send", "--app-name=TARS", "The night"], settings.Command!);
        Assert.Equal(new WebhookSettings(new("https://hooks.example.org/x"), "Authorization", new("HOOK", null)), settings.Webhook);
        Assert.Equal((25, true, new CredentialPlace(null, "/etc/secret")), (settings.Mail!.Port, settings.Mail.Encrypt, settings.Mail.Password));
    }

    [Theory]
    [InlineData("on: [failled]", "'failled' is no kind of alert")]
    [InlineData("on: [failled]", "Did you mean 'failed'?")]
    [InlineData("command: notify-send", "'command' is a list")]
    [InlineData("command: []", "is a program")]
    [InlineData("command: [./notify]", "is a program")]
    [InlineData("webhook: {url: 'http://example.org/'}", "is no https address")]
    [InlineData("webhook: {url: 'http://localhost.example.org/'}", "is no https address")]
    [InlineData("webhook: {url: 'ftp://127.0.0.1/'}", "is no https address")]
    [InlineData("webhook: {url: 'https://me:secret@example.org/'}", "is no https address")]
    [InlineData("webhook: {header: X}", "'url' is missing")]
    [InlineData("webhook: {url: 'https://example.org/', header: 'X: y'}", "no name of a header")]
    [InlineData("webhook: {url: 'https://example.org/', header: X}", "A header needs")]
    [InlineData("webhook: {url: 'https://example.org/', header: X, from-environment: A, from-file: /b}", "exclude each other")]
    [InlineData("webhook: {url: 'https://example.org/', header: X, from-file: ~/key}", "no absolute path")]
    [InlineData("mail: {host: mail.example.org, tls: none, from: a@b.example, to: [c@d.example]}", "unencrypted to this machine only")]
    [InlineData("mail: {host: mail.example.org, from: a@b.example}", "name at least one")]
    [InlineData("mail: {host: mail.example.org, from: nobody, to: [c@d.example]}", "'nobody' is no mail address")]
    [InlineData("mail: {host: mail.example.org, from: a@b.example, to: [c@d.example], user: me}", "belong together")]
    [InlineData("mail: {host: mail.example.org, from: a@b.example, to: [c@d.example], password: x}", "Unknown field 'password'")]
    [InlineData("slack: {}", "Unknown field 'slack'")]
    public void What_can_not_be_is_said(string yaml, string problem) =>
        Assert.Contains(problem, Yaml.Problems(yaml, AlertSettings.Read), StringComparison.Ordinal);
}
