using System.Globalization;
using Tars.Benchmarks.Measuring;
using TarsEngine.Files;
using TarsEngine.Terminal.Dependencies;

namespace Tars.Benchmarks.Cases;

/// <summary>Which projects a tree of 10,000 files holds, against what finding their manifests on disk takes.</summary>
internal sealed class ProjectDetection : BenchmarkCase
{
    private const int Folders = 500, FilesEach = 20;

    public override string Name => "dependencies/detection";

    public override string What => "project kinds of a tree of 10,000 files with 10 projects";

    public override string? Goal => "under 10 ms";

    public override int Runs => 30;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var tree = bench.Codebase;
        for (var i = 0; i < Folders; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(tree, string.Create(CultureInfo.InvariantCulture, $"area{i % 25}/part{i}/src"))).FullName;
            for (var j = 0; j < FilesEach; j++) await File.WriteAllTextAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"File{j}.cs")), "class C;", cancellation);
        }
        string[] manifests = ["App.slnx", "area0/part0/a.csproj", "area1/part1/package.json", "area1/part1/package-lock.json", "area2/part2/pyproject.toml", "area3/part3/Cargo.toml", "area4/part4/go.mod", "area5/part5/pom.xml", "area6/part6/CMakeLists.txt", "area7/part7/b.csproj", "area8/part8/requirements.txt"];
        foreach (var manifest in manifests) await File.WriteAllTextAsync(Path.Combine(tree, manifest), "", cancellation);
        var paths = Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories).Select(path => RepositoryPath.Parse(Path.GetRelativePath(tree, path))).ToList();
        var entries = new TreeSnapshot(paths.Select(path => KeyValuePair.Create(path, new FileState(EntryKind.File, 0b110_100_100, ContentHash.Empty, 0)))).Entries;
        if (ProjectDetector.Find(entries.Keys).Count != 10) throw new InvalidOperationException("The tree's projects were not found.");
        return
        [
            Variant.Timed("find(1) of the same names, on disk", stop => Bench.RunOnHostAsync(["find", tree, "-name", "*.csproj", "-o", "-name", "*.slnx", "-o", "-name", "package.json", "-o", "-name", "*.toml", "-o", "-name", "go.mod", "-o", "-name", "pom.xml", "-o", "-name", "CMakeLists.txt"], cancellation: stop)),
            Variant.Timed("from a snapshot", _ =>
            {
                ProjectDetector.Find(entries.Keys);
                return Task.CompletedTask;
            }),
            Variant.Timed("from disk: names listed, then told", _ =>
            {
                ProjectDetector.Find(Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories).Select(path => RepositoryPath.Parse(path[(tree.Length + 1)..])));
                return Task.CompletedTask;
            }),
        ];
    }
}
