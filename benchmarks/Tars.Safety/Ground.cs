using System.Diagnostics;
using System.Globalization;
using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;

namespace Tars.Safety;

/// <summary>A clone of our own on which the engine works, as 'tarscli' would.</summary>
internal sealed class Ground : IDisposable
{
    private readonly SafetyOptions options;
    private readonly string work;
    private Codebase? codebase;
    private string? standing;

    public Ground(SafetyOptions options, string work)
    {
        (this.options, this.work) = (options, work);
        Directory.CreateDirectory(work);
        if (Directory.Exists(Path.Combine(Folder, ".git"))) return;
        Run("/", "git", "clone", "-q", "--no-checkout", options.Repository, Folder);
    }

    public string Folder => Path.Combine(work, "code");

    /// <summary>Commits without merges, the newest first.</summary>
    public IReadOnlyList<string> Commits(int most) =>
        [.. Git("rev-list", "--no-merges", "--first-parent", string.Create(CultureInfo.InvariantCulture, $"--max-count={most}"), "origin/HEAD").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Null for a first commit.</summary>
    public string? ParentOf(string commit) => Git("rev-list", "--parents", "--max-count=1", commit).Split(' ') is [_, var parent, ..] ? parent.Trim() : null;

    /// <summary>What a commit changed, beside its parent.</summary>
    /// <returns>Empty where a symlink or submodule is among it.</returns>
    public IReadOnlyList<TrialFile> ChangesOf(string parent, string commit)
    {
        // :mode mode id id status NUL path NUL
        var rows = Git("diff-tree", "-r", "--raw", "--no-renames", "--no-commit-id", "-z", parent, commit).Split('\0', StringSplitOptions.RemoveEmptyEntries).Chunk(2).Select(pair => (Modes: pair[0].Split(' '), Path: pair[1])).ToList();
        if (rows.Exists(row => row.Modes[0] is ":120000" or ":160000" || row.Modes[1] is "120000" or "160000")) return [];
        return [.. rows.Select(row => new TrialFile(row.Path, row.Modes[4] == "D" ? null : Bytes("git", "cat-file", "blob", $"{commit}:{row.Path}")))];
    }

    /// <summary>The files of a commit.</summary>
    public IReadOnlyList<string> Files(string commit) => Git("ls-tree", "-r", "-z", "--name-only", commit).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    public byte[] Read(string commit, string path) => Bytes("git", "cat-file", "blob", $"{commit}:{path}");

    /// <summary>The codebase as a commit has it.</summary>
    public async Task<Codebase> StandOnAsync(string commit)
    {
        if (standing == commit && codebase is not null) return codebase;
        Clean(commit);
        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        codebase ??= await Codebase.OpenAsync(new(Folder, Path.Combine(work, "state"), options.Config, "safety", variables));
        standing = commit;
        return codebase;
    }

    /// <summary>Sends a change through the whole journey; the clone is as before afterwards, whatever became of it.</summary>
    public async Task<Record> TryAsync(Trial trial)
    {
        var on = await StandOnAsync(trial.Base);
        var clock = Stopwatch.GetTimestamp();
        var outcome = on.Improvements.Add([await ProposalAsync(on, trial)], "safety")[0];
        var ended = await on.Execution.ExecuteAsync(outcome.Improvement.Id, new ExecutionOptions { ApproveWhenValid = true });
        if (ended is ExecutionOutcome.Landed) Clean(trial.Base);
        var (became, stage, findings, message) = ended switch
        {
            ExecutionOutcome.Landed landed => ("landed", null, landed.Verdict.Findings.Where(f => f.Severity >= Severity.Warning), null),
            ExecutionOutcome.Held held => ("held", "verdict", held.Verdict.Findings.Where(f => f.Severity == Severity.Hold), null),
            ExecutionOutcome.Failed failed => ("refused", failed.Stage, failed.Findings.Where(f => f.Severity == Severity.Error), null),
            ExecutionOutcome.Denied denied => ("refused", "policy", denied.Findings, null),
            ExecutionOutcome.PlanRefused refused => ("refused", "plan", [], refused.Problems[0].Message),
            ExecutionOutcome.Conflicted conflicted => ("fault", "conflict", [], conflicted.Conflicts[0].Explanation),
            var other => ("fault", (string?)other.GetType().Name, Enumerable.Empty<Finding>(), (string?)other.ToString()),
        };
        var told = findings.ToList();
        return new(trial.Id, trial.Base, trial.Group, trial.Kind, trial.Place, became, stage, [.. told.Select(f => f.Rule).Distinct(StringComparer.Ordinal).Take(20)],
            message ?? told.FirstOrDefault()?.Message, (long)Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
    }

    public void Dispose() => codebase?.Dispose();

    private void Clean(string commit)
    {
        Git("checkout", "-q", "--force", "--detach", commit);
        Git("clean", "-fdqx", "-e", ".tars");
    }

    // A good one is the commit itself, modes and all.
    private async Task<ImprovementProposal> ProposalAsync(Codebase on, Trial trial) => trial.Group != TrialGroup.Good ? Edits(trial)
        : await on.CommitSource!.ReadAsync(trial.Kind) is Proposed { Improvements: [var commit] } ? commit
        : throw new InvalidOperationException($"The commit {trial.Kind} can't be imported.");

    private ImprovementProposal Edits(Trial trial)
    {
        var contents = new Dictionary<ContentHash, byte[]>();
        var edits = trial.Files.Select(file =>
        {
            var path = RepositoryPath.Parse(file.Path);
            if (file.Content is not { } bytes) return (FileEdit)new DeleteEdit(path);
            var hash = ContentHash.Of(bytes);
            contents[hash] = bytes;
            return File.Exists(Path.Combine(Folder, file.Path)) ? new ReplaceEdit(path, hash, bytes.Length) : new CreateEdit(path, hash, bytes.Length);
        }).ToList();
        var step = new StepDefinition("edit", new EditAction(edits), [], null, StepDefinition.DefaultTransaction, []);
        return new($"{trial.Group} {trial.Kind}", trial.Place, "safety", ImprovementPriority.Medium, $"safety:{trial.Id}", [step], null, contents);
    }

    private string Git(params string[] arguments) => System.Text.Encoding.UTF8.GetString(Bytes("git", arguments)).TrimEnd('\n');

    private byte[] Bytes(string program, params string[] arguments) => Run(Folder, program, arguments);

    private static byte[] Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result}");
    }
}
