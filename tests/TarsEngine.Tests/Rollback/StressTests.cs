using System.Diagnostics;
using System.Globalization;

namespace TarsEngine.Tests.Rollback;

/// <summary>Short forms of the cases of './run stress' that have no test of their own; each ends with what it found.</summary>
public sealed class StressTests
{
    private const int Seconds = 6;

    [Theory]
    [InlineData("syncs", 16)]
    [InlineData("promises", 25)]
    [InlineData("forge", 40)]
    [InlineData("meddle", 20)]
    [InlineData("model", 200)]
    [InlineData("journey", 100)]
    public async Task Nothing_bad_is_found_by(string name, int fewest)
    {
        var program = Directory.GetFiles(Repository.In("benchmarks", "Tars.Stress", "bin", Configuration), "Tars.Stress.dll", SearchOption.AllDirectories)[0];
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--seconds", Seconds.ToString(CultureInfo.InvariantCulture), name]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said);
        Assert.True(said.Split('\n').Any(line => line.StartsWith(name + ": ", StringComparison.Ordinal) && line.Contains(" tried, 0 bad", StringComparison.Ordinal)
            && int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) >= fewest), said);
    }

    private static string Configuration => Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
}
