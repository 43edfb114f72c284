using System.Globalization;
using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>A runner that finds out whether a project uses it, and knows its commands.</summary>
internal abstract class DetectedRunner : TestRunner
{
    /// <summary>Null when the project's tests are not run by this one.</summary>
    public abstract RunnerPlan? Plan(ProjectTree project, TarsConfiguration configuration);

    protected static PlannedCheck Build(string name, ProjectTree project, TarsConfiguration configuration, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments) =>
        new(name, CheckKind.Build, arguments, project.Folder, configuration.Limits.CheckTimeout, ReportFormat.None, environment, Proves: false);

    protected PlannedCheck Test(string name, ProjectTree project, TarsConfiguration configuration, ReportFormat report, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments) =>
        new(name, CheckKind.Test, arguments, project.Folder, configuration.Limits.CheckTimeout, report, environment, Proves: true) { Runner = this };

    /// <summary>A shell's line; "$@" in it stands for the tests that are chosen.</summary>
    protected static IReadOnlyList<string> Shell(string line) => ["sh", "-c", line, "sh", PlannedCheck.Chosen];

    /// <summary>Runs a line, shows what it said, and keeps that as its report.</summary>
    protected static IReadOnlyList<string> Recorded(string line, string file) =>
        Shell($"{line} >{SandboxLayout.Results}/{file} 2>&1; code=$?; cat {SandboxLayout.Results}/{file}; exit $code");

    /// <summary>Texts as one regular expression, each matched as it stands.</summary>
    protected static string AnyOf(IEnumerable<string> texts) => $"(?:{string.Join('|', texts.Distinct(StringComparer.Ordinal).Select(Escape))})";

    protected static string Escape(string text) => string.Concat(text.Select(letter => char.IsAscii(letter) && !char.IsLetterOrDigit(letter) && letter is not (' ' or '_') ? $"\\{letter}" : letter.ToString()));

    /// <summary>The option for the longest that one test may run, where a configuration says it.</summary>
    /// <param name="each">How many of the option's units a second has.</param>
    protected static IReadOnlyList<string> Longest(TarsConfiguration configuration, string option, int each) =>
        configuration.Limits.TestTimeout is { } longest ? [option, string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(longest.TotalSeconds) * each}")] : [];

    /// <summary>The same in seconds; null where a configuration says nothing.</summary>
    protected static string? Seconds(TarsConfiguration configuration) =>
        configuration.Limits.TestTimeout is { } longest ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(longest.TotalSeconds)}") : null;

    protected static IReadOnlyDictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
}
