using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Terminal;
using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Failures;
using TarsEngine.Terminal.Scripts;

namespace TarsCli.Output;

/// <summary>'script run --format json': how it ended.</summary>
/// <param name="Failure">Null when it succeeded.</param>
/// <param name="Missing">The package that it lacked, whatever became of it.</param>
internal sealed record ScriptDocument(
    string Entry, string Language, bool Succeeded, int? ExitCode, int? Signal, bool TimedOut, double Seconds, string LogFile, ScriptFailureItem? Failure, MissingPackageItem? Missing)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/script/v1";

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.ScriptDocument);

    /// <summary>Null when nothing ran.</summary>
    public static ScriptDocument? Of(ScriptOutcome outcome) => outcome switch
    {
        ScriptSucceeded done => Of(done.Entry, done.Result, failure: null, done.Installed),
        ScriptFailed failed => Of(failed.Entry, failed.Result, failed.Failure, failed.Dependency ?? failed.Installed),
        _ => null,
    };

    private static ScriptDocument Of(EntryPoint entry, CommandResult result, CommandFailure? failure, DependencyOutcome? dependency) => new(
        entry.Path.ToString(), entry.Language.ToString().ToLowerInvariant(), result.Succeeded, result.ExitCode, result.Signal, result.TimedOut, result.Duration.TotalSeconds, result.LogFile,
        failure is null ? null : new(failure.Kind, failure.Text, failure.Place?.Path, failure.Place?.Line),
        dependency is null ? null : new(PackageNames.KeyOf(dependency.Missing.Ecosystem), dependency.Missing.AskedFor, dependency.Missing.Package, dependency.Missing.IsGuess,
            dependency is DependencyInstalled, dependency.Text));
}

/// <param name="Kind">'syntax', 'missing-dependency', 'runtime', 'timeout', 'memory', 'limit', 'permission', 'exit' or 'signal'.</param>
internal sealed record ScriptFailureItem(string Kind, string Message, string? Path, int? Line);

internal sealed record MissingPackageItem(string Ecosystem, string AskedFor, string Package, bool IsGuess, bool Installed, string Message);
