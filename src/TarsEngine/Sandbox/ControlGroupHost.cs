using System.Globalization;

namespace TarsEngine.Sandbox;

/// <summary>Where on this host we may make control groups; null where we may not.</summary>
internal sealed record ControlGroupHost(string? Memory, string? Processes, bool IsUnified)
{
    private const string Root = "/sys/fs/cgroup", OwnGroups = "/proc/self/cgroup";

    public static ControlGroupHost Find()
    {
        var own = File.Exists(OwnGroups) ? File.ReadAllLines(OwnGroups).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).ToList() : [];
        var unified = own.FirstOrDefault(parts => parts[0] == "0" && parts[1].Length == 0)?[2];
        // Where systemd mounts both, version 2 lies a folder deeper and has no controllers.
        if (unified is not null && File.Exists(Path.Combine(Root, "cgroup.controllers")) && Probe(Root, unified, "memory.max", "pids.max") is { } both)
            return new(both, both, IsUnified: true);
        return new(Version1("memory", "memory.limit_in_bytes"), Version1("pids", "pids.max"), IsUnified: false);

        string? Version1(string controller, string knob)
        {
            var path = own.FirstOrDefault(parts => parts[1].Split(',').Contains(controller, StringComparer.Ordinal))?[2];
            return path is null ? null : Probe(Path.Combine(Root, controller), path, knob);
        }
    }

    /// <summary>Removes what killed runs left: groups whose owners are dead. Looks where this user's groups can lie, and makes nothing.</summary>
    public static void Sweep()
    {
        if (!File.Exists(OwnGroups)) return;
        foreach (var parts in File.ReadAllLines(OwnGroups).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3))
        {
            var root = Path.Combine(Root, parts[1].Split(',')[0]);
            for (var at = parts[2]; at is not null; at = Path.GetDirectoryName(at)) SweepBelow(Path.Combine(root, at.TrimStart('/')));
        }
    }

    /// <summary>What of a command's limits is held here, for people.</summary>
    public IReadOnlyList<string> Protections
    {
        get
        {
            List<string> protections = ["wall clock", "largest file, what is written in all, output", Memory is not null ? "memory (control group)" : "memory (looked at ten times a second)"];
            if (Processes is not null) protections.Add("number of processes (control group)");
            else if (ResourceLimits.LimitsProcesses) protections.Add("number of processes (rlimit)");
            return protections;
        }
    }

    /// <summary>What is not, each with its remedy.</summary>
    public IReadOnlyList<string> Gaps
    {
        get
        {
            List<string> gaps = [];
            if (Memory is null) gaps.Add("memory is looked at ten times a second and can overshoot: this user may make no control group. Run under systemd ('systemd-run --user --scope -p Delegate=yes …') to have the kernel hold it.");
            if (Processes is null && !ResourceLimits.LimitsProcesses) gaps.Add("the number of processes is not limited: this user may make no control group. Run under systemd ('systemd-run --user --scope -p Delegate=yes …') to allow it.");
            return gaps;
        }
    }

    /// <summary>The processes in a group.</summary>
    public static IReadOnlyList<int> Members(string folder)
    {
        try
        {
            return [.. File.ReadLines(Path.Combine(folder, "cgroup.procs")).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Busy for some milliseconds after the last process: a later sweep removes it.
        }
    }

    private static void SweepBelow(string parent)
    {
        if (!Directory.Exists(parent)) return;
        foreach (var folder in Directory.EnumerateDirectories(parent, OwnerMark.Pattern).Where(folder => OwnerMark.IsLeft(Path.GetFileName(folder))))
        {
            foreach (var process in Members(folder)) AbandonedSandboxes.Kill(process, one => Members(folder).Contains(one));
            TryRemove(folder);
        }
    }

    /// <summary>The nearest group, from our own upwards, below which we can make one that has these knobs.</summary>
    private static string? Probe(string root, string path, params string[] knobs)
    {
        for (var at = path; ; at = Path.GetDirectoryName(at) ?? "/")
        {
            var parent = Path.Combine(root, at.TrimStart('/')).TrimEnd('/');
            var trial = Path.Combine(parent, OwnerMark.New());
            try
            {
                if (Directory.Exists(parent)) Directory.CreateDirectory(trial);
                if (knobs.All(knob => File.Exists(Path.Combine(trial, knob)) && IsWritable(Path.Combine(parent, "cgroup.procs")))) return parent;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Not ours to divide: look further up.
            }
            finally
            {
                if (Directory.Exists(trial)) TryRemove(trial);
            }
            if (at is "/" or "") return null;
        }
    }

    private static bool IsWritable(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
