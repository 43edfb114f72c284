using System.Globalization;
using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal;

namespace TarsEngine.Validation.Syntax.Toolchain;

/// <summary>
/// Lets toolchains parse the changed files of their languages: inside the sandbox, one run a language, and nothing but these files in
/// sight. Only what the change broke counts.
/// </summary>
internal sealed partial class ToolchainSyntax(WorkspaceFactory workspaces, TerminalExecutor terminal, TreeContent content)
{
    private const long MaxBytes = 8 << 20;
    private const int MostFiles = 2_000, MostProblems = 10_000, MostPerFile = 20, MostMessage = 300;
    private const string Place = "/syntax";
    private static readonly TimeSpan time = TimeSpan.FromMinutes(2);

    private sealed record Subject(FileChange Change, bool IsBefore);

    public async Task<IReadOnlyList<Finding>> ValidateAsync(OneValidation validation, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        var visible = validation.Visible(validation.Result);
        var changed = validation.Request.Changes.Where(change => visible[change.Path] is not null && change.After is { Kind: EntryKind.File, Size: > 0 } after && after.Hash != change.Before?.Hash);
        foreach (var language in changed.GroupBy(change => LanguageChecker.For(change.Path.Name)).Where(group => group.Key is not null))
            findings.AddRange(await ValidateAsync(validation.Request.Name, language.Key!, [.. language.Where(change => change.After!.Size <= MaxBytes).Take(MostFiles)], cancellation));
        return findings;
    }

    private async Task<IEnumerable<Finding>> ValidateAsync(string name, LanguageChecker checker, IReadOnlyList<FileChange> changes, CancellationToken cancellation)
    {
        if (changes.Count == 0) return [];
        Subject[] subjects = [.. changes.Select(change => new Subject(change, false)), .. changes.Where(change => change.Before is { Kind: EntryKind.File, Size: <= MaxBytes }).Select(change => new Subject(change, true))];
        using var workspace = workspaces.Create(TreeSnapshot.Empty, content, name + "-syntax");
        var bind = workspace.CreateResultsFolder() with { InsidePath = Place, Writable = false };
        for (var i = 0; i < subjects.Length; i++)
        {
            var state = subjects[i].IsBefore ? subjects[i].Change.Before! : subjects[i].Change.After!;
            // By number: a name of the change's is no argument of ours.
            await File.WriteAllBytesAsync(Path.Combine(bind.HostFolder, i.ToString(CultureInfo.InvariantCulture) + Path.GetExtension(subjects[i].Change.Path.Name).ToLowerInvariant()), content.Read(subjects[i].Change.Path, state), cancellation);
        }
        var problems = new List<(int Subject, SyntaxProblem Problem)>();
        bool isMissing = false, isDone = false;
        var command = new SandboxCommand(["sh", "-c", $"cd {Place}\n{checker.Script}"], "", time, new Dictionary<string, string>(StringComparer.Ordinal)) { Binds = [bind] };
        await terminal.RunAsync(workspace, command, line =>
        {
            if (line.Text == "@missing") isMissing = true;
            else if (line.Text == "@done") isDone = true;
            else if (problems.Count < MostProblems && Read(line.Text, subjects.Length) is { } problem) problems.Add(problem);
        }, cancellation);
        return isMissing || !isDone ? [Unchecked(checker, changes, isMissing)] : Judge(checker, subjects, problems.ToLookup(p => p.Subject, p => p.Problem));
    }

    private static IEnumerable<Finding> Judge(LanguageChecker checker, Subject[] subjects, ILookup<int, SyntaxProblem> problems)
    {
        var brokenBefore = subjects.Index().Where(s => s.Item.IsBefore && problems[s.Index].Any()).Select(s => s.Item.Change.Path).ToHashSet();
        var rule = "syntax/" + checker.Language;
        foreach (var (index, subject) in subjects.Index().Where(s => !s.Item.IsBefore))
        {
            foreach (var problem in problems[index].Take(brokenBefore.Contains(subject.Change.Path) ? 1 : MostPerFile))
            {
                yield return brokenBefore.Contains(subject.Change.Path)
                    ? new(Severity.Info, rule, $"'{subject.Change.Path}' did not parse before the change either: {problem.Message}", subject.Change.Path, problem.Line, Column: problem.Column)
                    : new(Severity.Error, rule, problem.Message, subject.Change.Path, problem.Line, "Mend the file so that it parses.", problem.Column);
            }
        }
    }

    private static Finding Unchecked(LanguageChecker checker, IReadOnlyList<FileChange> changes, bool isMissing)
    {
        var files = changes.Count == 1 ? $"'{changes[0].Path}'" : $"'{changes[0].Path}' and {changes.Count - 1} more";
        return isMissing
            ? new(Severity.Info, "syntax/no-checker", $"{files} could not be parsed: the sandbox has no {checker.Toolchain}.", changes[0].Path, Remedy: $"Install {checker.Toolchain} to have such files parsed; 'tarscli sandbox check' shows what is there.")
            : new(Severity.Warning, "syntax/no-checker", $"{files} could not be parsed: the checker ({checker.Toolchain}) broke off.", changes[0].Path);
    }

    private static (int, SyntaxProblem)? Read(string line, int subjects)
    {
        if (Said().Match(line) is not { Success: true } said || !int.TryParse(said.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= subjects) return null;
        var message = said.Groups["message"].Value.Trim();
        return (number, new(ByteText.Display(message.Length > MostMessage ? message[..MostMessage] + "…" : message), Place(said.Groups["line"].Value), Place(said.Groups["column"].Value)));

        static int? Place(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place > 0 ? place : null;
    }

    [GeneratedRegex(@"^@(?<number>\d{1,6}):(?<line>\d{0,9}):(?<column>\d{0,9}):(?<message>.+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Said();
}
