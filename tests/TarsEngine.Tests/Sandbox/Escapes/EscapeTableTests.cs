using System.Runtime.InteropServices;
using TarsEngine.Processes;
using TarsEngine.Sandbox;

namespace TarsEngine.Tests.Sandbox.Escapes;

/// <summary>Every known way out: it works outside, it does not inside, and without what holds it, it is noticed.</summary>
public sealed class EscapeTableTests(EscapeWorld world) : IClassFixture<EscapeWorld>
{
    public static TheoryData<string> Probes => [.. EscapeTable.All.Select(probe => probe.Name)];

    public static TheoryData<string> Rules =>
    [
        .. SystemCalls.Of(RuntimeInformation.OSArchitecture).Denied.Select(call => call.Name), SeccompFilter.Clone3, SeccompFilter.Clone, SeccompFilter.Ioctl,
        SeccompFilter.Socket, SeccompFilter.SocketPair, SeccompFilter.Personality,
    ];

    public static TheoryData<string> Protections => [.. Removals.Keys];

    /// <summary>Each protection's absence, and the probes of which at least one must notice.</summary>
    private static Dictionary<string, (Func<EscapeWorld, SandboxSeams> Seams, string[] Notice)> Removals { get; } = new(StringComparer.Ordinal)
    {
        ["network namespace"] = (_ => Without("--unshare-net"), ["tcp", "udp", "abstract", "interfaces"]),
        ["process namespace"] = (_ => Without("--unshare-pid"), ["proc-of-host", "signal", "pidfd"]),
        ["IPC namespace"] = (_ => Without("--unshare-ipc"), ["shm", "msg", "sem", "mq"]),
        ["host-name namespace"] = (_ => Edit(options => Drop(Drop(options, "--unshare-uts", 1), "--hostname", 2)), ["host-name"]),
        ["allow-list root"] = (world => Edit(options => [.. options, "--bind", Outside(world), Outside(world)]), ["file", "file-written", "codebase", "state", "key-of-the-user", "unix", "descriptor-by-socket", "file-by-symlink"]),
        ["read-only root"] = (_ => Edit(options => Drop(options, "/", "--remount-ro")), ["root-folder-written", "etc-written"]),
        ["read-only packages"] = (_ => Edit(options => Replace(options, "/pkgs", "--ro-bind", "--bind")), ["packages-written"]),
        ["no capabilities"] = (_ => Edit(WithCapabilities), ["capability"]),
        ["own /tmp"] = (_ => Edit(options => Share(options, "/tmp")), ["shared-tmp", "file", "unix"]),
        ["own /dev/shm"] = (_ => Edit(options => Share(options, "/dev/shm")) with { WithWritableDevices = true }, ["shared-memory-file"]),
        ["own /dev"] = (_ => Edit(options => Swap(options, "--dev", "--dev-bind", "/dev")), ["block-devices", "devices", "kernel-log"]),
        ["own /proc"] = (_ => Edit(options => Swap(options, "--proc", "--ro-bind", "/proc")), ["proc-of-host", "proc-root", "proc-environment"]),
        ["read-only /proc, where root runs it"] = (_ => Edit(options => Drop(options, "/proc", "--remount-ro")), ["core-pattern", "kernel-settings", "host-name-set", "any-kernel-file"]),
        ["no /proc/1, where root runs it"] = (_ => Edit(options => Drop(Drop(options, "/proc/1", "--tmpfs"), "/proc/1", "--remount-ro")), ["program-of-init", "times-of-init"]),
        ["read-only device nodes, where root runs it"] = (_ => new() { WithWritableDevices = true }, ["mode-of-devices", "mode-of-any-device"]),
        ["empty environment, and clearing it"] = (_ => Edit(options => Drop(options, "--clearenv", 1)) with { InheritedEnvironment = new Dictionary<string, string> { ["TARS_ESCAPE_SECRET"] = "hidden" } }, ["variables-of-the-caller"]),
        ["no descriptor but the streams"] = (_ => new() { InheritedDescriptors = [Descriptors.Null()] }, ["descriptors"]),
        ["user namespace, where root runs it"] = (_ => Edit(WithoutUserNamespace), ["become-root"]),
        ["the filter's architecture check"] = (_ => new() { WithoutRules = Set(SeccompFilter.Architecture) }, ["32-bit"]),
        ["the whole filter and the capabilities"] = (_ => Edit(WithCapabilities) with { WithoutRules = Set([.. Rules.Select(row => row.Data)]) }, ["mount", "mount-bind", "remount", "umount", "chroot", "input", "nested-mount-namespace"]),
    };

    [Fact]
    public void There_are_at_least_eighty_ways_and_each_has_a_name_of_its_own()
    {
        Assert.True(EscapeTable.All.Count(probe => !probe.IsAllowed) >= 80);
        Assert.Equal(EscapeTable.All.Count, EscapeTable.All.Select(probe => probe.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Probes))]
    public async Task Control_The_probe_works_outside(string name)
    {
        if (EscapeTable.All.Single(probe => probe.Name == name).Control == Control.Root && !Environment.IsPrivilegedProcess) return; // Nobody but root could show it.
        Assert.True((await world.Outside.Value)[name], $"'{name}' does not work outside either: it proves nothing.");
    }

