using System.Globalization;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;

namespace TarsEngine.Validation.Checks;

/// <summary>One command that will be run.</summary>
/// <param name="Proves">True when its success shows that the codebase works.</param>
internal sealed record PlannedCheck(
    string Name, CheckKind Kind, IReadOnlyList<string> Arguments, string Folder, TimeSpan Timeout, ReportFormat Report,
    IReadOnlyDictionary<string, string> Environment, bool Proves)
{
    /// <summary>How it is run where packages were restored before; null: in the same way.</summary>
    public IReadOnlyList<string>? WhenRestored { get; init; }
}

/// <summary>Everything that will be run on one tree, and what can't be.</summary>
internal sealed record CheckPlan(IReadOnlyList<PlannedCheck> Checks, IReadOnlyList<Finding> Findings)
{
    /// <summary>Equal exactly when the same commands are run in the same way with the same tools.</summary>
    public ContentHash Hash(string toolchain)
    {
        var text = new StringBuilder("checks/1\0").Append(toolchain);
        foreach (var check in Checks)
        {
            text.Append(CultureInfo.InvariantCulture, $"\0\0{check.Name}\0{check.Kind}\0{check.Report}\0{check.Proves}\0{check.Timeout.Ticks}\0{check.Folder}\0{check.Arguments.Count}");
            foreach (var argument in check.Arguments) text.Append('\0').Append(argument);
            foreach (var (name, value) in check.Environment.OrderBy(e => e.Key, StringComparer.Ordinal)) text.Append('\0').Append(name).Append('=').Append(value);
        }
        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
