using TarsEngine.Processes;
using TarsEngine.Sandbox;

namespace TarsEngine.Tests.Sandbox;

/// <summary>The sandbox of a user without any right, for tests that root runs: bubblewrap is started as one that has no name here.</summary>
internal sealed class OrdinaryUser : IDisposable
{
    private const string Id = "4242";
    private readonly TempFolder folder = new();
    private readonly SandboxFixture sandbox;

    public OrdinaryUser(SandboxFixture sandbox)
    {
        this.sandbox = sandbox;
        Open(folder.Path);
        var program = folder.File("bwrap");
        Compile(program, sandbox.Paths.Bubblewrap!);
        // What lies in root's home is not the user's to see: the packages get a second name elsewhere. Nobody writes in them.
        var packages = Directory.Exists(sandbox.Paths.PackageFolder) && !sandbox.Paths.PackageFolder.StartsWith("/root/", StringComparison.Ordinal)
            ? sandbox.Paths.PackageFolder
            : Copy(sandbox.Paths.PackageFolder, Directory.CreateDirectory(folder.File("packages")).FullName);
        Environment = new(sandbox.Paths with { Bubblewrap = program, Toolchains = [], PackageFolder = packages });
    }

    public SafeExecutionEnvironment Environment { get; }

    /// <summary>Makes a workspace the user's own, with a way to it.</summary>
    public async Task TakeAsync(Workspace workspace)
    {
        for (var at = Path.GetDirectoryName(workspace.Folder)!; at.Length >= sandbox.Outside.Length; at = Path.GetDirectoryName(at)!) Open(at);
        await RunAsync("/bin/chown", "-R", $"{Id}:{Id}", workspace.Folder);
    }

    public void Dispose() => folder.Dispose();

    private static void Open(string path) => File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);

    /// <summary>A program that becomes the user and then bubblewrap; a shell would leave descriptors of its own open.</summary>
    private void Compile(string program, string bubblewrap)
    {
        var source = folder.File("user.c");
        File.WriteAllText(source, $$"""
            #define _GNU_SOURCE
            #include <grp.h>
            #include <unistd.h>
            int main(int count, char **arguments) {
                (void)count;
                if (setgroups(0, NULL) || setresgid({{Id}}, {{Id}}, {{Id}}) || setresuid({{Id}}, {{Id}}, {{Id}})) return 126;
                execv("{{bubblewrap}}", arguments);
                return 127;
            }
            """);
        RunAsync("/usr/bin/gcc", "-o", program, source).GetAwaiter().GetResult();
    }

    private static string Copy(string from, string to)
    {
        RunAsync("/bin/sh", "-c", "cp -rlT \"$1\" \"$2\" 2>/dev/null || cp -rT \"$1\" \"$2\"", "sh", from, to).GetAwaiter().GetResult();
        return to;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(
            new(program, arguments) { Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" } }, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.ErrorText);
    }
}
