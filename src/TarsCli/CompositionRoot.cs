using System.Collections;
using System.CommandLine;
using TarsCli.Output;
using TarsEngine;

namespace TarsCli;

/// <summary>The only place that reads the environment, the home folder and the clock; everything below gets them as parameters.</summary>
internal sealed class CompositionRoot(IReadOnlyDictionary<string, string> environment, string home, string user, Terminal terminal)
{
    public Terminal Terminal => terminal;

    /// <summary>The variables of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment => environment;

    /// <summary>Of this program, such as '0.1.0'.</summary>
    public static string Version { get; } = typeof(CompositionRoot).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public TimeProvider Clock { get; } = TimeProvider.System;
    public Func<Stream> Input { get; } = Console.OpenStandardInput;

    /// <summary>Standard output (1) or error (2) for bytes as they are. The console's own stream says nothing when its reader has gone.</summary>
    public static Stream Raw(int descriptor) => new DescriptorStream(descriptor);

    /// <summary>Standard input itself; never closed.</summary>
    public System.Runtime.InteropServices.SafeHandle LiveInput { get; } = new Microsoft.Win32.SafeHandles.SafeFileHandle(0, ownsHandle: false);

    /// <summary>Who reviews: the git identity given for this process, else the user of the operating system.</summary>
    public string Reviewer => Variable("GIT_AUTHOR_NAME") is not { } name ? user
        : Variable("GIT_AUTHOR_EMAIL") is { } mail ? $"{name} <{mail}>" : name;

    /// <summary>Where this user's programs are configured.</summary>
    public string ConfigurationFolder => Base("XDG_CONFIG_HOME", ".config");

    /// <summary>What another program would have to start to run this one, absolute: the program, or the runtime and the assembly.</summary>
    public IReadOnlyList<string> Program { get; } = Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet"
        ? [System.Environment.ProcessPath!, typeof(CompositionRoot).Assembly.Location]
        : [System.Environment.ProcessPath ?? "tarscli"];

    public static CompositionRoot OfThisProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry one in System.Environment.GetEnvironmentVariables()) variables[(string)one.Key] = (string?)one.Value ?? "";
        var (outputIsTerminal, errorIsTerminal) = (!Console.IsOutputRedirected, !Console.IsErrorRedirected);
        var allowsColors = !variables.ContainsKey("NO_COLOR") && variables.GetValueOrDefault("TERM") is not (null or "dumb");
        var terminal = new Terminal(
            Console.OpenStandardOutput(), Console.OpenStandardError(), outputIsTerminal, errorIsTerminal, allowsColors,
            outputIsTerminal ? TerminalSize.Columns(byDefault: 100) : 100);
        // Asks the user database where HOME is not set.
        return new(variables, System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), System.Environment.UserName, terminal);
    }

    /// <summary>Opens the codebase that the arguments name; what is waited for and what happens is told on the screen.</summary>
    public Task<Codebase> OpenAsync(ParseResult parsed, Screen screen, CancellationToken cancellation)
    {
        var configuration = ConfigurationFile(parsed.GetValue(Options.Config));
        var options = new CodebaseOptions(
            StartFolder: Path.GetFullPath(parsed.GetValue(Options.Folder) ?? "."),
            UserStateFolder: Path.Combine(Base("XDG_STATE_HOME", ".local/state"), "tars"),
            UserConfigurationFile: configuration,
            Actor: user,
            Environment: environment)
        {
            Clock = Clock,
            Agents = new Agents(configuration, environment),
            Waiting = text => screen.Talk(text, Style.Dim),
            Happened = new RunTalk(screen).Tell,
        };
        return Codebase.OpenAsync(options, cancellation);
    }

    private string? ConfigurationFile(string? given)
    {
        if (given is not null)
        {
            return File.Exists(given)
                ? Path.GetFullPath(given)
                : throw new UsageException($"The configuration file '{given}' isn't there.", "Give an existing file to --config, or leave the option out.");
        }
        var usual = Path.Combine(ConfigurationFolder, "tars", "config.yaml");
        return File.Exists(usual) ? usual : null;
    }

    // The specification of these variables says that a relative path is to be ignored.
    private string Base(string variable, string underHome) =>
        Variable(variable) is { } path && path.StartsWith('/') ? path : Path.Combine(home, underHome);

    /// <summary>A variable of the user's that is set and not empty.</summary>
    public string? Variable(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}

/// <summary>What was typed or given can't be used: exit code 2.</summary>
internal sealed class UsageException(string message, string hint) : Exception(message)
{
    public string Hint { get; } = hint;
}
