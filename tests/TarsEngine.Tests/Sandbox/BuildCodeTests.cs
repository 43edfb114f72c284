namespace TarsEngine.Tests.Sandbox;

/// <summary>Code that builds, installs and test runners run by themselves: it runs, and reaches nothing.</summary>
public sealed class BuildCodeTests : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Secret = "the host's secret";
    private readonly SandboxFixture sandbox;
    private readonly TempFolder host = new();

    public BuildCodeTests(SandboxFixture sandbox)
    {
        this.sandbox = sandbox;
        File.WriteAllText(host.File("secret"), Secret);
    }

    public void Dispose() => host.Dispose();

    /// <summary>What each tries: to read a file of the host, to write one, and to look for a network.</summary>
    private string Evil(string name) => $"echo ran-{name}; cat '{host.File("secret")}'; echo {name} > '{host.File(name)}'; (exec 3<>/dev/tcp/127.0.0.1/1) 2>&1 | grep -c succeeded; ls /sys/class/net 2>/dev/null | grep -v lo; true";

    [Fact]
    public async Task Attack_an_inline_task_and_a_target_of_restore_reach_nothing()
    {
        var text = await Run("cd app && dotnet build -v:n 2>&1",
            ("app/app.csproj", $$"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <UsingTask TaskName="Evil" TaskFactory="RoslynCodeTaskFactory" AssemblyFile="$(MSBuildToolsPath)/Microsoft.Build.Tasks.Core.dll">
                    <Task><Using Namespace="System.IO" /><Code Type="Fragment" Language="cs"><![CDATA[
                      Log.LogMessage(MessageImportance.High, "ran-inline " + File.Exists("{{host.File("secret")}}"));
                      try { File.WriteAllText("{{host.File("inline")}}", "x"); } catch (System.Exception e) { Log.LogMessage(MessageImportance.High, e.GetType().Name); }
                    ]]></Code></Task>
                  </UsingTask>
                  <Target Name="OnRestore" BeforeTargets="_GenerateRestoreGraph;CollectPackageReferences"><Exec Command="bash ../evil.sh" /></Target>
                  <Target Name="OnBuild" AfterTargets="Build"><Evil /></Target>
                </Project>
                """),
            ("app/a.cs", "class A;"), ("evil.sh", Evil("restore")));

        Assert.Contains("ran-inline False", text, StringComparison.Ordinal);
        Assert.Contains("ran-restore", text, StringComparison.Ordinal);
        AssertNothingReached(text);
    }

    [Fact]
    public async Task Attack_response_files_and_imports_above_the_codebase_are_not_there()
    {
        // On the host they would shape every build below them; inside, nothing lies above the codebase.
        File.WriteAllText(Path.Combine(sandbox.Outside, "Directory.Build.rsp"), "-p:FromAbove=rsp\n");
        File.WriteAllText(Path.Combine(sandbox.Outside, "Directory.Build.props"), "<Project><PropertyGroup><FromAbove>props</FromAbove></PropertyGroup></Project>");

        var text = await Run("dotnet msbuild app.proj -t:Say", ("app.proj", "<Project><Target Name=\"Say\"><Message Importance=\"High\" Text=\"above:[$(FromAbove)]\" /></Target></Project>"));

        Assert.Contains("above:[]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_a_postinstall_script_and_a_conftest_reach_nothing()
    {
        var text = await Run("npm install --offline --no-audit --no-fund --foreground-scripts 2>&1; /usr/bin/python3 -c 'import conftest' 2>&1",
            ("package.json", """{ "name": "a", "version": "1.0.0", "scripts": { "postinstall": "bash ./evil.sh" } }"""),
            ("evil.sh", Evil("postinstall")), ("evil2.sh", Evil("conftest")),
            ("conftest.py", "import subprocess\nprint(subprocess.run(['bash', './evil2.sh'], capture_output=True, text=True).stdout)\n"));

        Assert.Contains("ran-postinstall", text, StringComparison.Ordinal);
        Assert.Contains("ran-conftest", text, StringComparison.Ordinal);
        AssertNothingReached(text);
    }

    private async Task<string> Run(string script, params (string, string)[] files)
    {
        using var workspace = sandbox.Create(files);
        var (result, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell(script, 300));
        Assert.True(result.Succeeded, $"{result.Ending}\n{text}");
        return text;
    }

    private void AssertNothingReached(string text)
    {
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(host.Path).Select(Path.GetFileName));
        Assert.Equal(Secret, File.ReadAllText(host.File("secret")));
    }
}
