using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TarsEngine.Sandbox.Packages;
using TarsEngine.Tests.Sandbox.Network;

namespace TarsEngine.Tests.Sandbox.Packages;

/// <summary>What a restore left is believed only where every hash agrees.</summary>
public sealed class PackageCheckTests
{
    [Fact]
    public void The_content_hash_is_the_one_that_nuget_records()
    {
        var packages = SandboxFixture.HostEnvironment.GetValueOrDefault("NUGET_PACKAGES") ?? Path.Combine(SandboxFixture.HostEnvironment["HOME"], ".nuget/packages");
        var archives = Directory.EnumerateFiles(packages, "*.nupkg", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length < 1_000_000).Order(StringComparer.Ordinal).Take(40).ToList();
        Assert.NotEmpty(archives);
        Assert.All(archives, archive =>
        {
            using var metadata = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(archive)!, ".nupkg.metadata")));
            Assert.Equal(metadata.RootElement.GetProperty("contentHash").GetString(), NugetContentHash.Of(File.ReadAllBytes(archive)));
        });
    }

    [Fact]
    public void A_whole_package_passes()
    {
        using var folder = new TempFolder();
        var check = Check(LayOut(folder));
        Assert.Empty(check.Problems);
        Assert.Equal("left.pad 1.0.0", Assert.Single(check.Packages).Name);
    }

    [Theory]
    [InlineData("content/hello.txt", "evil", "not what its archive holds")]
    [InlineData("content/more.dll", "evil", "not in its archive")]
    [InlineData("left.pad.1.0.0.nupkg.sha512", "AAAA", "recorded")]
    [InlineData(".nupkg.metadata", """{"contentHash":"AAAA"}""", "recorded")]
    [InlineData(".nupkg.metadata", "{}", "recorded")]
    [InlineData(".nupkg.metadata", "[", "can't be read")]
    [InlineData("left.pad.1.0.0.nupkg", "no zip", "recorded")]
    public void Attack_a_file_that_is_not_the_archives(string file, string text, string reason)
    {
        using var folder = new TempFolder();
        var package = LayOut(folder);
        File.WriteAllText(Path.Combine(package, file), text);

        var check = Check(package);

        Assert.Contains(reason, Assert.Single(check.Problems), StringComparison.Ordinal);
        Assert.Empty(check.Packages);
    }

    [Fact]
    public void Attack_a_file_that_is_a_link()
    {
        using var folder = new TempFolder();
        var package = LayOut(folder);
        File.WriteAllText(folder.File("same"), "hello");
        File.Delete(package + "/content/hello.txt");
        File.CreateSymbolicLink(package + "/content/hello.txt", folder.File("same"));
        Assert.Contains("link", Assert.Single(Check(package).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_a_whole_package_under_anothers_name()
    {
        using var folder = new TempFolder();
        Assert.Contains("another package", Assert.Single(Check(LayOut(folder, inside: "Other.Pad")).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_a_whole_package_that_is_not_the_locked_one()
    {
        using var folder = new TempFolder();
        var package = LayOut(folder);
        var locked = new Dictionary<string, string>();
        NugetLockFile.Read(Encoding.UTF8.GetBytes("""{"version":1,"dependencies":{"net10.0":{"Left.Pad":{"type":"Direct","resolved":"1.0.0","contentHash":"AAAA"}}}}"""), locked);

        Assert.Contains("packages.lock.json", Assert.Single(Check(package, locked).Problems), StringComparison.Ordinal);

        locked["left.pad/1.0.0"] = NugetContentHash.Of(File.ReadAllBytes(package + "/left.pad.1.0.0.nupkg"));
        Assert.Empty(Check(package, locked).Problems);
    }

    [Theory]
    [InlineData("\"resolved\": \"https://r/x.tgz\"", "no SHA-512")]
    [InlineData("\"resolved\": \"https://r/x.tgz\", \"integrity\": \"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=\"", "no SHA-512")]
    [InlineData("\"resolved\": \"https://r/x.tgz\", \"integrity\": \"sha512-AAAA\"", "no SHA-512")]
    [InlineData("\"resolved\": \"git+ssh://git@github.com/a/b.git#1\"", "no registry")]
    [InlineData("\"resolved\": \"file:../x.tgz\"", "no registry")]
    [InlineData("\"integrity\": \"sha512-AAAA\"", "no 'resolved'")]
    public void A_lock_file_entry_that_can_not_be_checked_is_named(string entry, string reason)
    {
        var file = NpmLockFile.Read("package-lock.json", Encoding.UTF8.GetBytes("""{"lockfileVersion":3,"packages":{"":{},"node_modules/x":{"version":"1.0.0",ENTRY}}}""".Replace("ENTRY", entry, StringComparison.Ordinal)));
        Assert.Contains(reason, Assert.Single(file.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"lockfileVersion":1,"dependencies":{}}""", "npm 6")]
    [InlineData("[]", "npm 6")]
    [InlineData("{", "can't be read")]
    public void A_lock_file_of_another_form_is_named(string json, string reason) =>
        Assert.Contains(reason, Assert.Single(NpmLockFile.Read("package-lock.json", Encoding.UTF8.GetBytes(json)).Problems), StringComparison.Ordinal);

    [Fact]
    public void Only_tarballs_that_a_lock_file_names_pass_and_only_with_its_hash()
    {
        using var folder = new TempFolder();
        string Put(string content, string? hash = null)
        {
            hash ??= Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(content)));
            var path = folder.File(NpmContentCheck.PlaceOf(hash));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
            return hash;
        }
        var good = Put("good");
        var bad = Put("bad", new string('a', 128));
        Put("not named");
        File.WriteAllText(folder.File("elsewhere"), "linked");
        var linked = Convert.ToHexStringLower(SHA512.HashData("linked"u8));
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(NpmContentCheck.PlaceOf(linked)))!);
        File.CreateSymbolicLink(folder.File(NpmContentCheck.PlaceOf(linked)), folder.File("elsewhere"));

        var (packages, problems) = NpmContentCheck.Read(folder.Path, [new("good", good, false), new("bad", bad, false), new("linked", linked, false), new("absent", new('b', 128), false), new("optional", new('c', 128), true)]);

        Assert.Equal("good", Assert.Single(packages).Name);
        Assert.Equal(["bad: its hash is not the one in the lock file.", "linked: npm did not fetch it.", "absent: npm did not fetch it."], problems);
    }

    private static string LayOut(TempFolder folder, string inside = "Left.Pad")
    {
        var bytes = FakeRegistry.NugetPackage(inside, "1.0.0", "signature");
        var package = Directory.CreateDirectory(folder.File("nuget/left.pad/1.0.0/content")).Parent!.FullName;
        File.WriteAllBytes(package + "/left.pad.1.0.0.nupkg", bytes);
        File.WriteAllText(package + "/left.pad.1.0.0.nupkg.sha512", Convert.ToBase64String(SHA512.HashData(bytes)));
        File.WriteAllText(package + "/.nupkg.metadata", $$"""{"version":2,"contentHash":"{{NugetContentHash.Of(bytes)}}"}""");
        File.WriteAllText(package + "/content/hello.txt", "hello");
        return package;
    }

    private static NugetPackageCheck Check(string package, Dictionary<string, string>? locked = null)
    {
        var check = new NugetPackageCheck(locked ?? []);
        check.Read(Path.GetFullPath(Path.Combine(package, "../..")));
        return check;
    }
}
