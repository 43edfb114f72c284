namespace TarsEngine.Tests.Sandbox;

/// <summary>What the table of escapes can't show, for want of a control outside: see Escapes/.</summary>
public sealed class EscapeTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Reached = "REACHED";

    [Fact]
    public async Task Attack_The_hosts_paths_do_not_show_in_the_process_list()
    {
        var (_, text) = await sandbox.ShellAsync("cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
        Assert.Contains("/bin/sh", text, StringComparison.Ordinal);
        Assert.DoesNotContain(sandbox.Outside, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_The_terminal_can_not_be_opened() => Assert.DoesNotContain(Reached, (await sandbox.ShellAsync($"(: > /dev/tty) && echo {Reached}")).Text, StringComparison.Ordinal);

    [Fact]
    public async Task Attack_The_second_ABI_of_x86_64_is_refused_where_the_kernel_has_one_and_where_not()
    {
        var (_, text) = await sandbox.ShellAsync("/usr/bin/python3 -c \"import ctypes; c=ctypes.CDLL(None,use_errno=True); c.syscall(0x40000000+39); print(ctypes.get_errno())\"");
        Assert.Equal("38", text);
    }

    [Fact]
    public async Task Attack_Standard_input_is_no_file_of_the_hosts()
    {
        // Root could change the mode of the host's /dev/null through it.
        var (_, text) = await sandbox.ShellAsync("chmod 666 /proc/self/fd/0 2>/dev/null && [ $(id -u) = 1000 ] && [ -O /proc/self/fd/0 ] && echo REACHED; stat -L -c %F /proc/self/fd/0");
        Assert.Equal("character special file", text);
    }
}
