using System.Diagnostics;
using System.Globalization;

namespace TarsCli.Tests.Stress;

/// <summary>A sandboxed run whose tarscli is killed: after the next command no process, mount, file, lock or control group of it is left.</summary>
public sealed class SandboxKillTests(ITestOutputHelper output)
{
    // Something of every kind that a command may leave: daemons of their own session, deaf to requests, files, sockets, a full pipe.
    private const string Script =
        "trap '' TERM HUP INT; mkdir -p made/deep; setsid sh -c 'trap \"\" TERM HUP; sleep 1000' & (sleep 1000 &) ; head -c 3000000 /dev/zero > made/deep/big; chmod 000 made/deep; "
        + "mkfifo pipe; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")'; yes | head -c 200000; sleep 0.3; echo done";

    private static readonly string[] arguments = ["sandbox", "run", "--quiet", "--", "sh", "-c", Script];

    [Fact]
    public async Task A_killed_sandboxed_run_leaves_nothing_behind()
    {
        using var world = new StressWorld(_ => { });
        world.Cli.Expect(0, "execute", "status");
        var start = Stopwatch.GetTimestamp();
        world.Cli.Expect(0, arguments);
        var duration = Stopwatch.GetElapsedTime(start);
        var (tree, user) = (world.Tree(), world.User());
        var kills = StressSettings.IsFull ? 50 : 5;
        var ended = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            // Evenly over its whole duration.
            var moment = duration * ((kill + 0.5) / kills);
            if (await world.KillAsync(moment, isAimed: false, arguments)) ended++;
            world.Cli.Expect(0, "execute", "status");
            var left = (await world.LeftoversAsync()).Concat(Locks(world)).Concat(Groups()).ToList();
            Assert.True(left.Count == 0, string.Create(CultureInfo.InvariantCulture, $"killed after {moment.TotalMilliseconds:0} ms, left:\n{string.Join('\n', left)}"));
            Assert.Equal((tree, user), (world.Tree(), world.User()));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kills} kills over {duration.TotalMilliseconds:0} ms, of which {ended} came when it had ended"));
        Assert.True(ended <= kills / 2);
    }

    private static IEnumerable<string> Locks(StressWorld world) => Directory.EnumerateFiles(world.Cli.File(".git/tars/locks"), "run-trial-*");

    /// <summary>Control groups of processes that are gone. Those of other programs that are running now are theirs.</summary>
    private static IEnumerable<string> Groups() =>
        File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3))
            .SelectMany(parts => Above(Path.Combine("/sys/fs/cgroup", parts[1].Split(',')[0]), parts[2]))
            .Where(Directory.Exists).Distinct().SelectMany(folder => Directory.EnumerateDirectories(folder, "tars-*"))
            .Where(folder => !Directory.Exists("/proc/" + Path.GetFileName(folder).Split('-')[2]));

    private static IEnumerable<string> Above(string root, string path)
    {
        for (var at = path; at is not null; at = Path.GetDirectoryName(at)) yield return Path.Combine(root, at.TrimStart('/'));
    }
}
