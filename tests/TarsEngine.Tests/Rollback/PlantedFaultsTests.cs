using System.Diagnostics;

namespace TarsEngine.Tests.Rollback;

/// <summary>The faults that './run stress planted' plants still fit the sources: one that doesn't would be missed by nobody.</summary>
public sealed class PlantedFaultsTests
{
    private const int Fewest = 30;
    private static readonly string[] patches = Directory.GetFiles(Repository.In("benchmarks", "Tars.Stress", "Planted"), "*.patch");

    // The parts of the engine that the case builds; a fault elsewhere would not be built, and would be caught by nothing.
    private static readonly string[] parts = ["Files", "Changes", "Storage", "Audit", "Rollback"];

    [Fact]
    public void There_are_enough_and_no_two_are_the_same()
    {
        Assert.InRange(patches.Length, Fewest, int.MaxValue);
        Assert.Equal(patches.Length, patches.Select(patch => string.Concat(File.ReadLines(patch).SkipWhile(line => !line.StartsWith("--- ", StringComparison.Ordinal)))).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(patches.Length, patches.Select(patch => File.ReadLines(patch).First()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Each_applies_to_the_sources()
    {
        Assert.Equal("", string.Concat(patches.Select(Problem)));

        static string Problem(string patch)
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", Repository.Root, "apply", "--check", patch]) { RedirectStandardError = true, UseShellExecute = false })!;
            var errors = git.StandardError.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? "" : $"{Path.GetFileName(patch)}: {errors}";
        }
    }

    [Fact]
    public void Each_lies_in_what_is_built_with_it() => Assert.Empty(
        from patch in patches
        from line in File.ReadLines(patch)
        where line.StartsWith("+++ ", StringComparison.Ordinal) && !parts.Any(part => line.StartsWith($"+++ b/src/TarsEngine/{part}/", StringComparison.Ordinal))
        select $"{Path.GetFileName(patch)}: {line}");

    [Fact]
    public void Each_says_what_is_wrong_and_what_must_catch_it() => Assert.Empty(
        from patch in patches
        where File.ReadLines(patch).Take(3).ToArray() is not [[.., '.'], ['C', 'a', 'u', 'g', 'h', 't', ' ', 'b', 'y', ':', ' ', _, ..], ""]
        select Path.GetFileName(patch));
}
