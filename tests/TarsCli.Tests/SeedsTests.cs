using System.Text.RegularExpressions;

namespace TarsCli.Tests;

/// <summary>docs/seeds.md leaves nothing of the seeds out, and no link of the documentation leads nowhere.</summary>
public sealed partial class SeedsTests
{
    private static readonly string Seeds = File.ReadAllText(Repository.In("docs", "seeds.md"));

    // Taken from the seeds by hand: their commands, options, messages, and the names of the parts that they ask for.
    [Theory]
    [InlineData("tarscli improve list", "tarscli execute improvement", "tarscli execute monitor", "tarscli execute review", "tarscli execute rollback", "tarscli execute status", "tarscli execute --help")]
    [InlineData("--id", "--dry-run", "--backup", "--validate", "--auto-rollback", "--output-dir")]
    [InlineData("--context-id", "--interval", "--timeout", "--approve", "--reject", "--comment")]
    [InlineData("--transaction-id", "--file-path", "--all", "--force", "--detail", "--format")]
    [InlineData("Improvement not found", "Execution plan validation failed", "Validation failed", "Rollback failed")]
    [InlineData("IExecutionPlannerService", "ExecutionPlan", "ExecutionStep", "ExecutionContext")]
    [InlineData("SafeExecutionEnvironment", "VirtualFileSystem", "PermissionManager")]
    [InlineData("ChangeValidator", "SyntaxValidator", "SemanticValidator", "TestExecutor")]
    [InlineData("RollbackManager", "FileBackupService", "TransactionManager", "AuditTrailService", "AutonomousExecutionCommand")]
    [InlineData("99.9%", "90%+", "100% of failed changes")]
    [InlineData("Terminal Executor", "Test Runner", "Dependency Installer", "Script executor", "PROJECT_PLAN.md", "quality gate")]
    [InlineData("basic workflow", "cautious workflow", "batch workflow", "best practices", "--help")]
    public void The_map_names_what_the_seeds_ask_for(params string[] wanted) =>
        Assert.All(wanted, one => Assert.Contains(one, Seeds, StringComparison.Ordinal));

    [Fact]
    public void No_link_of_the_documentation_leads_nowhere()
    {
        var broken = new List<string>();
        foreach (var page in Directory.GetFiles(Repository.In("docs"), "*.md", SearchOption.AllDirectories).Concat(Directory.GetFiles(Repository.Root, "*.md")))
        {
            foreach (Match link in Links().Matches(File.ReadAllText(page)))
            {
                var target = link.Groups["target"].Value;
                if (target.Contains("://", StringComparison.Ordinal)) continue;
                var (file, anchor) = target.Split('#') is [var f, var a] ? (f, a) : (target, null);
                var path = file.Length == 0 ? page : Path.GetFullPath(file, Path.GetDirectoryName(page)!);
                if (!File.Exists(path) && !Directory.Exists(path)) broken.Add($"{Path.GetRelativePath(Repository.Root, page)} → {target}");
                else if (anchor is not null && !Anchors(path).Contains(anchor)) broken.Add($"{Path.GetRelativePath(Repository.Root, page)} → {target} (no such heading)");
            }
        }
        Assert.Empty(broken);
    }

    private static HashSet<string> Anchors(string page) => [.. File.ReadAllLines(page).Where(l => l.StartsWith('#'))
        .Select(l => NotInAnchors().Replace(l.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.NonBacktracking)]
    private static partial Regex NotInAnchors();
}
