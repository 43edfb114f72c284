using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TarsAutonomy.Sessions;
using TarsEngine.Sandbox.Network;

namespace TarsAutonomy.Telemetry;

/// <summary>Sends what <see cref="NightSignals"/> tells to an OTLP receiver, from its start until it is disposed of. A receiver that is not there costs the night nothing.</summary>
public sealed class NightTelemetry : IDisposable
{
    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;
    private readonly TimeSpan flush;

    private NightTelemetry(TracerProvider traces, MeterProvider metrics, TimeSpan flush) => (this.traces, this.metrics, this.flush) = (traces, metrics, flush);

    /// <param name="environment">The user's, for the credential.</param>
    /// <returns>Null where it is off: then not even its assemblies are loaded.</returns>
    /// <exception cref="CredentialException">The credential that the settings name isn't there.</exception>
    public static IDisposable? Start(TelemetrySettings settings, IReadOnlyDictionary<string, string> environment, string version) =>
        settings.Endpoint is null ? null : Begin(settings, settings.Endpoint, settings.Credential?.Value(environment), version);

    /// <summary>Sends what is left, for as long as the settings allow.</summary>
    public void Dispose()
    {
        var limit = (int)flush.TotalMilliseconds;
        Task.WaitAll([Task.Run(() => traces.Shutdown(limit)), Task.Run(() => metrics.Shutdown(limit))], limit);
        traces.Dispose();
        metrics.Dispose();
    }

    private static NightTelemetry Begin(TelemetrySettings settings, Uri endpoint, string? credential, string version)
    {
        // Not the default one, which takes attributes from variables.
        var resource = ResourceBuilder.CreateEmpty().AddService("tars", serviceVersion: version, autoGenerateServiceInstanceId: true).AddTelemetrySdk();
        var tracing = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).SetSampler(new AlwaysOnSampler()).AddSource(NightSignals.Name).AddOtlpExporter(options => Configure(options, "v1/traces")).Build();
        var measuring = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(NightSignals.Name).AddOtlpExporter(options => Configure(options, "v1/metrics")).Build();
        return new(tracing, measuring, settings.Flush);

        void Configure(OtlpExporterOptions options, string path)
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            // An address that is set is taken as it is, without the signal's own path.
            options.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
            options.TimeoutMilliseconds = (int)settings.Flush.TotalMilliseconds;
            options.HttpClientFactory = Client;
        }

        // No redirection: the credential is for this address alone. It is in no options, where variables would have their say.
        HttpClient Client()
        {
            var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !endpoint.IsLoopback }) { Timeout = settings.Flush };
            if (settings.Header is { } header) client.DefaultRequestHeaders.TryAddWithoutValidation(header, credential);
            return client;
        }
    }
}
