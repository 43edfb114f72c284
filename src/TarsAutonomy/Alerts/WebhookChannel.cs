using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using TarsEngine.Review;
using TarsEngine.Sandbox.Network;

namespace TarsAutonomy.Alerts;

/// <summary>Posts an alert as JSON.</summary>
internal sealed class WebhookChannel(WebhookSettings settings, IReadOnlyDictionary<string, string> environment) : IAlertChannel
{
    private const int KeptCharacters = 300;

    public string Name => "webhook";

    public async Task<string?> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        try
        {
            // No redirection: the credential is for this address alone.
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !settings.Url.IsLoopback };
            using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new StringContent(message.ToJson(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            request.Headers.TryAddWithoutValidation("X-Tars-Message-Id", message.Id);
            if (settings is { Header: { } header, Credential: { } place }) request.Headers.TryAddWithoutValidation(header, place.Value(environment));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.IsSuccessStatusCode ? null : await DescribeAsync(response, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or CredentialException)
        {
            return failure.Message;
        }
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var start = new byte[KeptCharacters];
        var length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"Answered {(int)response.StatusCode}. {SafeText.Line(Encoding.UTF8.GetString(start, 0, length).ReplaceLineEndings(" "))}").TrimEnd();
    }
}
