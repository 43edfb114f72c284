using System.Diagnostics;

namespace Tars.Stress.Planted;

/// <summary>A copy of the sources that faults are planted into, and a copy of this program that runs with what was built of them last.</summary>
internal sealed class PlantedEngine
{
    private static readonly string[] parts = ["Files", "Changes", "Storage", "Audit", "Rollback"];
    private readonly string sources, program;

    /// <param name="repository">Where the sources are.</param>
    /// <param name="folder">Where the copies go.</param>
    public PlantedEngine(string repository, string folder)
    {
        Directory.CreateDirectory(folder);
        (sources, program) = (Path.Combine(folder, "sources"), Path.Combine(folder, "program"));
        Directory.CreateDirectory(Path.Combine(sources, "src", "TarsEngine"));
        foreach (var part in parts) Run("cp", "-r", Path.Combine(repository, "src", "TarsEngine", part), Path.Combine(sources, "src", "TarsEngine", part));
        Run("cp", PatchesOf(repository) + "/Engine.csproj", Path.Combine(sources, "TarsEngine.csproj"));
        Run("cp", "-r", AppContext.BaseDirectory, program);
        Run("dotnet", "restore", sources, $"-p:Beside={AppContext.BaseDirectory}", "-v", "quiet", "--nologo");
        Build();
    }

    public static string PatchesOf(string repository) => Path.Combine(repository, "benchmarks", "Tars.Stress", "Planted");

    /// <summary>Plants it, builds, and leaves the sources as they were.</summary>
    /// <exception cref="InvalidOperationException">It can't be planted, or what it makes can't be built.</exception>
    public void Plant(PlantedBug bug)
    {
        Apply(bug);
        try
        {
            Build();
        }
        finally
        {
            Apply(bug, "--reverse");
        }
    }

    /// <summary>Runs a case of this program with it.</summary>
    /// <returns>Its exit code, null when it had to be ended, and what it said.</returns>
    public (int? Code, IReadOnlyList<string> Lines) Run(TimeSpan longest, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["exec", Path.Combine(program, "Tars.Stress.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return (null, []);
        }
        return (process.ExitCode, (output.Result + errors.Result).Split('\n'));
    }

    private void Build()
    {
        Run("dotnet", "build", sources, "--no-restore", $"-p:Beside={AppContext.BaseDirectory}", "-v", "quiet", "-clp:ErrorsOnly;NoSummary", "--nologo");
        File.Copy(Path.Combine(sources, "bin", "Debug", "net10.0", "TarsEngine.dll"), Path.Combine(program, "TarsEngine.dll"), overwrite: true);
    }

    private void Apply(PlantedBug bug, params string[] how) => Run("git", ["-C", sources, "apply", .. how, bug.File]);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}: {output}");
    }
}
