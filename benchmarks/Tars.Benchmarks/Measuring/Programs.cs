using System.Diagnostics;

namespace Tars.Benchmarks.Measuring;

/// <summary>Programs as a person starts them: nothing between them and the clock.</summary>
internal static class Programs
{
    /// <summary>The command line, as it was built beside this program.</summary>
    public static string Tarscli { get; } = Found(Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../src/TarsCli", Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "../../.."), AppContext.BaseDirectory), "tarscli.dll")));

    /// <summary>Runs git where its user's configuration can't change the figure.</summary>
    public static Task GitAsync(string folder, CancellationToken cancellation, params string[] arguments) => RunAsync("git", arguments, folder, Hermetic, cancellation);

    /// <summary>Runs tarscli with a home of its own.</summary>
    /// <param name="home">Where its key and its configuration lie.</param>
    public static Task TarscliAsync(string folder, string home, CancellationToken cancellation, params string[] arguments) =>
        RunAsync("dotnet", ["exec", Tarscli, .. arguments], folder, new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_STATE_HOME"] = home, ["XDG_CONFIG_HOME"] = home }, cancellation);

    public static async Task RunAsync(string program, IReadOnlyList<string> arguments, string folder, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, problem) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}: {await said}{await problem}");
    }

    private static Dictionary<string, string> Hermetic { get; } = new(StringComparer.Ordinal) { ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1" };

    private static string Found(string path) => File.Exists(path) ? path : throw new InvalidOperationException($"'{path}' is not built: './run bench' does that.");
}
