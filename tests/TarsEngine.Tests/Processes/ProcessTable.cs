namespace TarsEngine.Tests.Processes;

internal static class ProcessTable
{
    /// <summary>True while the process runs; a zombie that its parent has not collected yet is gone.</summary>
    public static bool Runs(string pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid.Trim()}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits for the kernel to finish what was killed; fails when it lives on.</summary>
    public static async Task Gone(string pid)
    {
        for (var i = 0; i < 500 && Runs(pid); i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.False(Runs(pid), $"Process {pid.Trim()} lives on.");
    }

    /// <summary>The running processes whose command line holds the text.</summary>
    public static IReadOnlyList<string> Having(string text) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).OfType<string>().Where(name => char.IsAsciiDigit(name[0]) && Runs(name) && CommandLine(name).Contains(text, StringComparison.Ordinal))];

    private static string CommandLine(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
