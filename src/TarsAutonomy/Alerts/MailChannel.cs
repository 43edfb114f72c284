using System.Net;
using System.Net.Mail;
using System.Text;
using TarsEngine.Review;
using TarsEngine.Sandbox.Network;

namespace TarsAutonomy.Alerts;

/// <summary>Sends an alert by mail.</summary>
internal sealed class MailChannel(MailSettings settings, IReadOnlyDictionary<string, string> environment) : IAlertChannel
{
    public string Name => "mail";

    public async Task<string?> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        try
        {
            using var mail = Write(message);
            using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.Encrypt };
            if (settings is { User: { } user, Password: { } place }) client.Credentials = new NetworkCredential(user, place.Value(environment));
            // The client hears a cancellation only between its own steps; it is let go of all the same, and closed.
            await client.SendMailAsync(mail, cancellation).WaitAsync(cancellation);
            return null;
        }
        catch (Exception failure) when (failure is SmtpException or IOException or CredentialException or System.Security.Authentication.AuthenticationException)
        {
            return failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message;
        }
    }

    private MailMessage Write(AlertMessage message)
    {
        var mail = new MailMessage
        {
            From = new MailAddress(settings.From),
            // A line end in a subject would begin another header.
            Subject = SafeText.Line("TARS " + message.Title, 200),
            SubjectEncoding = Encoding.UTF8,
            Body = message.Text,
            BodyEncoding = Encoding.UTF8,
        };
        foreach (var address in settings.To) mail.To.Add(new MailAddress(address));
        mail.Headers.Add("Message-ID", $"<{message.Id}@tars.invalid>");
        mail.Headers.Add("X-Tars-Message-Id", message.Id);
        // Answering machines leave it alone.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }
}
