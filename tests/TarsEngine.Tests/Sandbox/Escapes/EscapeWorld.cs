using System.Diagnostics;
using System.Text;
using TarsEngine.Processes;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Layers;

namespace TarsEngine.Tests.Sandbox.Escapes;

/// <summary>The host's side of the escape table: something of each kind to reach, and ways to run probes outside and inside.</summary>
public sealed class EscapeWorld : IDisposable
{
    private const string Secret = "TARS_ESCAPE_SECRET";
    private static readonly string compilerFolder = Repository.In("tests", "TarsEngine.Tests", "Sandbox", "Escapes");
    private readonly SandboxFixture sandbox = new();
    private readonly Process fixture;
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private int counter;

    public EscapeWorld()
    {
        ProbeFolder = Directory.CreateDirectory(Path.Combine(sandbox.Outside, "probe")).FullName;
        Compile();
        var packages = Make("packages");
        var home = Make("home/.ssh", "home/.cargo");
        foreach (var file in (string[])["secret", "changed", "removable", "movable", "home/.ssh/id_ed25519", "home/.cargo/credentials.toml", "home/.npmrc"])
            File.WriteAllText(Path.Combine(sandbox.Outside, file), "secret\n");
        Directory.CreateDirectory(Path.Combine(sandbox.Codebase, ".git/hooks"));
        File.WriteAllText(Path.Combine(sandbox.Codebase, ".git/config"), "[core]\n");
        Paths = sandbox.Paths with { PackageFolder = packages };
        fixture = Process.Start(new ProcessStartInfo(Path.Combine(ProbeFolder, "probe"), ["fixture", sandbox.Outside]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = sandbox.Outside })!;
        while (fixture.StandardOutput.ReadLine() is { Length: > 0 } line) variables[line[..line.IndexOf('=', StringComparison.Ordinal)]] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
        foreach (var (name, value) in new[]
                 {
                     ("OUTSIDE", sandbox.Outside), ("CODEBASE", sandbox.Codebase), ("STATE", sandbox.State.Root), ("PACKAGES", packages), ("HOSTHOME", home),
                     ("TMPNAME", Path.GetFileName(sandbox.Outside)), ("SECRETNAME", Secret),
                 }) variables[name] = value;
        Outside = new(() => RunOutsideAsync());
        Inside = new(() => RunInsideAsync(EscapeTable.All, null));
        Pictured = Picture();
    }

    public string ProbeFolder { get; }

    internal SandboxPaths Paths { get; }

    /// <summary>What a look at everything that may not change gives before the first probe.</summary>
    public string Pictured { get; }

    /// <summary>Every probe where it is shown to work.</summary>
    public Lazy<Task<IReadOnlyDictionary<string, bool>>> Outside { get; }

    /// <summary>Every probe in the sandbox as it is.</summary>
    public Lazy<Task<IReadOnlyDictionary<string, bool>>> Inside { get; }

    /// <summary>The codebase, the state's own files and what lies about, without what the controls make.</summary>
    public string Picture() => string.Join('\n',
        new[] { "secret", "written", "packages/written", "by-symlink", "setuid", "codebase/.git/config", "codebase/.git/hooks/pre-commit" }
            .Select(name => Path.Combine(sandbox.Outside, name)).Select(path => File.Exists(path) ? $"{path} {File.ReadAllText(path).Length}" : $"{path} is not there"));