    [Theory]
    [MemberData(nameof(Probes))]
    public async Task Attack_The_probe_does_not_get_out(string name) =>
        Assert.Equal(EscapeTable.All.Single(probe => probe.Name == name).IsAllowed, (await world.Inside.Value)[name]);

    [Fact]
    public async Task Attack_No_probe_gets_out_of_an_ordinary_users_sandbox()
    {
        // Its limits are set by whoever starts it, which is root here, and root may lack the right to set another user's.
        var inside = await world.RunInsideAsync(EscapeTable.All.Where(probe => probe.Name != "limit"), null, asUser: true);
        Assert.Empty(EscapeTable.All.Where(probe => inside.TryGetValue(probe.Name, out var reached) && reached != probe.IsAllowed).Select(probe => probe.Name));
        Assert.Equal(EscapeTable.All.Count - 1, inside.Count);
    }

    [Fact]
    public async Task Attack_What_was_tried_inside_has_changed_nothing_outside()
    {
        using var untouched = new EscapeWorld();
        await untouched.Inside.Value;
        Assert.Equal(untouched.Pictured, untouched.Picture());
    }

    [Theory]
    [MemberData(nameof(Protections))]
    public async Task Without_a_protection_a_probe_notices(string protection)
    {
        if (protection == "the filter's architecture check" && RuntimeInformation.OSArchitecture != Architecture.X64) return; // There is no second ABI to call.
        if (protection.EndsWith("where root runs it", StringComparison.Ordinal) && !Environment.IsPrivilegedProcess) return; // A user owns none of it.
        var (seams, notice) = Removals[protection];
        var removed = await world.RunInsideAsync(EscapeTable.All.Where(probe => notice.Contains(probe.Name)), seams(world));

        Assert.Equal(notice.Length, removed.Count);
        Assert.Contains(removed, probe => probe.Value);
    }

    /// <summary>Each rule of the filter by itself; where the kernel asks for a capability first, the two hold it together and go together.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Without_a_rule_of_the_filter_a_probe_notices(string rule)
    {
        var seams = new SandboxSeams { WithoutRules = Set(rule) };
        var probes = EscapeTable.OfRule(rule).ToList();
        Assert.NotEmpty(probes);
        var noticed = await Notices(seams) || await Notices(seams with { Options = WithCapabilities })
            // The last group is root's own: a user's sandbox has no capability to lose that counts for the whole machine.
            || !Environment.IsPrivilegedProcess || await Notices(seams with { Options = options => WithCapabilities(WithoutUserNamespace(options)) });

        Assert.True(noticed, $"Nothing notices that '{rule}' is gone.");

        async Task<bool> Notices(SandboxSeams taken) => (await world.RunInsideAsync(probes, taken)).Values.Any(reached => reached);
    }

    private static string Outside(EscapeWorld world) => Path.GetDirectoryName(world.ProbeFolder)!;

    private static HashSet<string> Set(params string[] rules) => new(rules, StringComparer.Ordinal);

    private static SandboxSeams Edit(Func<IReadOnlyList<string>, IReadOnlyList<string>> edit) => new() { Options = edit };

    private static SandboxSeams Without(string option) => Edit(options => Drop(options, option, 1));

    private static IReadOnlyList<string> WithCapabilities(IReadOnlyList<string> options) => [.. options.Select(option => option == "--cap-drop" ? "--cap-add" : option)];

    private static IReadOnlyList<string> WithoutUserNamespace(IReadOnlyList<string> options) =>
        Drop(Drop(Drop(Drop(options, "--unshare-user", 1), "--disable-userns", 1), "--uid", 2), "--gid", 2);

    private static IReadOnlyList<string> Drop(IReadOnlyList<string> options, string option, int length)
    {
        var at = options.ToList().IndexOf(option);
        Assert.True(at >= 0 || option == "--disable-userns", $"There is no {option} to take away.");
        return at < 0 ? options : [.. options.Take(at), .. options.Skip(at + length)];
    }

    private static IReadOnlyList<string> Drop(IReadOnlyList<string> options, string place, string option)
    {
        var at = Enumerable.Range(0, options.Count - 1).First(i => options[i] == option && options[i + 1] == place);
        return [.. options.Take(at), .. options.Skip(at + 2)];
    }

    private static IReadOnlyList<string> Replace(IReadOnlyList<string> options, string inside, string old, string now)
    {
        var list = options.ToList();
        var at = Enumerable.Range(0, list.Count - 2).First(i => list[i] == old && list[i + 2] == inside);
        list[at] = now;
        return list;
    }

    private static IReadOnlyList<string> Swap(IReadOnlyList<string> options, string option, string now, string folder)
    {
        var list = options.ToList();
        var at = list.IndexOf(option);
        list.RemoveRange(at, 2);
        list.InsertRange(at, [now, folder, folder]);
        return list;
    }

    /// <summary>The host's folder in the place of a private one.</summary>
    private static IReadOnlyList<string> Share(IReadOnlyList<string> options, string folder)
    {
        var list = options.ToList();
        var at = Enumerable.Range(0, list.Count - 1).First(i => list[i] == "--tmpfs" && list[i + 1] == folder);
        // With it goes the limit of its size, which stands before it.
        var (from, count) = list[at - 2] == "--size" ? (at - 2, 4) : (at, 2);
        list.RemoveRange(from, count);
        list.InsertRange(from, ["--bind", folder, folder]);
        return list;
    }
}
