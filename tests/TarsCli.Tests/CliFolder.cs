using System.Diagnostics;

namespace TarsCli.Tests;

/// <summary>What a command said, and how it ended.</summary>
internal sealed record CliResult(int Code, string Answer, string Talk)
{
    public override string ToString() => $"exit {Code}\n--- stdout\n{Answer}\n--- stderr\n{Talk}";
}

/// <summary>A folder with a home of its own; the real tarscli runs in it as a process that knows nothing of this machine's user.</summary>
internal sealed class CliFolder : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "tarscli.dll");
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("tars-cli-test-");

    public CliFolder()
    {
        Codebase = Path.Combine(home.FullName, "cöde base");
        Directory.CreateDirectory(Codebase);
    }

    public string Home => home.FullName;
    public string Codebase { get; }

    /// <summary>Variables that its processes get besides the usual ones.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public string File(string name) => Path.Combine(Codebase, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllText(File(name), text);
    }

    public string Read(string name) => System.IO.File.ReadAllText(File(name));

    /// <summary>The user's own configuration.</summary>
    public void Configure(string yaml)
    {
        Directory.CreateDirectory(Path.Combine(Home, "config", "tars"));
        System.IO.File.WriteAllText(Path.Combine(Home, "config", "tars", "config.yaml"), yaml);
    }

    /// <summary>An improvement that creates one file.</summary>
    public void Add(string path, string content)
    {
        var file = Path.Combine(Home, "improvement.yaml");
        System.IO.File.WriteAllText(file, $"schema: tars/improvement/v1\ntitle: Create {path}\nedits:\n  - create: {path}\n    content: |\n      {content}");
        Expect(0, "improve", "add", file);
    }

    public CliResult Run(params string[] arguments) => RunAsync(Codebase, null, arguments).GetAwaiter().GetResult();

    /// <summary>Another program of ours that lies beside the tests.</summary>
    public CliResult RunProgram(string name, params string[] arguments) =>
        StartAsync("dotnet", Codebase, null, [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments]).GetAwaiter().GetResult();

    public CliResult RunWithInput(string input, params string[] arguments) => RunAsync(Codebase, input, arguments).GetAwaiter().GetResult();

    public Task<CliResult> RunAsync(string folder, string? input, params string[] arguments) =>
        StartAsync("dotnet", folder, input, [Program, .. arguments]);

    /// <summary>A shell line in which "$@" is tarscli.</summary>
    public CliResult RunShell(string line) => StartAsync("/bin/sh", Codebase, null, ["-c", line, "sh", "dotnet", Program]).GetAwaiter().GetResult();

    /// <summary>Runs it as another user, who owns nothing but this folder; as ourselves where we may not change users.</summary>
    public CliResult RunAsOrdinaryUser(params string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess) return Run(arguments);
        var copy = Path.Combine(Home, "program");
        if (!Directory.Exists(copy)) Must("cp", "-r", AppContext.BaseDirectory, copy);
        Must("chown", "-R", "65533:65533", Home);
        return StartAsync("setpriv", Codebase, null, ["--reuid=65533", "--regid=65533", "--clear-groups", "dotnet", Path.Combine(copy, "tarscli.dll"), .. arguments]).GetAwaiter().GetResult();
    }

    public Process Start(params string[] arguments) => Process.Start(StartInfo("dotnet", Codebase, [Program, .. arguments]))!;

    public string Git(params string[] arguments)
    {
        var result = StartAsync("git", Codebase, null, arguments).GetAwaiter().GetResult();
        return result.Code == 0 ? result.Answer.TrimEnd('\n') : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {result}");
    }

    /// <summary>A git repository with one commit of what is there.</summary>
    public void Commit(string message = "base")
    {
        if (!Directory.Exists(File(".git"))) Git("init", "-q", "-b", "main");
        Git("add", "-A");
        Git("commit", "-q", "-m", message);
    }

    /// <summary>Fails with everything that was said when the code is another.</summary>
    public CliResult Expect(int code, params string[] arguments)
    {
        var result = Run(arguments);
        Assert.True(result.Code == code, $"tarscli {string.Join(' ', arguments)}: expected {code}, {result}");
        return result;
    }

    public void Dispose()
    {
        StartAsync("chmod", "/", null, ["-R", "u+rwX", Home]).GetAwaiter().GetResult();
        home.Delete(recursive: true);
    }

    private void Must(string program, params string[] arguments)
    {
        var result = StartAsync(program, "/", null, arguments).GetAwaiter().GetResult();
        if (result.Code != 0) throw new InvalidOperationException($"{program}: {result}");
    }

    private async Task<CliResult> StartAsync(string program, string folder, string? input, string[] arguments)
    {
        using var process = Process.Start(StartInfo(program, folder, arguments))!;
        var answer = process.StandardOutput.ReadToEndAsync();
        var talk = process.StandardError.ReadToEndAsync();
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await answer, await talk);
    }

    private ProcessStartInfo StartInfo(string program, string folder, string[] arguments)
    {
        // Whoever runs the tests in the background ignores SIGINT, and its children inherit that: then no test could interrupt them.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,QUIT,HUP", program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.ToList())
        {
            // What a toolchain needs to start stays; nothing else of the machine's user does.
            if (name is not ("PATH" or "DOTNET_ROOT" or "NUGET_PACKAGES" or "LANG" or "TZ")) start.Environment.Remove(name);
        }
        start.Environment["HOME"] = Home;
        start.Environment["USER"] = "tester";
        start.Environment["XDG_STATE_HOME"] = Path.Combine(Home, "state");
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Home, "config");
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(Home, "cache");
        start.Environment["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var part in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{part}_NAME"] = "Tess Ter";
            start.Environment[$"GIT_{part}_EMAIL"] = "tess@example.invalid";
        }
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        return start;
    }
}
