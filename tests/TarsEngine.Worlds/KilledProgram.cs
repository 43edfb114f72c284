using System.Diagnostics;
using System.Globalization;

namespace TarsEngine.Worlds;

/// <summary>
/// The real tarscli on a small repository, killed by the kernel at its n-th system call of a kind: before and between all that it and SQLite
/// do. The next command has to find all-before or all-after. Needs strace and git.
/// </summary>
internal sealed class KilledProgram
{
    private const string Calls = "rename,renameat,renameat2,fsync,fdatasync,syncfs,write,pwrite64,ftruncate,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlinkat";
    private const string Improvement = """
        schema: tars/improvement/v1
        title: mixed
        steps:
          - id: change
            edits:
              - replace: a.txt
                content: A2
              - delete: sub/c.txt
              - create: new/n.txt
                content: new
          - id: note
            transaction: second
            depends-on: [change]
            edits:
              - symlink: link
                target: a.txt
        """;

    private readonly string place, world;
    private readonly string[] command;
    private readonly IReadOnlyList<string> before, after;

    /// <summary>Brings a world to where the command is given, and does it once unharmed.</summary>
    /// <param name="place">A folder of its own.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public KilledProgram(string place, string name)
    {
        (this.place, world) = (place, Path.Combine(place, "world"));
        command = name == "approve" ? ["execute", "review", "--context-id", "CTX-1", "--approve"] : ["execute", "rollback", "--context-id", "CTX-1", "--all"];
        Shape.Write(world, "home/config/tars/config.yaml", "checks: []\nallow:\n  unproven: true\n");
        Shape.Write(world, "home/improvement.yaml", Improvement);
        Shape.Named("deep").Before(Code);
        Must("git", "init", "-q");
        Must("git", "add", "-A");
        Must("git", "-c", "user.name=Tess Ter", "-c", "user.email=tess@example.invalid", "commit", "-q", "-m", "base");
        Must("dotnet", [Program, "improve", "add", Path.Combine(world, "home", "improvement.yaml")]);
        Must("dotnet", [Program, "execute", "improvement", "--id", "IMP-1", .. name == "approve" ? (string[])[] : ["--approve-when-valid"]]);
        before = CommitWorld.Scan(Code);
        Deed.Copy(world, Kept);
        Points = Record();
        after = CommitWorld.Scan(Code);
        if (before.SequenceEqual(after)) throw new InvalidOperationException($"'{name}' changes nothing.");
    }

    /// <summary>The commands that are killed: a landing, and a rollback.</summary>
    public static IReadOnlyList<string> Names { get; } = ["approve", "rollback"];

    /// <summary>Every call by which the command changed its world when nobody killed it: its kind, and the how manieth of a thread's it was.</summary>
    public IReadOnlyList<(string Call, int Number)> Points { get; }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "tarscli.dll");

    private string Code => Path.Combine(world, "code");

    private string Kept => Path.Combine(place, "kept");

    /// <returns>Whether the program died of it; and what is wrong afterwards, null when nothing is.</returns>
    public (bool Died, string? Problem) Kill(string call, int number)
    {
        Deed.Copy(Kept, world);
        var inject = string.Create(CultureInfo.InvariantCulture, $"inject={call}:signal=KILL:when={number}");
        // Without --seccomp-bpf: with it strace 6.1 counts no further than to the first call, and nobody dies at any other.
        var (code, _) = Run("strace", ["-f", "-e", "trace=" + call, "-e", inject, "-o", "/dev/null", "dotnet", Program, .. command]);
        // The next command, whichever it is, settles what the dead one left.
        var (intact, said) = Run("dotnet", Program, "audit", "verify");
        var found = CommitWorld.Scan(Code);
        var problem = intact != 0 ? $"'audit verify' ended with {intact}: {said}"
            : found.SequenceEqual(after) || (code != 0 && found.SequenceEqual(before)) ? null
            : $"it ended with {code}; {(code == 0 ? "not after" : "neither before nor after")}:\n  {string.Join("\n  ", found)}\n{said}";
        return (code is not (>= 0 and < 128), problem);
    }

    private List<(string Call, int Number)> Record()
    {
        var traces = Directory.CreateDirectory(Path.Combine(place, "traces")).FullName;
        Must("strace", ["-ff", "-y", "-s", "0", "-e", "trace=" + Calls, "-o", Path.Combine(traces, "of"), "dotnet", Program, .. command]);
        var points = new SortedSet<(string Call, int Number)>();
        foreach (var file in Directory.GetFiles(traces))
        {
            // strace counts for each thread and each kind of call.
            foreach (var kind in File.ReadLines(file).Where(line => line.Contains('(', StringComparison.Ordinal)).GroupBy(line => line[..line.IndexOf('(', StringComparison.Ordinal)], StringComparer.Ordinal))
                points.UnionWith(kind.Select((line, i) => (line, Number: i + 1)).Where(one => one.line.Contains(world, StringComparison.Ordinal)).Select(one => (kind.Key, one.Number)));
        }
        return [.. points];
    }

    private void Must(string program, params string[] arguments)
    {
        if (Run(program, arguments) is (not 0 and var code, var said)) throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {code}: {said}");
    }

    private (int Code, string Said) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Code, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // What a toolchain needs to start stays; nothing else of the machine's user does.
        foreach (var name in start.Environment.Keys.Where(name => name is not ("PATH" or "DOTNET_ROOT")).ToList()) start.Environment.Remove(name);
        var home = Path.Combine(world, "home");
        foreach (var (name, folder) in ((string, string)[])[("HOME", ""), ("XDG_STATE_HOME", "state"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")])
            start.Environment[name] = Path.Combine(home, folder);
        foreach (var (name, value) in ((string, string)[])[("USER", "tester"), ("GIT_CONFIG_NOSYSTEM", "1"), ("DOTNET_EnableDiagnostics", "0")]) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (answer, talk) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, answer.GetAwaiter().GetResult() + talk.GetAwaiter().GetResult());
    }
}
