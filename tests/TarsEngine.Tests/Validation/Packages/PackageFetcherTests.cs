using System.Net;
using TarsEngine.Permissions;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;
using TarsEngine.Sandbox.Packages;
using TarsEngine.Terminal;
using TarsEngine.Tests.Sandbox;
using TarsEngine.Tests.Sandbox.Network;
using TarsEngine.Validation.Packages;

namespace TarsEngine.Tests.Validation.Packages;

/// <summary>Packages come in by a step of their own, checked, and builds then find them without a network.</summary>
public sealed class PackageFetcherTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>netstandard2.0</TargetFramework><DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
            <!-- Newer ones take no registry over plain HTTP, which this test's is. -->
            <SdkAnalysisLevel>8.0.400</SdkAnalysisLevel></PropertyGroup>
          <ItemGroup><PackageReference Include="Left.Pad" Version="1.0.0" /></ItemGroup>
          {0}
        </Project>
        """;

    private readonly List<string> lines = [];

    [Fact]
    public async Task A_nuget_package_is_fetched_once_and_then_restores_without_a_network()
    {
        await using var server = FakeRegistry.Nuget("Left.Pad", "1.0.0", FakeRegistry.NugetPackage("Left.Pad", "1.0.0"));
        (string, string)[] files = [("a.csproj", Project.Replace("{0}", "", StringComparison.Ordinal))];
        var before = await RunAsync(files, "dotnet", "restore");
        Assert.False(before.Succeeded);
        Assert.Contains(before.Tail, line => line.Text.Contains("NU1101", StringComparison.Ordinal));

        Assert.Equal(["left.pad 1.0.0"], Fetched(await FetchAsync(server, files)));

        Assert.True((await RunAsync(files, "dotnet", "restore")).Succeeded, Said());
        var downloads = server.Requests.Count(request => request.Contains(".nupkg", StringComparison.Ordinal));
        Assert.Empty(Fetched(await FetchAsync(server, files)));
        Assert.Equal(downloads, server.Requests.Count(request => request.Contains(".nupkg", StringComparison.Ordinal)));
        Assert.False((await RunAsync(files, "/bin/sh", "-c", "touch /fetched/nuget/left.pad/x")).Succeeded);
    }

    [Fact]
    public async Task An_npm_package_is_fetched_and_its_tests_pass_without_a_network_and_no_script_runs_while_it_is_fetched()
    {
        var tarball = FakeRegistry.NpmTarball("left", "module.exports = (a, b) => a + b;");
        await using var server = FakeRegistry.Npm(tarball);
        var files = NpmFiles(server, FakeRegistry.Integrity(tarball));
        Assert.False((await RunAsync(files, "npm", "ci")).Succeeded);

        Assert.Equal(["left 1.0.0"], Fetched(await FetchAsync(server, files)));

        Assert.DoesNotContain(lines, line => line.Contains("script-ran", StringComparison.Ordinal));
        Assert.True((await RunAsync(files, "/bin/sh", "-c", "npm ci && node --test")).Succeeded, Said());
        // The cache holds everything now: nobody is asked again.
        var asked = server.Requests.Count;
        Assert.Empty(Fetched(await FetchAsync(server, files)));
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public async Task Attack_a_tarball_that_is_not_the_locked_one()
    {
        var tarball = FakeRegistry.NpmTarball("left", "module.exports = 'evil';");
        await using var server = FakeRegistry.Npm(tarball);
        var files = NpmFiles(server, FakeRegistry.Integrity("other"u8.ToArray()));

        var failed = Assert.IsType<FetchOutcome.RestoreFailed>(await FetchAsync(server, files));

        Assert.Contains(failed.Result.Tail, line => line.Text.Contains("EINTEGRITY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attack_build_code_that_plants_a_package_while_packages_are_fetched()
    {
        await using var server = FakeRegistry.Nuget("Left.Pad", "1.0.0", FakeRegistry.NugetPackage("Left.Pad", "1.0.0"));
        const string planted = """<Target Name="Plant" AfterTargets="Restore"><Exec Command="mkdir -p /fetch/nuget/planted/1.0.0 &amp;&amp; echo evil &gt; /fetch/nuget/planted/1.0.0/evil.dll" /></Target>""";

        var failed = Is<FetchOutcome.CheckFailed>(await FetchAsync(server, [("a.csproj", Project.Replace("{0}", planted, StringComparison.Ordinal))]));

        Assert.Contains("planted 1.0.0", Assert.Single(failed.Problems), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(sandbox.State.Root, "packages", "nuget", "planted")));
    }

    [Fact]
    public async Task Attack_build_code_that_speaks_to_another_host_while_packages_are_fetched()
    {
        await using var server = FakeRegistry.Nuget("Left.Pad", "1.0.0", FakeRegistry.NugetPackage("Left.Pad", "1.0.0"));
        await using var other = TestServer.Start(address: "127.0.0.3");
        var planted = $"""<Target Name="Call" BeforeTargets="Restore"><Exec Command="curl -sS --fail http://127.0.0.3:{other.Port}/" /></Target>""";

        var failed = Assert.IsType<FetchOutcome.RestoreFailed>(await FetchAsync(server, [("a.csproj", Project.Replace("{0}", planted, StringComparison.Ordinal))]));

        Assert.Contains($"127.0.0.3:{other.Port}", Assert.Single(failed.Refused), StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_host_that_the_user_denies_stays_denied()
    {
        await using var server = FakeRegistry.Nuget("Left.Pad", "1.0.0", FakeRegistry.NugetPackage("Left.Pad", "1.0.0"));

        Assert.IsType<FetchOutcome.RegistryRefused>(await FetchAsync(server, [("b.csproj", Project.Replace("{0}", "", StringComparison.Ordinal).Replace("1.0.0", "1.0.1", StringComparison.Ordinal))], $"!{FakeRegistry.Address}:{server.Port}"));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_codebase_without_projects_needs_nothing() =>
        Assert.IsType<FetchOutcome.NothingToFetch>(await Fetcher(PackageRegistries.Public).FetchAsync(sandbox.Tree(("a.txt", "")), "packages-1", null, _ => { }, TestContext.Current.CancellationToken));

    [Fact]
    public async Task The_real_registries_serve_one_package_each()
    {
        (string, string)[] files =
        [
            ("a.csproj", """
                <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                <ItemGroup><PackageReference Include="Humanizer.Core" Version="2.14.1" /></ItemGroup></Project>
                """),
            ("package.json", """{"name":"app","version":"1.0.0","dependencies":{"is-odd":"3.0.1"}}"""),
            ("odd.test.js", "require('node:test')('odd', () => require('node:assert').equal(require('is-odd')(3), true));"),
            ("package-lock.json", """
                {"name":"app","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{
                "":{"name":"app","version":"1.0.0","dependencies":{"is-odd":"3.0.1"}},
                "node_modules/is-number":{"version":"6.0.0","resolved":"https://registry.npmjs.org/is-number/-/is-number-6.0.0.tgz","integrity":"sha512-Wu1VHeILBK8KAWJUAiSZQX94GmOE45Rg6/538fKwiloUu21KncEkYGPqob2oSZ5mUT73vLGrHQjKw3KMPwfDzg=="},
                "node_modules/is-odd":{"version":"3.0.1","resolved":"https://registry.npmjs.org/is-odd/-/is-odd-3.0.1.tgz","integrity":"sha512-CQpnWPrDwmP1+SMHXZhtLtJv90yiyVfluGsX5iNCVkrhQtU3TQHsUWPG9wkdk9Lgd5yNpAg9jQEo90CBaXgWMA==","dependencies":{"is-number":"^6.0.0"}}}}
                """),
        ];
        var fetcher = Fetcher(PackageRegistries.Public, [.. await RealAddresses.RulesAsync("api.nuget.org", "registry.npmjs.org")]);

        var outcome = await fetcher.FetchAsync(sandbox.Tree(files), "packages-1", null, line => lines.Add(line.Text), TestContext.Current.CancellationToken);

        Assert.True(outcome is FetchOutcome.Fetched, $"{outcome}\n{Said()}");
        Assert.True((await RunAsync(files, "/bin/sh", "-c", "dotnet build && npm ci && node --test")).Succeeded, Said());
    }

    private static (string, string)[] NpmFiles(TestServer server, string integrity) =>
    [
        ("package.json", """{"name":"app","version":"1.0.0","dependencies":{"left":"1.0.0"}}"""),
        ("package-lock.json", $$$"""
            {"name":"app","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"app","version":"1.0.0","dependencies":{"left":"1.0.0"}},
            "node_modules/left":{"version":"1.0.0","resolved":"http://{{{FakeRegistry.Address}}}:{{{server.Port}}}/left/-/left-1.0.0.tgz","integrity":"{{{integrity}}}","hasInstallScript":true}
            }}
            """),
        ("left.test.js", "require('node:test')('adds', () => require('node:assert').equal(require('left')(1, 2), 3));"),
    ];

    private Task<FetchOutcome> FetchAsync(TestServer server, (string, string)[] files, params string[] more)
    {
        var at = new Uri($"http://{FakeRegistry.Address}:{server.Port}/");
        string[] rules = [$"{FakeRegistry.Address}:{server.Port}", .. more];
        return Fetcher(new(new(at, "v3/index.json"), at), rules).FetchAsync(sandbox.Tree(files), "packages-1", null, line => lines.Add(line.Text), TestContext.Current.CancellationToken);
    }

    private PackageFetcher Fetcher(PackageRegistries registries, params string[] rules) => new(
        sandbox.Content, sandbox.Factory, new TerminalExecutor(sandbox.Environment, sandbox.State), new PackageCache(sandbox.State.Root, sandbox.Files), registries, TestProxy.Access(rules));

    private async Task<CommandResult> RunAsync((string, string)[] files, params string[] arguments)
    {
        using var workspace = sandbox.Create(files);
        var command = new SandboxCommand(arguments, "", TimeSpan.FromMinutes(3), new Dictionary<string, string>());
        return await new TerminalExecutor(sandbox.Environment, sandbox.State).RunAsync(workspace, command, line => lines.Add(line.Text), TestContext.Current.CancellationToken);
    }

    private IReadOnlyList<string> Fetched(FetchOutcome outcome) => Is<FetchOutcome.Fetched>(outcome).Added;

    private T Is<T>(FetchOutcome outcome)
        where T : FetchOutcome
    {
        Assert.True(outcome is T, $"{outcome}\n{Said()}");
        return (T)outcome;
    }

    private string Said() => string.Join('\n', lines);
}

/// <summary>Where the public registries are reached through an address that is not public (a mirror in the same network), the user names it.</summary>
internal static class RealAddresses
{
    public static async Task<IEnumerable<string>> RulesAsync(params string[] hosts)
    {
        var rules = new HashSet<string>(StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            foreach (var address in (await Dns.GetHostAddressesAsync(host)).Where(HostName.IsPrivate)) rules.Add(new Authority(address.ToString(), 443).ToString());
        }
        return rules;
    }
}
