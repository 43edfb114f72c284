using System.Globalization;
using System.Text;
using TarsEngine.CSharp.Answering;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;
using TarsEngine.Validation.Semantics;

namespace Tars.Benchmarks.Measuring;

/// <summary>A library and tests that depend on it: built on the host for baselines, and in the sandbox with the compiler's worker standing on it.</summary>
internal sealed class CompiledCodebase
{
    private const int Classes = 80, Methods = 25;
    private static readonly ContentHash checks = ContentHash.Of("semantics"u8);
    private static readonly string[] withoutServers = ["/usr/bin/env", "DOTNET_CLI_USE_MSBUILD_SERVER=0", "MSBUILDDISABLENODEREUSE=1", "UseSharedCompilation=false"];

    private readonly Bench bench;
    private readonly WorkspaceFactory factory;
    private readonly TerminalExecutor terminal;
    private readonly TreeSnapshot tree;
    private readonly BuildServers servers;
    private int edits, rooms;

    private CompiledCodebase(Bench bench)
    {
        this.bench = bench;
        servers = new(bench);
        bench.AtEnd(() => Worker?.DisposeAsync().AsTask().GetAwaiter().GetResult());
        factory = new(bench.State, bench.Files, TimeProvider.System);
        terminal = new(bench.Sandbox, bench.State);
        Host = Directory.CreateDirectory(Path.Combine(bench.Folder, "host")).FullName;
        tree = new(Texts().Select(file => KeyValuePair.Create(RepositoryPath.Parse(file.Path), StateOf(file.Text))));
    }

    /// <summary>On the host.</summary>
    public string Host { get; }

    public CompilerWorker? Worker { get; private set; }

    public static async Task<CompiledCodebase> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var made = new CompiledCodebase(bench);
        foreach (var (path, text) in Texts())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(made.Host, path))!);
            await File.WriteAllTextAsync(Path.Combine(made.Host, path), text, cancellation);
        }
        await Bench.RunOnHostAsync(["dotnet", "restore", "test"], made.Host, cancellation);
        await made.BuildAsync(cancellation);
        using (var workspace = made.factory.Create(made.tree, bench.Content, "base"))
        {
            var recorder = new BuildRecorder(made.terminal);
            var built = await made.terminal.RunAsync(workspace, Bench.Command("dotnet", "build", "test") with { Environment = recorder.Around(workspace, new Dictionary<string, string>(StringComparer.Ordinal)) }, cancellation: cancellation);
            if (!built.Succeeded) throw new InvalidOperationException("The codebase could not be built in the sandbox: " + string.Join('\n', built.Tail.Select(line => line.Text)));
            await recorder.RecordAsync(workspace, cancellation);
            workspace.FreezeOutputs();
            await made.factory.KeepOutputsAsync(workspace, checks, _ => Task.FromResult<IReadOnlySet<RepositoryPath>>(new HashSet<RepositoryPath>()));
        }
        made.Worker = new(made.terminal, made.Room("worker"), TimeProvider.System);
        return made;
    }

    /// <summary>'dotnet build', warm, as a script would: no server stays behind.</summary>
    public Task BuildAsync(CancellationToken cancellation) => Bench.RunOnHostAsync([.. withoutServers, "dotnet", "build", "--no-restore", "test"], Host, cancellation);

    /// <summary>As a developer has it: MSBuild's nodes and the compiler's server stay.</summary>
    public Task BuildWithServersAsync(CancellationToken cancellation) => Bench.RunOnHostAsync([.. servers.Environment, "dotnet", "build", "--no-restore", "test"], Host, cancellation);

    public Task TestAsync(CancellationToken cancellation) => Bench.RunOnHostAsync([.. withoutServers, "dotnet", "test", "--no-restore", "test"], Host, cancellation);

    /// <summary>Another line in the body of one method, on the host.</summary>
    public async Task EditAsync(CancellationToken cancellation) => await File.WriteAllTextAsync(Path.Combine(Host, "src/C7.cs"), Edited(), cancellation);

    /// <summary>The same, asked of the worker.</summary>
    public async Task<Answer> AskAsync(Layer layer, bool emit, CancellationToken cancellation)
    {
        var answer = await Worker!.AskAsync(new(0, [new("src/C7.cs", true, Encoding.UTF8.GetBytes(Edited()))], layer, false, false, emit), TimeSpan.FromMinutes(2), cancellation);
        return answer is { Status: AnswerStatus.Clean } ? answer : throw new InvalidOperationException($"The worker answered {answer?.Status} {answer?.Reason}.");
    }

    /// <summary>The worker's assemblies put over those of the build, and the tests run on them, without MSBuild.</summary>
    public async Task TestEmittedAsync(CancellationToken cancellation)
    {
        await AskAsync(Layer.Verdict, emit: true, cancellation);
        using var room = Room("tests");
        await Bench.RunOnHostAsync(["cp", "-a", Path.Combine(bench.State.Workspaces, "worker/written-1/."), room.WrittenFolder], cancellation: cancellation);
        var ran = await terminal.RunAsync(room, Bench.Command("dotnet", "test", "test/bin/Debug/net10.0/Tests.dll"), cancellation: cancellation);
        if (!ran.Succeeded) throw new InvalidOperationException("The tests failed: " + string.Join('\n', ran.Tail.Select(line => line.Text)));
    }

    private Workspace Room(string name) => factory.Create(tree, bench.Content, name == "worker" ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{++rooms}"), new(tree, checks));

    private string Edited() => ClassOf(7).Replace("/* here */", string.Create(CultureInfo.InvariantCulture, $"System.GC.KeepAlive({++edits});"), StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Text)> Texts()
    {
        yield return ("src/Lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup></Project>""");
        for (var i = 0; i < Classes; i++) yield return (string.Create(CultureInfo.InvariantCulture, $"src/C{i}.cs"), ClassOf(i));
        yield return ("test/Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.0.1" />
                <PackageReference Include="xunit" Version="2.9.3" />
                <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
                <ProjectReference Include="../src/Lib.csproj" />
              </ItemGroup>
            </Project>
            """);
        var tests = Enumerable.Range(0, Classes).Select(i => $"    [Xunit.Fact] public void Of{i}() => Xunit.Assert.Equal({i + 1}, Lib.C{i}.M0(1));");
        yield return ("test/AllTests.cs", $"public class AllTests\n{{\n{string.Join('\n', tests)}\n}}\n");
    }

    private static string ClassOf(int number)
    {
        var methods = Enumerable.Range(0, Methods).Select(m => $"    public static int M{m}(int a)\n    {{\n        {(m == 3 ? "/* here */" : "")}\n        var list = new System.Collections.Generic.List<int> {{ a, {m} }};\n        return list.ConvertAll(x => x + {number})[0];\n    }}\n");
        return $"namespace Lib;\n\npublic static class C{number}\n{{\n{string.Join('\n', methods)}}}\n";
    }

    private FileState StateOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new(EntryKind.File, 0b110_100_100, bench.Objects.Put(bytes), bytes.Length);
    }
}
