using TarsEngine.Sandbox;

namespace TarsEngine.Tests.Sandbox;

public sealed class SandboxUnavailableTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string AppArmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";

    [Fact]
    public async Task Without_bubblewrap_nothing_runs_and_the_install_command_is_named()
    {
        var without = new SafeExecutionEnvironment(sandbox.Paths with { Bubblewrap = null });
        using var workspace = sandbox.Create();

        var failure = await Assert.ThrowsAsync<SandboxUnavailableException>(() =>
            without.RunAsync(workspace, SandboxFixture.Shell("true"), _ => { }, _ => { }, TestContext.Current.CancellationToken));
        var status = await without.CheckAsync();

        Assert.Contains("bubblewrap", failure.Reason, StringComparison.Ordinal);
        Assert.Contains("install", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal((false, failure.Remedy), (status.Available, status.Remedy));
    }

    [Fact]
    public async Task A_bubblewrap_that_fails_is_no_failed_command()
    {
        var broken = Program("echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1");
        var status = await new SafeExecutionEnvironment(sandbox.Paths with { Bubblewrap = broken }).CheckAsync();

        Assert.False(status.Available);
        Assert.Contains("setting up uid map", status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bubblewrap_that_isolates_nothing_is_caught_by_looking_alone()
    {
        var mounts = await File.ReadAllTextAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken);
        // Runs the command in the open: skips its own options, and lets it go at once.
        var fake = Program("""[ "$1" = --args ] || exit 0; while [ "$1" != -- ]; do shift; done; shift; exec 4>&- 5<&-; exec "$@" """);
        var status = await new SafeExecutionEnvironment(sandbox.Paths with { Bubblewrap = fake }).CheckAsync();

        Assert.False(status.Available);
        Assert.Contains("is visible", status.Reason, StringComparison.Ordinal);
        Assert.Contains("system calls are not filtered", status.Reason, StringComparison.Ordinal);
        // Where nothing confines it, the self-test must not attempt anything: as root it would succeed, on the host.
        Assert.DoesNotContain("mounted", status.Reason, StringComparison.Ordinal);
        Assert.Equal(mounts, await File.ReadAllTextAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles("/", ".tars*").Concat(Directory.GetFiles("/usr", ".tars*")).Concat(Directory.GetFiles(sandbox.State.Root, ".tars*")));
    }

    [Theory]
    [InlineData("bwrap: setting up uid map: Permission denied", AppArmor, "1", "apparmor_parser")]
    [InlineData("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", AppArmor, "1", "userns,")]
    [InlineData("bwrap: No permissions to create new namespace", "/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1")]
    [InlineData("bwrap: Creating new namespace failed: No space left on device", "/proc/sys/user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces")]
    [InlineData("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "", "", "systempaths=unconfined")]
    [InlineData("bwrap: Creating new namespace failed: Operation not permitted", "", "", "seccomp=unconfined")]
    [InlineData("bwrap: something new", "", "", "bwrap --unshare-user")]
    public void What_blocks_it_is_told_with_its_remedy(string message, string path, string value, string remedy)
    {
        var failure = BubblewrapDiagnosis.Explain(message, asked => asked == path ? value : null);

        Assert.Contains(message, failure.Reason, StringComparison.Ordinal);
        Assert.Contains(remedy, failure.Remedy, StringComparison.Ordinal);
    }

    private string Program(string script)
    {
        var path = Path.Combine(sandbox.Outside, "bwrap-" + Guid.NewGuid().ToString("n"));
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
