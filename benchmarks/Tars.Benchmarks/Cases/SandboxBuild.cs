using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>A whole compilation, in the open and in the sandbox.</summary>
internal sealed class SandboxBuild : BenchmarkCase
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
        """;

    private static readonly string[] build = ["dotnet", "build", "--no-restore", "--no-incremental", "-m"];

    public override string Name => "sandbox/build";

    public override string What => "'dotnet build --no-incremental' of a small project";

    public override string? Goal => "at most 5 % more than bare";

    public override int Runs => 7;

    public override int WarmUp => 1;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var code = string.Join('\n', Enumerable.Range(0, 400).Select(i => $"namespace Lib; public static class C{i} {{ public static int Of(int a) => a + {i}; }}").Select((line, i) => i == 0 ? line : line.Replace("namespace Lib; ", "", StringComparison.Ordinal)));
        var workspace = bench.CreateWorkspace(("Lib.csproj", Project), ("Lib.cs", code));
        var bare = Directory.CreateDirectory(Path.Combine(bench.Folder, "bare")).FullName;
        await File.WriteAllTextAsync(Path.Combine(bare, "Lib.csproj"), Project, cancellation);
        await File.WriteAllTextAsync(Path.Combine(bare, "Lib.cs"), code, cancellation);
        await InsideAsync(["dotnet", "restore"], cancellation);
        await Bench.RunOnHostAsync(["dotnet", "restore"], bare, cancellation);
        return
        [
            // The sandbox's own settings: no build server stays behind, in neither.
            Variant.Timed("bare", stop => Bench.RunOnHostAsync(["/usr/bin/env", "DOTNET_CLI_USE_MSBUILD_SERVER=0", "MSBUILDDISABLENODEREUSE=1", "UseSharedCompilation=false", .. build], bare, stop)),
            Variant.Timed("in the sandbox", stop => InsideAsync(build, stop)),
        ];

        async Task InsideAsync(IReadOnlyList<string> arguments, CancellationToken stop)
        {
            var result = await bench.Sandbox.RunAsync(workspace, Bench.Command(arguments), _ => { }, _ => { }, stop);
            if (result.ExitCode != 0) throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {result}.");
        }
    }
}
