using Tars.Benchmarks.Measuring;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace Tars.Benchmarks.Cases;

/// <summary>One decision on a path, and one on a command, by the built-in rules and by 200 more.</summary>
internal sealed class PermissionDecision : BenchmarkCase
{
    private const int Times = 2_000;

    public override string Name => "permissions/decision";

    public override string What => "one decision on a path or a command, with 200 rules besides the built-in ones";

    public override string Unit => "µs";

    public override string? Goal => "under 20 µs";

    public override Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var rules = string.Concat(Enumerable.Range(0, 100).Select(i => $"- paths: [{(i % 2 == 0 ? $"src/**/part{i}/*.cs" : $"'*.g{i}.cs'")}]\n  protected: review\n"));
        var commands = string.Concat(Enumerable.Range(0, 100).Select(i => $"  - program: tool{i}*\n    subcommand: [go{i}]\n    with: [--write]\n    decide: deny\n"));
        var loaded = ConfigurationLoader.Load($"paths:\n{rules}commands:\n  rules:\n{commands}", null);
        if (loaded.Problems.Count > 0) throw new InvalidOperationException(loaded.Problems[0].ToString());
        PermissionPolicy few = PermissionPolicy.Default, many = loaded.Configuration.Permissions;
        var path = RepositoryPath.Parse("src/Component/Folder/part200/Some.Longer.Name.cs");
        string[] argv = ["dotnet", "build", "src/App.slnx", "-c", "Release", "--nologo"];
        string[] line = ["sh", "-c", "sed -i s/a/b/ src/a.cs && dotnet format --no-restore > log.txt"];
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        return Task.FromResult<IReadOnlyList<Variant>>(
        [
            Variant.TimedInMicroseconds("a path, built-in rules", Times, () => few.Paths.Decide(path, PathAccess.Write)),
            Variant.TimedInMicroseconds("a path, 200 rules more", Times, () => many.Paths.Decide(path, PathAccess.Write)),
            Variant.TimedInMicroseconds("a command, built-in rules", Times, () => few.Commands.Decide(argv, none)),
            Variant.TimedInMicroseconds("a command, 200 rules more", Times, () => many.Commands.Decide(argv, none)),
            Variant.TimedInMicroseconds("a shell line of two commands, 200 rules more", Times, () => many.Commands.Decide(line, none)),
        ]);
    }
}
