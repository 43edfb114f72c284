using System.Text;
using TarsEngine.Processes;
using TarsEngine.Review;

namespace TarsAutonomy.Alerts;

/// <summary>Runs the user's own command on the host, with the text on its standard input. Its words are never made of an alert's.</summary>
internal sealed class CommandChannel(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment) : IAlertChannel
{
    private const int KeptBytes = 4096;

    public string Name => "command";

    public async Task<string?> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        if (FindProgram() is not { } program) return $"'{command[0]}' is not found on the PATH.";
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(message.Text));
        var child = new ChildCommand(program, [.. command.Skip(1)]) { Environment = Variables(message), Input = text, KeepBytes = KeptBytes };
        try
        {
            var result = await ChildProcess.RunAsync(child, cancellation);
            return result.Succeeded ? null : $"'{command[0]}' ended with {(result.ExitCode is { } code ? $"code {code}" : $"signal {result.Signal}")}. {SafeText.Line(result.ErrorText.ReplaceLineEndings(" "), 300)}".TrimEnd();
        }
        catch (ProcessStartException failure)
        {
            return failure.Message;
        }
    }

    private Dictionary<string, string> Variables(AlertMessage message)
    {
        var variables = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        var ours = new[]
        {
            ("ID", message.Id), ("KIND", message.Kind), ("TITLE", message.Title), ("NIGHT", message.Night), ("REPORT", message.Report), ("CODEBASE", message.Codebase),
        };
        foreach (var (name, value) in ours) variables["TARS_ALERT_" + name] = SafeText.Line(value ?? "");
        return variables;
    }

    private string? FindProgram() => command[0].Contains('/', StringComparison.Ordinal)
        ? command[0]
        : (environment.GetValueOrDefault("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':').Where(folder => folder.StartsWith('/'))
            .Select(folder => Path.Combine(folder, command[0])).FirstOrDefault(File.Exists);
}
