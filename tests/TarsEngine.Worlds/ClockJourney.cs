using System.Diagnostics;
using System.Globalization;
using System.Text;
using TarsEngine.Configuration;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Worlds;

/// <summary>Improvements that are added, executed, approved, rolled back and collected, each by another process, and each in other years.</summary>
internal static class ClockJourney
{
    private const int Steps = 3;
    private const string Settings = "config.yaml";
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin", ["HOME"] = "/nonexistent" };

    /// <param name="folder">Empty.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static async Task<string?> ProblemAsync(string folder, int seed)
    {
        var code = Directory.CreateDirectory(Path.Combine(folder, "code")).FullName;
        Git(code, "init", "--quiet");
        await File.WriteAllTextAsync(Path.Combine(code, "a.txt"), "as it was\n");
        await File.WriteAllTextAsync(Path.Combine(folder, Settings), "checks:\n  - name: there\n    run: [test, -f, a.txt]\n");
        Git(code, "add", ".");
        Git(code, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--message", "begin");
        var landed = new List<ContextId>();
        for (var step = 0; step < Steps; step++)
        {
            using var late = new CancellationTokenSource(longest);
            ContextId waiting;
            using (var codebase = await OpenAsync(folder, code, seed + step * 10))
            {
                var outcome = await codebase.Execution.ExecuteAsync(Add(codebase, step), new ExecutionOptions(), late.Token);
                if (outcome is not ExecutionOutcome.AwaitingReview review) return $"an execution ended as {outcome}";
                waiting = review.Context;
            }
            using var next = await OpenAsync(folder, code, seed + step * 10 + 1);
            if (next.Notices.Count > 0) return $"what waits was taken for interrupted: {string.Join(' ', next.Notices)}";
            next.Collect(KeepLimits.Default);
            if (await next.Execution.ApproveAsync(waiting, "tester", null, late.Token) is not ExecutionOutcome.Landed and var end) return $"an approval ended as {end}";
            landed.Add(waiting);
        }
        using var last = await OpenAsync(folder, code, seed + Steps * 10);
        last.Collect(KeepLimits.Default);
        foreach (var context in Enumerable.Reverse(landed))
            if (last.Execution.Rollback(new(context, new RollbackScope.All(), Force: false, "tester"), CancellationToken.None) is not RollbackOutcome.RolledBack and var other) return $"a rollback ended as {other}";
        if (await File.ReadAllTextAsync(Path.Combine(code, "a.txt")) != "as it was\n") return "the rollbacks did not bring back what was there";
        if (last.Audit.Verify() is { IsIntact: false } trail) return $"the audit trail: {string.Join("; ", trail.Problems)}";
        return last.Contexts.List().Count == Steps ? null : "an execution is gone";
    }

    private static ImprovementId Add(Codebase codebase, int step)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"schema: tars/improvement/v1\ntitle: step {step}\nedits:\n  - replace: a.txt\n    content: |\n      step {step}\n");
        var read = (Proposed)ImprovementSource.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "improvement.yaml");
        return ((Added)codebase.Improvements.Add(read.Improvements, "tester")[0]).Improvement.Id;
    }

    private static Task<Codebase> OpenAsync(string folder, string code, int seed) => Codebase.OpenAsync(new(
        code, Path.Combine(folder, "user"), Path.Combine(folder, Settings), "tester", environment) { Clock = new JumpingClock(seed) });

    private static void Git(string code, params string[] arguments)
    {
        using var process = Process.Start("git", ["-C", code, .. arguments]);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"'git {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }
}
