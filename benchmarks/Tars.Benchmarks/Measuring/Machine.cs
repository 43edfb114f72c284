using System.Runtime.InteropServices;

namespace Tars.Benchmarks.Measuring;

/// <summary>On what the figures were taken; without it they mean nothing.</summary>
/// <param name="LoadAtEnd">The load average of the last minute: above the number of processors, somebody else was at work.</param>
internal sealed record Machine(string Processor, int Processors, long MemoryBytes, string System, string Kernel, string Runtime, bool Root, string LoadAtEnd)
{
    public static Machine OfThisOne() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        RuntimeInformation.OSDescription,
        Environment.OSVersion.VersionString,
        RuntimeInformation.FrameworkDescription,
        Environment.IsPrivilegedProcess,
        File.ReadAllText("/proc/loadavg").Split(' ')[0]);

    private static string? Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
