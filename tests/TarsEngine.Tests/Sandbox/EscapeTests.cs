using System.Net;
using System.Net.Sockets;
using TarsEngine.Processes;

namespace TarsEngine.Tests.Sandbox;

/// <summary>Ways out. Each probe prints REACHED where it works; outside the sandbox it must, or it would prove nothing inside.</summary>
public sealed class EscapeTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Reached = "REACHED";

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_the_host_can_not_be_read()
    {
        await File.WriteAllTextAsync(sandbox.Outside + "/secret", "x", None);
        await Holds($"cat {sandbox.Outside}/secret && echo {Reached}");
    }

    [Theory]
    [InlineData("/var")]
    [InlineData("/opt /srv /home /boot /var")]
    [InlineData("/sys")]
    public async Task Folders_of_the_host_are_not_there(string folder) => await Holds($"ls -A {folder} | grep -q . && echo {Reached}");

    [Fact]
    public async Task The_state_is_invisible() => await Holds($"ls -A {sandbox.State.Root} | grep -q . && echo {Reached}");

    [Fact]
    public async Task The_codebase_itself_is_not_there() => await Holds($"test -d {sandbox.Codebase} && echo {Reached}");

    [Fact]
    public async Task Nothing_outside_can_be_written()
    {
        var probe = $"mkdir -p {sandbox.Outside}; echo x > {sandbox.Outside}/written";
        await ChildProcess.RunAsync(new("/bin/sh", ["-c", probe]) { Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" } }, None);
        Assert.True(File.Exists(sandbox.Outside + "/written"));
        File.Delete(sandbox.Outside + "/written");

        // The same path may be made inside, in the sandbox's own /tmp.
        await sandbox.ShellAsync(probe);

        Assert.False(File.Exists(sandbox.Outside + "/written"));
    }

    [Fact]
    public async Task A_symlink_out_of_the_workspace_leads_nowhere()
    {
        await File.WriteAllTextAsync(sandbox.Outside + "/linked", "x", None);
        await Holds($"ln -sf {sandbox.Outside}/linked l; cat l && echo {Reached}");
    }

    [Theory]
    [InlineData("/usr/x")]
    [InlineData("/etc/x")]
    [InlineData("/x")]
    [InlineData("/pkgs/x")]
    [InlineData("/usr/bin/sh")]
    public async Task The_system_can_not_be_written(string path)
    {
        // The control for a read-only place is a writable one.
        Assert.Contains(Reached, (await sandbox.ShellAsync($"(: >> /tmp/x) && echo {Reached}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Reached, (await sandbox.ShellAsync($"(: >> {path}) && echo {Reached}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_on_the_hosts_loopback_can_not_be_reached()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await Holds(Python($"import socket; socket.create_connection(('127.0.0.1',{port}),3); print('{Reached}')"));
    }

    [Fact]
    public async Task There_is_no_network_interface_but_loopback() =>
        await Holds(Python($"import socket; [print('{Reached}') for _,n in socket.if_nameindex() if n!='lo']"));

    [Fact]
    public async Task Loopback_inside_works_for_tests_that_need_it()
    {
        var (_, text) = await sandbox.ShellAsync(Python(
            $"import socket; s=socket.create_server(('localhost',0)); c=socket.create_connection(s.getsockname(),3); print('{Reached}')"));
        Assert.Contains(Reached, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unix_socket_of_the_host_can_not_be_reached()
    {
        var path = sandbox.Outside + "/s";
        using var server = Listening(new UnixDomainSocketEndPoint(path));
        await Holds(Python($"import socket; s=socket.socket(socket.AF_UNIX); s.connect('{path}'); print('{Reached}')"));
    }

    [Fact]
    public async Task An_abstract_unix_socket_of_the_host_can_not_be_reached()
    {
        var name = "tars-" + Guid.NewGuid().ToString("n");
        using var server = Listening(new UnixDomainSocketEndPoint("\0" + name));
        await Holds(Python($"import socket; s=socket.socket(socket.AF_UNIX); s.connect('\\0{name}'); print('{Reached}')"));
    }

    [Theory]
    [InlineData(38)] // AF_ALG
    [InlineData(40)] // AF_VSOCK
    public async Task Sockets_past_the_network_namespace_can_not_be_made(int family)
    {
        var (_, text) = await sandbox.ShellAsync(Python($"import socket; socket.socket({family},socket.SOCK_SEQPACKET if {family}==38 else socket.SOCK_STREAM); print('{Reached}')"));
        Assert.Contains("Errno 97", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_of_the_host_are_invisible() => await Holds($"test -e /proc/{Environment.ProcessId}/comm && echo {Reached}");

    [Fact]
    public async Task Processes_of_the_host_can_not_be_signalled() => await Holds($"kill -0 {Environment.ProcessId} && echo {Reached}");

    [Fact]
    public async Task Secrets_of_the_environment_stay_outside()
    {
        var environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin", ["TARS_TEST_SECRET"] = Reached };
        Assert.Contains(Reached, (await ChildProcess.RunAsync(new("/usr/bin/env", []) { Environment = environment }, None)).OutputText, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("TARS_TEST_SECRET", Reached);
        Assert.DoesNotContain(Reached, (await sandbox.ShellAsync("env; cat /proc/*/environ | tr '\\0' '\\n'")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_paths_do_not_show_in_the_process_list()
    {
        var (_, text) = await sandbox.ShellAsync("tr '\\0' ' ' < /proc/1/cmdline");
        Assert.Contains("bwrap", text, StringComparison.Ordinal);
        Assert.DoesNotContain(sandbox.Outside, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_gets_no_descriptor_but_its_streams()
    {
        // Not asked through a shell: that opens some of its own.
        const string code = """
            import os
            def is_open(n):
                try: return bool(os.fstat(n))
                except OSError: return False
            print([n for n in range(4096) if is_open(n)])
            """;
        using var workspace = sandbox.Create();
        var (_, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell("") with { Arguments = ["/usr/bin/python3", "-c", code] });
        Assert.Equal("[0, 1, 2]", text);
    }

    [Fact]
    public async Task The_terminal_can_not_be_opened() => Assert.DoesNotContain(Reached, (await sandbox.ShellAsync($"(: > /dev/tty) && echo {Reached}")).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("umount /proc")]
    [InlineData("mount -o remount,bind,rw /usr")]
    [InlineData("mount -t tmpfs none /tmp")]
    [InlineData("unshare -Ur true")]
    [InlineData("unshare -m true")]
    [InlineData("chroot / true")]
    [InlineData("mknod /tmp/d c 1 3")]
    [InlineData("chown 0:0 /tmp")]
    [InlineData("mount --bind /codebase /usr")]
    public async Task Privileges_can_not_be_used_or_gained(string attempt)
    {
        var (_, text) = await sandbox.ShellAsync($"{attempt} 2>&1 && echo {Reached}; echo tried");
        Assert.DoesNotContain(Reached, text, StringComparison.Ordinal);
        Assert.EndsWith("tried", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not found", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filtered_calls_fail_with_their_own_error()
    {
        // Each would get another error, or succeed, without the filter: bad addresses and descriptors on purpose.
        var (_, text) = await sandbox.ShellAsync(Python(
            "import ctypes; c=ctypes.CDLL(None,use_errno=True); " +
            "f=lambda n,*a:(ctypes.set_errno(0),c.syscall(n,*a),ctypes.get_errno())[2]; " +
            "x=__import__('os').uname().machine=='x86_64'; " +
            "print(f(435,0,0), f(425,1,0), f(428,-100,0,0), f(321 if x else 280,99,0,0), f(250 if x else 219,0,0), f(308 if x else 268,-1,0), f(16 if x else 29,0,0x100005412,0))"));
        Assert.Equal("38 1 1 1 1 1 1", text);
    }

    [Fact]
    public async Task A_foreign_ABI_is_refused()
    {
        var (_, text) = await sandbox.ShellAsync(Python(
            "import ctypes; c=ctypes.CDLL(None,use_errno=True); c.syscall(0x40000000+39); print(ctypes.get_errno())"));
        Assert.Equal("38", text);
    }

    private static string Python(string code) => $"/usr/bin/python3 -c \"{code.Replace("\\0", "\\\\0", StringComparison.Ordinal)}\" 2>&1";

    private static Socket Listening(UnixDomainSocketEndPoint end)
    {
        var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(end);
        server.Listen();
        return server;
    }

    /// <summary>The probe works outside, and not inside.</summary>
    private async Task Holds(string probe)
    {
        using var elsewhere = new TempFolder();
        var outside = await ChildProcess.RunAsync(
            new("/bin/sh", ["-c", probe]) { Folder = elsewhere.Path, Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" } }, None);
        Assert.Contains(Reached, outside.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain(Reached, (await sandbox.ShellAsync(probe)).Text, StringComparison.Ordinal);
    }
}
