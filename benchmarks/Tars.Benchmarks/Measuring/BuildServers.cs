using System.Diagnostics;

namespace Tars.Benchmarks.Measuring;

/// <summary>MSBuild's nodes and the compiler's server of baselines, set apart from those of anybody else on this machine, and ended with the case.</summary>
internal sealed class BuildServers
{
    private readonly string mark;

    public BuildServers(Bench bench)
    {
        mark = "MSBUILDNODEHANDSHAKESALT=" + Path.GetFileName(bench.Folder);
        // The id is a socket's name in /tmp, where our folder has its own.
        Environment = ["/usr/bin/env", "MSBUILDDISABLENODEREUSE=0", mark, "UseSharedCompilation=true", $"SharedCompilationId={Path.GetFileName(bench.Folder)}.compiler"];
        bench.AtEnd(Stop);
    }

    /// <summary>Put before a build, it leaves its servers behind and finds them again, as a developer has it.</summary>
    public IReadOnlyList<string> Environment { get; }

    private void Stop()
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (IsOurs(process.Id)) process.Kill();
            }
        }
    }

    private bool IsOurs(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0').Contains(mark, StringComparer.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
