using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Tests.Validation.Tampering;

/// <summary>A library with its test project in memory, and what a change of it is found to do.</summary>
internal static class TamperingGround
{
    public const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.0.1" />
            <PackageReference Include="xunit" Version="2.9.3" />
            <ProjectReference Include="../src/App.csproj" />
          </ItemGroup>
        </Project>
        """;

    public const string SumTests = """
        using Xunit;
        namespace App.Tests;
        public class SumTests
        {
            [Fact]
            public void Adds()
            {
                var sum = new Sum(1, 2);
                Assert.Equal(3, sum.Value);
                Assert.True(sum.IsOdd);
            }

            [Theory]
            [InlineData(1)]
            [InlineData(2)]
            public void Grows(int by) => Same(by + 1, new Sum(1, by).Value);

            private static void Same(int expected, int actual) => Assert.Equal(expected, actual);
        }
        """;

    public const string Code = "namespace App;\npublic record Sum(int A, int B)\n{\n    public int Value => A + B;\n    public bool IsOdd => Value % 2 == 1;\n}\n";

    private static readonly Dictionary<string, string> Base = new(StringComparer.Ordinal)
    {
        ["src/App.csproj"] = "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup></Project>",
        ["src/Sum.cs"] = Code,
        ["test/App.Tests.csproj"] = Project,
        ["test/SumTests.cs"] = SumTests,
        ["App.slnx"] = "<Solution>\n  <Project Path=\"src/App.csproj\" />\n  <Project Path=\"test/App.Tests.csproj\" />\n</Solution>\n",
    };

    /// <summary>The findings of a change that makes these files what is said; null removes one.</summary>
    public static IReadOnlyList<Finding> Judge(params (string Path, string? Text)[] files) => JudgeUpon([], files);

    public static IReadOnlyList<Finding> JudgeUpon((string Path, string Text)[] more, params (string Path, string? Text)[] files)
    {
        var (tree, changes, content) = Change(more, files);
        return new TamperingValidator(content).Validate(tree, changes).Findings;
    }

    /// <summary>What is restored to run the base's tests, without what is left alone; null when nothing has to be run.</summary>
    public static IReadOnlyList<string>? BaseFormOf((string Path, string Text)[] more, params (string Path, string? Text)[] files)
    {
        var (tree, changes, content) = Change(more, files);
        var tests = TestCode.In(content, tree, changes.ApplyTo(tree));
        return BaseForm.Of(tree, changes, tests, content)?.Restored.Select(p => p.Value).ToList();
    }

    private static (TreeSnapshot Tree, ChangeSet Changes, Func<RepositoryPath, FileState, byte[]> Content) Change((string Path, string Text)[] more, (string Path, string? Text)[] files)
    {
        var contents = new Dictionary<ContentHash, byte[]>();
        var before = Base.Select(f => (f.Key, f.Value)).Concat(more.Select(m => (m.Path, m.Text))).Select(f => KeyValuePair.Create(RepositoryPath.Parse(f.Item1), State(f.Item2))).ToList();
        var tree = new TreeSnapshot(before);
        var changes = new ChangeSet(files.Select(f => new FileChange(RepositoryPath.Parse(f.Path), tree[RepositoryPath.Parse(f.Path)], f.Text is null ? null : State(f.Text))));
        return (tree, changes, (_, state) => contents[state.Hash]);

        FileState State(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var hash = ContentHash.Of(bytes);
            contents[hash] = bytes;
            return new(EntryKind.File, 0b110_100_100, hash, bytes.Length);
        }
    }

    /// <summary>The findings of the test file with one text put for another.</summary>
    public static IReadOnlyList<Finding> JudgeTests(string old, string with)
    {
        Assert.Contains(old, SumTests, StringComparison.Ordinal);
        return Judge(("test/SumTests.cs", SumTests.Replace(old, with, StringComparison.Ordinal)));
    }

    public static IEnumerable<string> Held(IEnumerable<Finding> findings) => findings.Where(f => f.Severity >= Severity.Hold).Select(f => f.Rule).Distinct(StringComparer.Ordinal);

    public static string Say(IEnumerable<Finding> findings) => string.Join('\n', findings.Select(f => $"{f.Severity} {f.Rule} {f.Path}:{f.Line} {f.Message}"));
}
