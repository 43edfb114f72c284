using System.Globalization;
using System.Text;
using TarsAutonomy.Agents;
using TarsAutonomy.NightShift;
using TarsAutonomy.Sessions;
using TarsAutonomy.Settings;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Files;

namespace TarsAutonomy.Tests.NightShift;

/// <summary>
/// A real repository with a plan, constraints, a gate and tests in shell, which take milliseconds; and an agent that is a shell script:
/// the first word of a task's description names the script that does it. All of it runs in the real sandbox.
/// </summary>
public sealed class NightWorld : IDisposable
{
    private readonly TempFolder user = new();
    private readonly StringBuilder ready = new();

    /// <param name="settings">More under 'autonomous:' of the user's configuration, indented by two.</param>
    public NightWorld(string settings = "")
    {
        Directory.CreateDirectory(AgentFolder);
        // What it was asked last, for tests that look.
        File.WriteAllText(Path.Combine(AgentFolder, "agent.sh"), """
            word=$(sed -n 's/^Task: \([a-z-]*\).*/\1/p' "$1" | head -1)
            [ -f "$2/$word.sh" ] || { echo "agent: no script '$word'"; exit 3; }
            exec sh "$2/$word.sh" "$1"
            """);
        Repository.Write("src/base.sh", "base() { echo base; }\n");
        Repository.Write("tests/base.sh", ". src/base.sh\n[ \"$(base)\" = base ]\n");
        Repository.Write("run-tests.sh", """
            n=0; failed=0
            for t in tests/*.sh; do
                n=$((n + 1))
                if sh "$t" >/dev/null 2>&1; then echo "ok $n - $t"; else echo "not ok $n - $t"; failed=1; fi
            done >"$1/t.tap.part"
            n=$(wc -l <"$1/t.tap.part"); { echo "TAP version 13"; echo "1..$n"; cat "$1/t.tap.part"; } >"$1/t.tap"; rm "$1/t.tap.part"
            grep -q '^not ok' "$1/t.tap" && exit 1
            exit 0
            """);
        Repository.Write(".ai-validation/check_quality.sh", "if grep -rn ugly src; then echo 'check_quality: ugly code'; exit 1; fi\n");
        Repository.Write(".gitignore", "*.log\n");
        File.WriteAllText(ConfigurationFile, $$"""
            checks:
              - name: tests
                kind: test
                report: tap
                run: [sh, run-tests.sh, "{results}"]
            agents:
              script:
                profile: generic
                run: [sh, {{AgentFolder}}/agent.sh, "{prompt-file}", {{AgentFolder}}]
                folder: {{AgentFolder}}
            autonomous:
              agent: script
            {{settings}}
            """);
    }

    public GitRepository Repository { get; } = new();
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    public string AgentFolder => user.File("agent");
    public string ConfigurationFile => user.File("config.yaml");
    /// <summary>What XDG_STATE_HOME is for its processes.</summary>
    public string StateHome => user.File("xdg");
    public List<string> Said { get; } = [];

    /// <summary>What the agent does for tasks that begin with a word; runs at the codebase's root, with the prompt's file as $1.</summary>
    public NightWorld Agent(string word, string script)
    {
        File.WriteAllText(Path.Combine(AgentFolder, word + ".sh"), script + "\n");
        return this;
    }

    /// <summary>The script of an agent that does its work well: a function in a file of its own, with a test.</summary>
    public static string Good(string name) =>
        $"echo '{name}() {{ echo {name}; }}' > src/{name}.sh; printf '. src/{name}.sh\\n[ \"$({name})\" = {name} ]\\n' > tests/{name}.sh";

    /// <summary>A ready task.</summary>
    public NightWorld Task(string id, string description, int score = 95, int lines = 10, string tests = "✅ Yes (tests/)", string status = "READY")
    {
        ready.Append(CultureInfo.InvariantCulture, $"→ **[{id}]** {description}\n  - Alignment score: {score}/100\n  - Estimated lines: {lines}\n")
            .Append(CultureInfo.InvariantCulture, $"  - Tests defined: {tests}\n  - Safety check: ✅ No dependencies\n  - Status: {status}\n  - Auto-approved: 2026-01-01 10:00\n\n");
        return this;
    }

    /// <summary>Commits the plan with the tasks so far.</summary>
    public NightWorld Commit(string message = "plan")
    {
        const string next = "### Pending Approval ⏳";
        var plan = File.Exists(Repository.At(TaskPlan.DefaultPath)) ? Repository.Read(TaskPlan.DefaultPath) : $"# Plan\n\n### Ready for Autonomous Execution ✅\n\n{next}\n\n### Not Ready ❌\n";
        Repository.Write(TaskPlan.DefaultPath, plan.Replace(next, ready + next, StringComparison.Ordinal));
        ready.Clear();
        Repository.Commit(message);
        return this;
    }

    public Task<Codebase> OpenAsync(ISeamObserver? seams = null)
    {
        var agents = AutonomySettings.Load(File.ReadAllText(ConfigurationFile), ConfigurationFile).Agents;
        return Codebase.OpenAsync(new(Repository.Folder, Path.Combine(StateHome, "tars"), ConfigurationFile, "tester", GitRepository.Environment)
        {
            Clock = Clock, Seams = seams, Agents = new AgentLauncher(agents, GitRepository.Environment),
        });
    }

    public Night NightOf(Codebase codebase) => new(codebase, AutonomySettings.Load(File.ReadAllText(ConfigurationFile), ConfigurationFile), Said.Add);

    /// <summary>Runs a session that comes to its end.</summary>
    public async Task<NightSession> RunAsync(NightRequest? request = null)
    {
        using var codebase = await OpenAsync();
        var outcome = await NightOf(codebase).RunAsync(request ?? new(), CancellationToken.None);
        return Assert.IsType<NightOutcome.Finished>(outcome).Session;
    }

    /// <summary>The subjects of the commits of a session, the oldest first.</summary>
    public IReadOnlyList<string> Commits(NightSession session) => Repository.Git("branch", "--list", session.Branch).Length == 0
        ? []
        : [.. Repository.Git("log", "--reverse", "--format=%s", $"{session.BaseCommit}..{session.Branch}").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Everything of the person's: each file, and each of git's own but objects, session branches and our state.</summary>
    public string Picture() => TreePicture.Of(
        Repository.Folder, [".git/tars", ".git/objects", ".git/refs/heads/autonomous-", ".git/logs/refs/heads/autonomous-"], withTimes: true);

    public void Dispose()
    {
        Repository.Dispose();
        user.Dispose();
    }
}