    /// <summary>Runs probes in a sandbox, with protections taken away where seams are given.</summary>
    internal async Task<IReadOnlyDictionary<string, bool>> RunInsideAsync(IEnumerable<Probe> probes, SandboxSeams? seams, bool asUser = false)
    {
        var paths = asUser && Environment.IsPrivilegedProcess ? Paths with { Bubblewrap = OrdinaryUser(), Toolchains = [] } : Paths;
        var environment = new SafeExecutionEnvironment(paths) { Seams = seams };
        using var workspace = new WorkspaceFactory(sandbox.State, sandbox.Files, TimeProvider.System, OverlayKind.None)
            .Create(TarsEngine.Files.TreeSnapshot.Empty, sandbox.Content, $"escape-{Interlocked.Increment(ref counter)}");
        if (paths != Paths) await GiveAwayAsync(workspace.Folder);
        var (output, error) = (new MemoryStream(), new MemoryStream());
        var command = new SandboxCommand(["/probe/probe", "run"], "", TimeSpan.FromMinutes(2), new Dictionary<string, string>(variables) { ["INIT"] = "1" })
        {
            Binds = [new(ProbeFolder, "/probe", Writable: false)],
            Input = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(probes.Select(probe => probe.Line)))),
        };
        var result = await environment.RunAsync(workspace, command, output.Write, error.Write, TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"{result}\n{Encoding.UTF8.GetString(error.ToArray())}");
        return Read(Encoding.UTF8.GetString(output.ToArray()));
    }

    public void Dispose()
    {
        fixture.StandardInput.Close();
        fixture.WaitForExit();
        fixture.Dispose();
        sandbox.Dispose();
    }

    private async Task<IReadOnlyDictionary<string, bool>> RunOutsideAsync()
    {
        var probe = Path.Combine(ProbeFolder, "probe");
        using var leaked = Descriptors.Null();
        var direct = await RunAsync(probe, ["run"], EscapeTable.All.Where(one => one.Control != Control.Namespaces), leaked);
        var namespaces = await RunAsync("/usr/bin/unshare", ["-Urmpuinf", "--mount-proc", probe, "run"], EscapeTable.All.Where(one => one.Control == Control.Namespaces), leaked);
        return direct.Concat(namespaces).ToDictionary(StringComparer.Ordinal);

        async Task<IReadOnlyDictionary<string, bool>> RunAsync(string program, string[] arguments, IEnumerable<Probe> probes, System.Runtime.InteropServices.SafeHandle descriptor)
        {
            var result = await ChildProcess.RunAsync(new ChildCommand(program, arguments)
            {
                Folder = Make("control"),
                Environment = new Dictionary<string, string>(variables) { ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin", [Secret] = "hidden", ["INIT"] = variables["HOSTPID"] },
                Input = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(probes.Select(one => one.Line)))),
                Descriptors = [descriptor],
            }, TestContext.Current.CancellationToken);
            Assert.True(result.Succeeded, result.ErrorText);
            return Read(result.OutputText);
        }
    }

    private static Dictionary<string, bool> Read(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToDictionary(parts => parts[0], parts => parts[1] == "reached", StringComparer.Ordinal);

    private void Compile()
    {
        var start = new ProcessStartInfo("gcc", ["-O1", $"-DBUBBLEWRAP=\"{sandbox.Paths.Bubblewrap}\"", "-o", Path.Combine(ProbeFolder, "probe"), Path.Combine(compilerFolder, "probe.c"), "-lrt", "-lutil"]) { RedirectStandardError = true };
        using var compiler = Process.Start(start) ?? throw new InvalidOperationException("gcc is missing: './run test' installs it.");
        var said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, said);
    }

    /// <summary>bubblewrap, started by an ordinary user that has no name here.</summary>
    private string OrdinaryUser()
    {
        var path = Path.Combine(Make("user"), "bwrap");
        File.Copy(Path.Combine(ProbeFolder, "probe"), path, overwrite: true);
        return path;
    }

    /// <summary>The user's own workspace, with a way to it and nothing else.</summary>
    private async Task GiveAwayAsync(string folder)
    {
        for (var at = Path.GetDirectoryName(folder)!; at.Length >= sandbox.Outside.Length; at = Path.GetDirectoryName(at)!) File.SetUnixFileMode(at, (UnixFileMode)0b111_001_001);
        var result = await ChildProcess.RunAsync(new("/bin/chown", ["-R", "4242:4242", folder]), TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.ErrorText);
    }

    private string Make(params string[] names)
    {
        foreach (var name in names) Directory.CreateDirectory(Path.Combine(sandbox.Outside, name));
        return Path.Combine(sandbox.Outside, names[0].Split('/')[0]);
    }
}
