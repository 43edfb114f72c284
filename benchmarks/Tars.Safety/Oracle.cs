using System.Globalization;
using System.Text;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Reports;

namespace Tars.Safety;

/// <summary>
/// Whether the suite notices a change, by a run of our own that has nothing to do with the engine's verdict: one workspace, in which a
/// script puts each change in place, builds, tests, and takes it out again.
/// </summary>
internal sealed class Oracle(Ground ground, Ledger ledger, string work)
{
    private const int MostAtOnce = 40, SecondsForOne = 120, SecondsToBuild = 300;
    private static readonly string Out = "/out", Variants = "/variants";

    /// <summary>Asks for all of them that were not asked for before.</summary>
    public async Task<IReadOnlyList<OracleRecord>> AskAsync(string commit, IReadOnlyList<(string Id, IReadOnlyList<TrialFile> Files)> changes)
    {
        foreach (var batch in changes.Where(change => ledger.FindOracle(change.Id) is null).DistinctBy(change => change.Id, StringComparer.Ordinal).Chunk(MostAtOnce)) await RunAsync(commit, batch);
        return [.. changes.Select(change => ledger.FindOracle(change.Id)).OfType<OracleRecord>()];
    }

    private async Task RunAsync(string commit, (string Id, IReadOnlyList<TrialFile> Files)[] batch)
    {
        var codebase = await ground.StandOnAsync(commit);
        var tree = (await codebase.Capture.CaptureAsync()).Tree;
        var plan = CheckPlanner.Plan(codebase.ConfigurationFor(tree).Configuration, tree, codebase.Content.Read);
        var (variants, answers) = (Fresh("variants"), Fresh("answers"));
        foreach (var (id, files) in batch) Lay(Path.Combine(variants, id), files);
        await File.WriteAllTextAsync(Path.Combine(variants, "run.sh"), Script(plan, batch));
        using var alone = LoneRun.Start(codebase.State, "trial");
        using var workspace = codebase.Workspaces.Create(codebase.ConfigurationFor(tree).Configuration.Permissions.Paths.Visible(tree).Tree, codebase.Content, alone.Name);
        var time = TimeSpan.FromSeconds(SecondsToBuild + (batch.Length * 2 * SecondsForOne));
        var command = new SandboxCommand(["bash", Variants + "/run.sh"], "", time, new Dictionary<string, string>(StringComparer.Ordinal)) { Binds = [new(variants, Variants, false), new(answers, Out, true)] };
        await new TerminalExecutor(codebase.Sandbox, codebase.State).RunAsync(workspace, command);
        foreach (var (id, _) in batch)
        {
            var folder = Path.Combine(answers, id);
            if (!File.Exists(Path.Combine(folder, "result"))) continue;
            var failed = plan.Checks.Where(check => check.Report != ReportFormat.None).SelectMany(check => Failed(codebase.Files, Path.Combine(folder, "results"), check.Report));
            ledger.Add(new OracleRecord(id, commit, (await File.ReadAllTextAsync(Path.Combine(folder, "result"))).Trim(), [.. failed.Distinct(StringComparer.Ordinal).Take(50)]));
        }
    }

    private static IEnumerable<string> Failed(FileSystem files, string folder, ReportFormat format) => !Directory.Exists(folder) ? []
        : ResultsFolder.Read(files, folder, format, SandboxLayout.Codebase).Tests.Values.Where(test => test.Outcome == TestOutcome.Failed).Select(test => test.Name);

    private static void Lay(string folder, IReadOnlyList<TrialFile> files)
    {
        Directory.CreateDirectory(Path.Combine(folder, "new"));
        foreach (var file in files.Where(f => f.Content is not null))
        {
            var path = Path.Combine(folder, "new", file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content!);
        }
        File.WriteAllText(Path.Combine(folder, "paths"), string.Concat(files.Select(f => f.Path + "\n")));
        File.WriteAllText(Path.Combine(folder, "deleted"), string.Concat(files.Where(f => f.Content is null).Select(f => f.Path + "\n")));
    }

    private static string Script(CheckPlan plan, (string Id, IReadOnlyList<TrialFile> Files)[] batch)
    {
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $$"""
            cd {{SandboxLayout.Codebase}}
            put() { # the change's files, newer than everything that was built
                cp -R {{Variants}}/$1/new/. . ; while read -r path; do rm -f -- "$path"; done < {{Variants}}/$1/deleted
                while read -r path; do [ -e "$path" ] && touch -- "$path"; done < {{Variants}}/$1/paths
            }
            keep() { rm -rf /tmp/kept; mkdir /tmp/kept; while read -r path; do [ -e "$path" ] && cp --parents -- "$path" /tmp/kept/; done < {{Variants}}/$1/paths; }
            back() { while read -r path; do rm -f -- "$path"; done < {{Variants}}/$1/paths; cp -R /tmp/kept/. . ; while read -r path; do [ -e "$path" ] && touch -- "$path"; done < {{Variants}}/$1/paths; }
            builds() { :
            {{Lines(plan, true)}}
            }
            tests() { :
            {{Lines(plan, false)}}
            }
            results=/out/base/results; mkdir -p $results; builds > /out/base/log 2>&1 || { echo no-base > /out/base/result; exit 1; }

            """);
        foreach (var (id, _) in batch)
        {
            script.Append(CultureInfo.InvariantCulture, $$"""
                results=/out/{{id}}/results; mkdir -p $results; keep {{id}}; put {{id}}
                if ! builds > /out/{{id}}/log 2>&1; then echo no-build > /out/{{id}}/result
                else tests >> /out/{{id}}/log 2>&1; code=$?
                  if [ $code -eq 124 ] || [ $code -eq 137 ]; then echo hangs; elif [ $code -eq 0 ]; then echo green; else echo noticed; fi > /out/{{id}}/result
                fi
                back {{id}}

                """);
        }
        return script.ToString();
    }

    private static string Lines(CheckPlan plan, bool builds)
    {
        var lines = plan.Checks.Where(check => check.Kind is CheckKind.Restore or CheckKind.Build == builds).Select(check =>
            $"( cd {SandboxLayout.Codebase}/{check.Folder} && {string.Concat(check.Environment.Select(v => $"export {v.Key}={Quoted(v.Value)}; "))}timeout -k 5 {(builds ? SecondsToBuild : SecondsForOne)} "
            + string.Join(' ', check.Command(isRestored: false).Select(argument => Quoted(argument).Replace(SandboxLayout.Results, "'\"$results\"'", StringComparison.Ordinal))) + " ) || return $?");
        return string.Join('\n', lines);
    }

    private static string Quoted(string argument) => "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private string Fresh(string name)
    {
        var folder = Path.Combine(work, name);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return folder;
    }
}
