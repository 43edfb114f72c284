using System.Diagnostics;
using System.Net;
using TarsEngine.Permissions;

namespace TarsCli.Tests;

/// <summary>'packages fetch', and what works after it without a network; the real registries, one small package each.</summary>
public sealed class PackagesTests : IDisposable
{
    private readonly CliFolder cli = new();

    public PackagesTests()
    {
        cli.Variables["NUGET_PACKAGES"] = Path.Combine(cli.Home, "no packages");
        cli.Write("app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            <ItemGroup><PackageReference Include="Humanizer.Core" Version="2.14.1" /></ItemGroup></Project>
            """);
        cli.Write("package.json", """{"name":"app","version":"1.0.0","dependencies":{"is-odd":"3.0.1"}}""");
        cli.Write("odd.test.js", "require('node:test')('odd', () => require('node:assert').equal(require('is-odd')(3), true));");
        cli.Write("package-lock.json", """
            {"name":"app","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{
            "":{"name":"app","version":"1.0.0","dependencies":{"is-odd":"3.0.1"}},
            "node_modules/is-number":{"version":"6.0.0","resolved":"https://registry.npmjs.org/is-number/-/is-number-6.0.0.tgz","integrity":"sha512-Wu1VHeILBK8KAWJUAiSZQX94GmOE45Rg6/538fKwiloUu21KncEkYGPqob2oSZ5mUT73vLGrHQjKw3KMPwfDzg=="},
            "node_modules/is-odd":{"version":"3.0.1","resolved":"https://registry.npmjs.org/is-odd/-/is-odd-3.0.1.tgz","integrity":"sha512-CQpnWPrDwmP1+SMHXZhtLtJv90yiyVfluGsX5iNCVkrhQtU3TQHsUWPG9wkdk9Lgd5yNpAg9jQEo90CBaXgWMA==","dependencies":{"is-number":"^6.0.0"}}}}
            """);
    }

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_fetch_npm_ci_its_tests_and_a_build_pass_without_a_network(bool asOrdinaryUser)
    {
        // A mirror in the same network: what a user of one writes.
        var addresses = await Task.WhenAll(Dns.GetHostAddressesAsync("api.nuget.org"), Dns.GetHostAddressesAsync("registry.npmjs.org"));
        cli.Configure($"network: {{hosts: [{string.Join(", ", addresses.SelectMany(a => a).Where(HostName.IsPrivate).Distinct().Select(a => $"'{(a.ToString().Contains(':', StringComparison.Ordinal) ? $"[{a}]" : a)}:443'"))}]}}");
        var before = Run("sandbox", "run", "--", "npm", "ci");
        Assert.NotEqual(0, before.Code);

        var fetched = Run("packages", "fetch");

        Assert.True(fetched.Code == 0, fetched.ToString());
        Assert.Contains("humanizer.core 2.14.1", fetched.Answer, StringComparison.Ordinal);
        Assert.Contains("is-odd 3.0.1", fetched.Answer, StringComparison.Ordinal);
        cli.Configure("{}");
        var run = Run("sandbox", "run", "--", "/bin/sh", "-c", "npm ci && node --test && dotnet build");
        Assert.True(run.Code == 0, run.ToString());
        Assert.Contains("network-closed", Run("audit", "list").Answer, StringComparison.Ordinal);

        CliResult Run(params string[] arguments) => asOrdinaryUser ? cli.RunAsOrdinaryUser(arguments) : cli.Run(arguments);
    }

    [Fact]
    public void A_codebase_without_projects_needs_nothing()
    {
        foreach (var file in (string[])["app.csproj", "package-lock.json"]) File.Delete(cli.File(file));
        Assert.Contains("Nothing to fetch", cli.Expect(0, "packages", "fetch").Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_file_that_can_not_be_checked_is_named()
    {
        cli.Write("package-lock.json", """{"lockfileVersion":1,"dependencies":{}}""");
        Assert.Contains("npm 6", cli.Expect(1, "packages", "fetch").Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_is_no_registry_is_named()
    {
        cli.Configure("dependencies: {sources: {node: /srv/packages}}");
        Assert.Contains("/srv/packages", cli.Expect(2, "packages", "fetch").Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_run_with_a_network_leaves_no_process()
    {
        cli.Configure("network: {hosts: [example.org]}");
        var marker = "6543210" + Random.Shared.Next(1000, 9999);
        foreach (var milliseconds in (int[])[200, 350, 450, 550, 700, 1000])
        {
            using var run = cli.Start("sandbox", "run", "--", "sleep", marker);
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var until = Stopwatch.StartNew();
        while (Left() is { Count: > 0 } left)
        {
            Assert.True(until.Elapsed < TimeSpan.FromSeconds(20), string.Join('\n', left));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        List<string> Left() => [.. Directory.EnumerateDirectories("/proc").Select(folder => Path.Combine(folder, "cmdline")).Select(Read).Where(line => line.Contains(marker, StringComparison.Ordinal))];
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
