using TarsEngine.Sandbox;

namespace TarsEngine.Tests.Sandbox;

/// <summary>Toolchains outside /usr come in by what they are made of; secrets beside them stay outside.</summary>
public sealed class ToolchainDiscoveryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_kind_is_found_where_its_users_have_it()
    {
        Files("home/.dotnet/dotnet", "home/.dotnet/sdk/10.0.100/x", "home/.nvm/versions/node/v20/bin/node", "home/.pyenv/shims/python3", "home/.pyenv/versions/3.12/bin/python3",
            "home/.cargo/bin/cargo", "home/.rustup/toolchains/stable/bin/cargo", "home/go-sdk/bin/go", "home/go-sdk/pkg/x", "home/.sdkman/candidates/java/21/bin/java",
            "home/.sdkman/candidates/java/21/release", "home/.sdkman/candidates/maven/3.9/bin/mvn", "home/.sdkman/candidates/maven/3.9/conf/settings.xml", "home/.sdkman/candidates/maven/3.9/conf/logging/x");
        File.WriteAllText(folder.File("home/.pyenv/version"), "3.12\n");
        File.WriteAllText(folder.File("home/.rustup/settings.toml"), "default_toolchain = \"stable\"\n");
        Link("home/.sdkman/candidates/java/current", "21");
        Link("home/.sdkman/candidates/maven/current", "3.9");

        var paths = Discover(("PATH", In("home/.nvm/versions/node/v20/bin", "home/.pyenv/shims", "home/.cargo/bin", "home/.sdkman/candidates/java/current/bin", "home/.sdkman/candidates/maven/current/bin")), ("GOROOT", folder.File("home/go-sdk")));

        Assert.Equal(["dotnet", "go (go-sdk)", "java (21)", "maven (3.9)", "node (v20)", "python (3.12)", "rust"], paths.Toolchains.Select(one => one.Name).Order());
        Assert.Equal([folder.File("home/.rustup/toolchains/stable/bin"), folder.File("home/.cargo/bin")], paths.Toolchains.Single(one => one.Name == "rust").Programs);
        Assert.Equal(folder.File("home/.sdkman/candidates/java/21"), paths.Toolchains.Single(one => one.Name == "java (21)").Variables["JAVA_HOME"]);
        var maven = paths.Toolchains.Single(one => one.Name == "maven (3.9)").Shown;
        Assert.Contains(folder.File("home/.sdkman/candidates/maven/3.9/conf/logging"), maven);
        Assert.DoesNotContain(maven, path => path.EndsWith("settings.xml", StringComparison.Ordinal) || path.EndsWith("conf", StringComparison.Ordinal));
    }

    [Fact]
    public void Attack_What_lies_beside_a_toolchain_is_not_shown()
    {
        Files("home/.dotnet/dotnet", "home/.dotnet/sdk/10/x", "home/.dotnet/corefx/cryptography/x509stores/my/key.pfx", "home/.cargo/bin/cargo", "home/.cargo/credentials.toml",
            "home/.nvm/versions/node/v20/bin/node", "home/.nvm/versions/node/v20/etc/npmrc", "home/.pyenv/shims/x", "home/.pyenv/versions/3.12/bin/python3", "home/.pyenv/versions/3.12/pip.conf", "home/.npmrc", "home/.ssh/id");
        File.WriteAllText(folder.File("home/.pyenv/version"), "3.12\n");
        var paths = Discover(("PATH", In("home/.cargo/bin", "home/.nvm/versions/node/v20/bin", "home/.pyenv/shims")));

        Assert.Equal(4, paths.Toolchains.Count);
        foreach (var secret in (string[])["home/.dotnet/corefx/cryptography/x509stores/my/key.pfx", "home/.cargo/credentials.toml", "home/.nvm/versions/node/v20/etc/npmrc", "home/.pyenv/versions/3.12/pip.conf", "home/.npmrc", "home/.ssh/id"])
            Assert.DoesNotContain(paths.Toolchains.SelectMany(one => one.Shown), shown => SandboxPaths.IsUnder(folder.File(secret), shown));
    }

    [Fact]
    public void Attack_Nothing_of_the_codebase_is_taken_for_a_toolchain_or_for_bubblewrap()
    {
        Files("code/bin/bwrap", "code/venv/bin/python3", "code/tools/dotnet", "code/tools/sdk/x", "code/.git/tars/x");
        var paths = Discover(("PATH", In("code/bin", "code/venv/bin", "code/tools")), ("DOTNET_ROOT", folder.File("code/tools")));

        Assert.Empty(paths.Toolchains);
        Assert.Null(paths.Bubblewrap);
        Assert.Equal(3, paths.FoldersLeftOut.Count);
    }

    [Fact]
    public void Attack_No_prefix_may_be_the_home_folder_or_hold_it()
    {
        Files("home/bin/node", "home/lib/x", "bin/go", "pkg/x");
        Assert.Empty(Discover(("PATH", In("home/bin", "bin"))).Toolchains);
    }

    [Fact]
    public async Task A_toolchain_works_inside_and_its_secrets_are_not_there()
    {
        using var sandbox = new SandboxFixture();
        Files("home/.nvm/versions/node/v99/bin/x", "home/.nvm/versions/node/v99/etc/npmrc");
        File.WriteAllText(folder.File("home/.nvm/versions/node/v99/bin/node"), "#!/bin/sh\necho from the toolchain\n");
        File.SetUnixFileMode(folder.File("home/.nvm/versions/node/v99/bin/node"), (UnixFileMode)0b111_101_101);
        var paths = SandboxPaths.Discover(new Dictionary<string, string> { ["PATH"] = In("home/.nvm/versions/node/v99/bin") + ":/usr/bin:/bin", ["HOME"] = folder.File("home") }, sandbox.State.Root);
        using var workspace = sandbox.Create();
        var said = new MemoryStream();
        await new SafeExecutionEnvironment(paths).RunAsync(
            workspace, SandboxFixture.Shell($"node; ls {folder.File("home/.nvm/versions/node/v99")}; echo x > {folder.File("home/.nvm/versions/node/v99/bin/y")} || echo read-only"), said.Write, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal("from the toolchain\nbin\nread-only\n", System.Text.Encoding.UTF8.GetString(said.ToArray()));
    }

    private SandboxPaths Discover(params (string Name, string Value)[] variables) => SandboxPaths.Discover(
        variables.Append(("HOME", folder.File("home"))).ToDictionary(pair => pair.Item1, pair => pair.Item2), folder.File("code/.git/tars"), folder.File("code"));

    private string In(params string[] folders) => string.Join(':', folders.Select(folder.File));

    private void Files(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
            File.WriteAllText(folder.File(name), "");
        }
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(folder.File(name), target);
}
