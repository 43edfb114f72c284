using System.CommandLine;
using System.Globalization;
using TarsCli.Output;
using TarsEngine.Storage;

namespace TarsCli;

internal enum OutputFormat
{
    Text,
    Json,
}

/// <summary>How findings are written.</summary>
internal enum ReportFormat
{
    Text,
    Json,
    Sarif,
}

/// <summary>The kinds of option that commands share: ids, switches, seconds, choices. Each says what it takes when it gets something else.</summary>
internal static class Options
{
    /// <summary>-C: the codebase, or a folder inside it.</summary>
    public static Option<string> Folder { get; } = new("-C")
    {
        Description = "The codebase, or a folder inside it (default: the current folder)",
        HelpName = "folder",
        Recursive = true,
    };

    public static Option<string> Config { get; } = new("--config")
    {
        Description = "Your own configuration, instead of $XDG_CONFIG_HOME/tars/config.yaml",
        HelpName = "file",
        Recursive = true,
    };

    public static Option<ColorChoice> Color { get; } = Choice("--color", "Colours: on a terminal, always, or never", ColorChoice.Auto, recursive: true);

    /// <summary>A switch that takes bare, '=false' and ' false'.</summary>
    public static Option<bool> Switch(string name, string description, bool byDefault = false) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => byDefault,
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "true|false",
    };

    public static Option<ContextId> Context(string description) => Id<ContextId>("--context-id", "context-id", description, ContextId.TryParse);

    public static Option<ImprovementId> Improvement(string description) => Id<ImprovementId>("--id", "improvement-id", description, ImprovementId.TryParse);

    public static Option<TransactionId> Transaction(string description) => Id<TransactionId>("--transaction-id", "transaction-id", description, TransactionId.TryParse);

    public static Option<OutputFormat> Format() => Choice("--format", "text for people, json for programs", OutputFormat.Text);

    /// <summary>For commands that list findings.</summary>
    public static Option<ReportFormat> FindingsFormat() => Choice("--format", "text for people, json for programs, sarif for code hosts and editors", ReportFormat.Text);

    /// <summary>A whole number between two bounds.</summary>
    public static Option<int> Number(string name, string helpName, string description, int byDefault, int from, int to) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to) return number;
            result.AddError($"'{text}' is no value for {name}: it takes a whole number from {from} to {to}.");
            return byDefault;
        },
    };

    /// <summary>A number of bytes: 500, 20M, 2G. Null where it is not given.</summary>
    public static Option<long?> Size(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "bytes",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            var shift = text.Length == 0 ? 0 : text[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
            if (long.TryParse(shift > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> (shift + 1)) return number << shift;
            result.AddError($"'{text}' is no value for {name}: it takes a number of bytes, such as 500, 20M or 2G.");
            return null;
        },
    };

    /// <summary>A span of time: 90s, 5m, 3d. Null where it is not given.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "duration",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (TarsEngine.Documents.Durations.TryParse(text, out var duration)) return duration;
            result.AddError($"'{text}' is no value for {name}: it takes a duration with its unit, such as 90s, 5m or 3d.");
            return null;
        },
    };

    /// <summary>'90s', '5m', '1h30m'.</summary>
    public static Option<TimeSpan> Time(string name, string description, TimeSpan byDefault) => new(name)
    {
        Description = $"{description}: 90s, 5m, 1h30m",
        HelpName = "time",
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (TarsEngine.Documents.Durations.TryParse(text, out var time) && time > TimeSpan.Zero) return time;
            result.AddError($"'{text}' is no value for {name}: it takes a time such as 90s, 5m or 1h30m.");
            return byDefault;
        },
    };

    public static Option<T> Choice<T>(string name, string description, T byDefault, bool recursive = false) where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(v => v.ToString().ToLowerInvariant(), v => v, StringComparer.Ordinal);
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', names.Keys),
            Recursive = recursive,
            DefaultValueFactory = _ => byDefault,
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (names.TryGetValue(text, out var value)) return value;
                result.AddError($"'{text}' is no value for {name}: it takes {string.Join(", ", names.Keys)}.");
                return byDefault;
            },
        };
        option.CompletionSources.Add(_ => names.Keys.Select(n => new System.CommandLine.Completions.CompletionItem(n)));
        return option;
    }

    /// <summary>An id as a bare argument: 'improve show IMP-12'.</summary>
    public static Argument<T> IdArgument<T>(string name, string description, TryParseId<T> parse) where T : struct => new(name)
    {
        Description = description,
        CustomParser = result => Parse(result, parse),
    };

    private static Option<T> Id<T>(string name, string helpName, string description, TryParseId<T> parse) where T : struct => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Parse(result, parse),
    };

    private static T Parse<T>(System.CommandLine.Parsing.ArgumentResult result, TryParseId<T> parse) where T : struct
    {
        if (parse(result.Tokens.Count > 0 ? result.Tokens[0].Value : "", out var id, out var problem)) return id;
        result.AddError(problem);
        return default;
    }
}

internal delegate bool TryParseId<T>(string text, out T id, out string problem);
