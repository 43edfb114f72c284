using System.Globalization;

namespace Tars.Benchmarks.Measuring;

/// <summary>10,000 files that build: four libraries of 250 classes, a test project with a test for each tenth class, and papers.</summary>
internal static class GeneratedSolution
{
    private const int Files = 10_000, Libraries = 4, Classes = 250, Methods = 8, FilesPerFolder = 100;

    public static async Task WriteAsync(string folder, CancellationToken cancellation)
    {
        var written = 0;
        foreach (var (path, text) in Sources().Concat(Papers()))
        {
            if (written++ == Files) return;
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, cancellation);
        }
    }

    private static IEnumerable<(string Path, string Text)> Sources()
    {
        yield return (".gitignore", "bin/\nobj/\n/.tars\n");
        yield return ("All.slnx", $"<Solution>\n{string.Concat(Enumerable.Range(0, Libraries).Select(library => $"  <Project Path=\"src/L{library}/L{library}.csproj\" />\n"))}  <Project Path=\"test/Tests.csproj\" />\n</Solution>\n");
        for (var library = 0; library < Libraries; library++)
        {
            yield return ($"src/L{library}/L{library}.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup></Project>""");
            for (var number = 0; number < Classes; number++) yield return ($"src/L{library}/C{number}.cs", ClassOf(library, number));
        }
        yield return ("test/Tests.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.0.1" />
                <PackageReference Include="xunit" Version="2.9.3" />
                <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
                {string.Concat(Enumerable.Range(0, Libraries).Select(library => $"<ProjectReference Include=\"../src/L{library}/L{library}.csproj\" />"))}
              </ItemGroup>
            </Project>
            """);
        for (var library = 0; library < Libraries; library++)
        {
            var tests = Enumerable.Range(0, Classes / 10).Select(i => $"    [Xunit.Fact] public void Of{i * 10}() => Xunit.Assert.Equal({(i * 10) + 1}, L{library}.C{i * 10}.M0(1));");
            yield return ($"test/L{library}Tests.cs", $"public class L{library}Tests\n{{\n{string.Join('\n', tests)}\n}}\n");
        }
    }

    private static IEnumerable<(string Path, string Text)> Papers() => Enumerable.Range(0, Files)
        .Select(i => (string.Create(CultureInfo.InvariantCulture, $"docs/d{i / FilesPerFolder}/page{i}.md"), string.Create(CultureInfo.InvariantCulture, $"# Page {i}\n\n{string.Join('\n', Enumerable.Range(0, 30).Select(line => $"Line {line} of page {i}."))}\n")));

    private static string ClassOf(int library, int number)
    {
        var methods = Enumerable.Range(0, Methods).Select(method => $"    public static int M{method}(int a)\n    {{\n        var list = new System.Collections.Generic.List<int> {{ a, {method} }};\n        return list.ConvertAll(x => x + {number})[0];\n    }}\n");
        return $"namespace L{library};\n\npublic static class C{number}\n{{\n{string.Join('\n', methods)}}}\n";
    }
}
