using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>What the runners of JavaScript have in common: packages installed from the lock file, builds before, and the script's own line.</summary>
internal abstract class NodeRunner : DetectedRunner
{
    private static readonly IReadOnlyDictionary<string, string> variables = Variables(("CI", "true"), ("NO_COLOR", "1"), ("FORCE_COLOR", "0"));

    /// <summary>The name of the program and of the check.</summary>
    protected abstract string Program { get; }

    protected abstract ReportFormat Report { get; }

    /// <summary>What to run where a project depends on the runner and has no script; null: it isn't run then.</summary>
    protected virtual string? WithoutScript => null;

    /// <summary>The option for a test's time in milliseconds.</summary>
    protected virtual string? TimeoutOption => null;

    /// <summary>Whether this part of the script is this runner's.</summary>
    protected virtual bool Runs(string part) => NodePackage.Runs(part, Program);

    /// <summary>The line as the script has it, made to report and to take a choice of tests as "$@".</summary>
    protected abstract string Line(string part);

    public sealed override RunnerPlan? Plan(ProjectTree project, TarsConfiguration configuration)
    {
        if (NodePackage.Read(project) is not { } package || Part(package) is not { } part) return null;
        var checks = new List<PlannedCheck>();
        var findings = new List<Finding>();
        var locked = project.Has("package-lock.json") || project.Has("npm-shrinkwrap.json");
        // Some codebases have their packages in them.
        if (!project.HasFolder("node_modules"))
        {
            if (locked) checks.Add(Build("npm ci" + project.Suffix, project, configuration, variables, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund") with { Kind = CheckKind.Restore });
            else if (package.Needs.Count > 0) return new([], [NoPackages(project)]);
        }
        checks.AddRange(package.Before(part).Select((before, number) => Build(number == 0 ? "build" + project.Suffix : $"build{project.Suffix} {number + 1}", project, configuration, variables, "sh", "-c", WithPath(before))));
        if (package.LeftOut(part) is { Count: > 0 } left)
            findings.Add(new(Severity.Info, "tests/left-out", $"Of the test script of '{project.Manifest}', these parts are not run: {string.Join("; ", left)}.", project.Manifest));
        checks.Add(Test(Program + project.Suffix, project, configuration, Report, variables, [.. Shell(WithPath(Line(part))), .. TimeoutOption is { } option ? Longest(configuration, option, 1000) : []]));
        return new(checks, findings);
    }

    private string? Part(NodePackage package) => package.Script.FirstOrDefault(Runs) ?? (package.Script.Count == 0 && package.Needs.Contains(Program) ? WithoutScript : null);

    private static string WithPath(string line) => $"PATH=\"$PWD/node_modules/.bin:$PATH\"; export PATH; {line}";

    private static Finding NoPackages(ProjectTree project) => new(
        Severity.Hold, "tests/no-packages", $"The packages of '{project.Manifest}' can't be installed here: there is no 'package-lock.json' beside it. Its tests were not run.", project.Manifest,
        Remedy: "Make a lock file with 'npm install --package-lock-only' and run 'tarscli packages fetch', or describe a check of your own in the configuration.");
}
