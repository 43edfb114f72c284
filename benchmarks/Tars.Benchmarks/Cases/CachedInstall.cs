using System.IO.Compression;
using System.Text;
using Tars.Benchmarks.Measuring;
using TarsEngine.Configuration;
using TarsEngine.Permissions;
using TarsEngine.Terminal;
using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Failures;

namespace Tars.Benchmarks.Cases;

/// <summary>Installs a package that lies in a folder on this machine, in the sandbox, into a workspace.</summary>
internal sealed class CachedInstall : BenchmarkCase
{
    public override string Name => "dependencies/cached-install";

    public override string What => "a Python wheel from a folder into a workspace: pip on the host, and DependencyInstaller in the sandbox";

    public override string? Goal => "under 15 s";

    public override int Runs => 7;

    public override int WarmUp => 1;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var source = Directory.CreateDirectory(Path.Combine(bench.Folder, "wheels")).FullName;
        await MakeWheelAsync(Path.Combine(source, "tiny_bench-1.0-py3-none-any.whl"));
        var settings = new DependencySettings { Allow = ["tiny_bench"], Sources = new Dictionary<string, string>(StringComparer.Ordinal) { ["python"] = source } };
        var installer = new DependencyInstaller(new TerminalExecutor(bench.Sandbox, bench.State), settings, NetworkAccess.None);
        var target = Path.Combine(bench.Folder, "target");
        return
        [
            Variant.Timed("pip on the host, no sandbox", stop => Bench.RunOnHostAsync(
                ["python3", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--only-binary", ":all:", "--target", target, "--upgrade", "--no-index", "--find-links", source, "tiny_bench"], cancellation: stop)),
            Variant.Timed("DependencyInstaller", async stop =>
            {
                using var workspace = bench.CreateWorkspace(("a.py", "import tiny_bench\n"));
                var outcome = await installer.ProvideAsync(workspace, new(Ecosystem.Python, "tiny_bench", Place: null), new(new HashSet<string>(StringComparer.Ordinal), _ => "", "a.py"), cancellation: stop);
                if (outcome is not DependencyInstalled) throw new InvalidOperationException(outcome?.Text);
            }),
        ];
    }

    private static async Task MakeWheelAsync(string path)
    {
        await using var file = File.Create(path);
        using var wheel = new ZipArchive(file, ZipArchiveMode.Create);
        foreach (var (name, text) in new[]
        {
            ("tiny_bench.py", "VALUE = 1\n"),
            ("tiny_bench-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny_bench\nVersion: 1.0\n"),
            ("tiny_bench-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
            ("tiny_bench-1.0.dist-info/RECORD", ""),
        })
        {
            await using var entry = wheel.CreateEntry(name).Open();
            await entry.WriteAsync(Encoding.UTF8.GetBytes(text));
        }
    }
}
