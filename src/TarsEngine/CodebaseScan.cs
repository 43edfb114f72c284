using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine;

/// <summary>How a scan ended.</summary>
public abstract record ScanOutcome;

/// <param name="Proposals">One for each rule that changes something.</param>
/// <param name="Notices">What was left out, and why.</param>
public sealed record Scanned(IReadOnlyList<ImprovementProposal> Proposals, IReadOnlyList<string> Notices) : ScanOutcome;

/// <param name="Tail">The last lines of what the tool said.</param>
public sealed record ScanFailed(string Reason, IReadOnlyList<string> Tail) : ScanOutcome;

/// <summary>
/// Lets the codebase's own analyzers and their code fixes, as 'dotnet format' runs them, work on copies inside the sandbox, and proposes for each
/// rule what its fixer did. The codebase is only read.
/// </summary>
public sealed class CodebaseScan
{
    private const string ReportName = "format-report.json";
    private static readonly TimeSpan time = TimeSpan.FromMinutes(15);
    private static readonly string[] kinds = ["style", "analyzers"];
    private readonly Codebase codebase;
    private readonly TerminalExecutor terminal;

    internal CodebaseScan(Codebase codebase, TerminalExecutor terminal) => (this.codebase, this.terminal) = (codebase, terminal);

    /// <param name="severity">'info', 'warn' or 'error': rules below it are left alone.</param>
    /// <param name="most">Rules that are proposed, those with the most places first.</param>
    /// <param name="told">Gets a sentence for each step.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox can't be enforced; nothing ran.</exception>
    public async Task<ScanOutcome> RunAsync(string severity, int most, Action<string> told, CancellationToken cancellation = default)
    {
        using var alone = LoneRun.Start(codebase.State, "trial");
        var captured = await codebase.Capture.CaptureAsync(cancellation);
        var configuration = codebase.ConfigurationFor(captured.Tree).Configuration;
        var tree = configuration.Permissions.Paths.Visible(captured.Tree).Tree;
        if (new DotnetDetection(tree, codebase.Content.Read).Find(configuration.Dotnet.Projects) is not { Targets.Count: > 0 } targets)
            return new ScanFailed("There is no .NET project here, and only those have analyzers that are known.", []);
        var (proposals, notices) = (new List<ImprovementProposal>(), new List<string>());
        foreach (var target in targets.Targets)
        {
            var wanted = new List<(string Kind, FormatRule Rule)>();
            foreach (var kind in (string[])["whitespace", .. kinds])
            {
                told($"Looking for what '{kind}' would change in '{target}'.");
                switch (await LookAsync(tree, alone.Name, target, kind, severity, cancellation))
                {
                    case (null, var failed):
                        return failed!;
                    case ({ Count: > 0 } rules, _) when kind == "whitespace":
                        wanted.Add((kind, new("WHITESPACE", "white space as .editorconfig wants it", rules.Sum(r => r.Places), rules.Max(r => r.Files))));
                        break;
                    case ({ } rules, _):
                        wanted.AddRange(rules.Select(rule => (kind, rule)));
                        break;
                }
            }
            foreach (var (kind, rule) in wanted.Take(Math.Max(0, most - proposals.Count)))
            {
                told($"Letting the fixer of {rule.Id} work on a copy ({rule.Places} places).");
                var changes = await FixAsync(tree, alone.Name, target, kind, rule.Id, severity, cancellation);
                if (changes.IsEmpty) notices.Add($"{rule.Id} is found in {rule.Places} places, and no fixer changes them: {rule.Meaning}");
                else proposals.Add(await ProposalAsync(rule, changes, cancellation));
            }
            if (wanted.Count > most) notices.Add($"{wanted.Count - most} more rules would change something in '{target}'; --most takes more of them.");
        }
        return new Scanned(proposals, notices);
    }

    private async Task<(IReadOnlyList<FormatRule>? Rules, ScanFailed? Failed)> LookAsync(TreeSnapshot tree, string name, string target, string kind, string severity, CancellationToken cancellation)
    {
        using var workspace = codebase.Workspaces.Create(tree, codebase.Content, name);
        var report = workspace.CreateResultsFolder();
        var ended = await RunAsync(workspace, Arguments(target, kind, null, severity, $"--verify-no-changes --report {SandboxLayout.Results}"), [report], cancellation);
        using var folder = codebase.Files.OpenRoot(report.HostFolder);
        // Without a fault there may be no report. A link in its place is none.
        if (codebase.Files.Stat(folder, ReportName) is not { Kind: NodeKind.File })
            return ended.Succeeded ? ([], null) : (null, new($"'dotnet format {kind}' did not come to an end: {ended.Ending}.", [.. ended.Tail.TakeLast(10).Select(line => line.Text)]));
        using var stream = codebase.Files.OpenRead(folder, ReportName);
        return FormatReport.Read(stream) is { } rules ? (rules, null) : (null, new($"The report of 'dotnet format {kind}' can't be read.", []));
    }

    private async Task<ChangeSet> FixAsync(TreeSnapshot tree, string name, string target, string kind, string rule, string severity, CancellationToken cancellation)
    {
        using var workspace = codebase.Workspaces.Create(tree, codebase.Content, name);
        await RunAsync(workspace, Arguments(target, kind, kind == "whitespace" ? null : rule, severity, ""), [], cancellation);
        var reading = await workspace.ReadChangesAsync(codebase.Objects, codebase.Capture.RulesOf(tree, codebase.Content), cancellation);
        // What a build leaves beside the sources is no fix.
        return new ChangeSet(reading.Changes.Where(change => change is { Before: not null, After: not null }));
    }

    // A restore writes what the analyzers of packages are found by; offline, from what was fetched.
    private async Task<CommandResult> RunAsync(Workspace workspace, string line, IReadOnlyList<SandboxBind> binds, CancellationToken cancellation) =>
        await terminal.RunAsync(workspace, new SandboxCommand(["sh", "-c", line], "", time, DotnetChecks.Environment) { Binds = binds }, null, cancellation);

    private static string Arguments(string target, string kind, string? rule, string severity, string more)
    {
        var quoted = "'" + target.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
        var only = kind == "whitespace" ? "" : $" --severity {severity}{(rule is null ? "" : $" --diagnostics {rule}")}";
        return $"dotnet restore {quoted} && dotnet format {kind} {quoted} --no-restore{only} {more}";
    }

    private async Task<ImprovementProposal> ProposalAsync(FormatRule rule, ChangeSet changes, CancellationToken cancellation)
    {
        var patch = await codebase.Trial.ToPatchAsync(changes, cancellation);
        var title = string.Create(CultureInfo.InvariantCulture, $"{rule.Id}: {rule.Meaning} ({rule.Places} {(rule.Places == 1 ? "place" : "places")} in {rule.Files} {(rule.Files == 1 ? "file" : "files")})");
        return ImprovementSource.Read(new MemoryStream(patch), "scan.patch") is Proposed { Improvements: [var proposal] }
            ? proposal with { Title = title, Category = "analysis", Source = $"scan:dotnet-format {rule.Id}" }
            : throw new InvalidOperationException("A patch of our own can't be read back.");
    }
}
