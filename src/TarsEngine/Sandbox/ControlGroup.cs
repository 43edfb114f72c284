using System.Globalization;

namespace TarsEngine.Sandbox;

/// <summary>
/// A control group of one command: memory and processes. One folder under version 2, one per controller under version 1.
/// Where the host doesn't let us make one there is none, and <see cref="SandboxStatus.Gaps"/> says so.
/// </summary>
internal sealed class ControlGroup(ControlGroupHost host, SandboxLimits limits) : IDisposable
{
    private string? memory;
    private string? processes;

    /// <summary>Makes it; before that it holds nothing.</summary>
    public void Create()
    {
        var name = OwnerMark.New();
        memory = Make(host.Memory, name);
        processes = host.Processes == host.Memory ? memory : Make(host.Processes, name);
        var bytes = limits.MemoryBytes.ToString(CultureInfo.InvariantCulture);
        if (memory is not null && host.IsUnified)
        {
            TryWrite(memory, "memory.max", bytes);
            TryWrite(memory, "memory.swap.max", "0");
            // The whole tree dies at once: half a build that goes on confuses everyone.
            TryWrite(memory, "memory.oom.group", "1");
        }
        else if (memory is not null)
        {
            TryWrite(memory, "memory.limit_in_bytes", bytes);
            TryWrite(memory, "memory.memsw.limit_in_bytes", bytes);
        }
        if (processes is not null) TryWrite(processes, "pids.max", limits.Processes.ToString(CultureInfo.InvariantCulture));
    }

    public bool HoldsMemory => memory is not null;

    /// <summary>Moves a process in; what it starts later is born inside.</summary>
    public void Add(int process)
    {
        var text = process.ToString(CultureInfo.InvariantCulture);
        if (memory is not null) TryWrite(memory, "cgroup.procs", text);
        if (processes is not null && processes != memory) TryWrite(processes, "cgroup.procs", text);
    }

    /// <summary>The processes in it; none where there is no group.</summary>
    public IReadOnlyList<int> Members() => (processes ?? memory) is { } folder ? ControlGroupHost.Members(folder) : [];

    public SandboxLimit Reached()
    {
        if (memory is not null && (Count(memory, "memory.events", "oom_kill") > 0 || Count(memory, "memory.oom_control", "oom_kill") > 0)) return SandboxLimit.Memory;
        return processes is not null && Count(processes, "pids.events", "max") > 0 ? SandboxLimit.Processes : SandboxLimit.None;
    }

    /// <summary>Removes the folders; one that is still busy is left to <see cref="ControlGroupHost.Sweep"/>.</summary>
    public void Dispose()
    {
        if (memory is not null) ControlGroupHost.TryRemove(memory);
        if (processes is not null && processes != memory) ControlGroupHost.TryRemove(processes);
    }

    private static string? Make(string? parent, string name)
    {
        if (parent is null) return null;
        var folder = Path.Combine(parent, name);
        Directory.CreateDirectory(folder);
        return folder;
    }

    private static void TryWrite(string folder, string file, string text)
    {
        try
        {
            File.WriteAllText(Path.Combine(folder, file), text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The kernel lacks this knob (swap accounting, for one), or the process is gone already.
        }
    }

    private static long Count(string folder, string file, string key)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path)) return 0;
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith(key + " ", StringComparison.Ordinal)) return long.Parse(line.AsSpan(key.Length + 1), CultureInfo.InvariantCulture);
        }
        return 0;
    }
}
