using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation.Runners;

namespace TarsEngine.Validation.Checks;

/// <summary>One command that will be run.</summary>
/// <param name="Proves">True when its success shows that the codebase works.</param>
internal sealed record PlannedCheck(
    string Name, CheckKind Kind, IReadOnlyList<string> Arguments, string Folder, TimeSpan Timeout, ReportFormat Report,
    IReadOnlyDictionary<string, string> Environment, bool Proves)
{
    /// <summary>Stands among the arguments where a runner takes the names of tests to run; with none, all are run.</summary>
    public const string Chosen = "{tests}";

    /// <summary>The option and the name by which 'dotnet test' is told to measure which lines its tests reach.</summary>
    public const string Collect = "--collect", Coverage = "XPlat Code Coverage";

    /// <summary>How it is run where packages were restored before; null: in the same way.</summary>
    public IReadOnlyList<string>? WhenRestored { get; init; }

    /// <summary>Who runs the tests, and knows how to run some of them; null for a command of a configuration.</summary>
    public TestRunner? Runner { get; init; }

    /// <summary>Tests whose names hold one of these count neither way when they fail.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The command for all tests, or for those that are chosen.</summary>
    /// <param name="chosen">The runner's own arguments for it.</param>
    public IReadOnlyList<string> Command(bool isRestored, IReadOnlyList<string>? chosen = null)
    {
        var arguments = isRestored ? WhenRestored ?? Arguments : Arguments;
        return Runner is null ? arguments : [.. arguments.SelectMany(argument => argument == Chosen ? chosen ?? [] : [argument])];
    }
}

/// <summary>Everything that will be run on one tree, and what can't be.</summary>
internal sealed record CheckPlan(IReadOnlyList<PlannedCheck> Checks, IReadOnlyList<Finding> Findings)
{
    /// <summary>Only tests whose names hold one of these are run, where a runner can choose them; null: all of them.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>Tests to run before all others; null for none.</summary>
    public ImpactedTests? First { get; init; }

    /// <summary>Equal exactly when the same commands are run in the same way with the same tools.</summary>
    public ContentHash Hash(string toolchain)
    {
        var text = new StringBuilder("checks/1\0").Append(toolchain);
        foreach (var check in Checks)
        {
            text.Append(CultureInfo.InvariantCulture, $"\0\0{check.Name}\0{check.Kind}\0{check.Report}\0{check.Proves}\0{check.Timeout.Ticks}\0{check.Folder}\0{check.Arguments.Count}");
            foreach (var argument in check.Arguments) text.Append('\0').Append(argument);
            foreach (var part in check.Ignored) text.Append('\0').Append('!').Append(part);
            foreach (var (name, value) in check.Environment.OrderBy(e => e.Key, StringComparer.Ordinal)) text.Append('\0').Append(name).Append('=').Append(value);
        }
        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
