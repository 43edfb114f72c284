using TarsEngine.Changes;
using TarsEngine.Validation.Syntax;

namespace TarsEngine.Validation.Tampering;

/// <summary>What a change did to project files and build imports that decides what is compiled, warned about, refused, tested, or run by builds.</summary>
internal static class ProjectGates
{
    private static readonly string[] TestPackages = ["xunit", "nunit", "mstest", "tunit", "microsoft.net.test.sdk", "microsoft.testing", "coverlet", "fscheck", "verify", "shouldly", "fluentassertions", "moq", "nsubstitute"];

    /// <summary>Properties, and what about them is a loosening.</summary>
    private static readonly Dictionary<string, (string Rule, Func<string?, string?, bool> Loosens)> Properties = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NoWarn"] = ("suppress/project", More), ["WarningsNotAsErrors"] = ("suppress/project", More), ["MSBuildWarningsAsMessages"] = ("suppress/project", More),
        ["WarningsAsErrors"] = ("suppress/project", (was, now) => More(now, was)), ["MSBuildWarningsAsErrors"] = ("suppress/project", (was, now) => More(now, was)),
        ["TreatWarningsAsErrors"] = ("suppress/project", Off), ["MSBuildTreatWarningsAsErrors"] = ("suppress/project", Off), ["CodeAnalysisTreatWarningsAsErrors"] = ("suppress/project", Off),
        ["WarningLevel"] = ("suppress/project", (was, now) => int.TryParse(now, out var level) && (!int.TryParse(was, out var old) || level < old) && level < 4),
        ["EnableNETAnalyzers"] = ("suppress/project", Off), ["RunAnalyzers"] = ("suppress/project", Off), ["RunAnalyzersDuringBuild"] = ("suppress/project", Off), ["EnforceCodeStyleInBuild"] = ("suppress/project", Off),
        ["AnalysisLevel"] = ("suppress/project", (was, now) => now is not null && now.Contains("none", StringComparison.OrdinalIgnoreCase)),
        ["AnalysisMode"] = ("suppress/project", (was, now) => now is not null && now.Equals("None", StringComparison.OrdinalIgnoreCase)),
        ["Nullable"] = ("suppress/project", (was, now) => was is not null && IsEnabled(was) && (now is null || !IsEnabled(now))),
        ["CodeAnalysisRuleSet"] = ("suppress/project", (_, _) => true),
        ["IsTestProject"] = ("tests/project", (was, now) => !Is(now, "true")), ["IsTestingPlatformApplication"] = ("tests/project", Off),
        ["RunSettingsFilePath"] = ("tests/filtered", (_, _) => true), ["VSTestSetting"] = ("tests/filtered", (_, _) => true), ["VSTestTestCaseFilter"] = ("tests/filtered", (_, _) => true),
        ["TestingPlatformCommandLineArguments"] = ("tests/filtered", (_, _) => true), ["VSTestTestAdapterPath"] = ("tests/filtered", (_, _) => true), ["VSTestLogger"] = ("tests/filtered", (_, _) => true),
        ["VSTestResultsDirectory"] = ("tests/filtered", (_, _) => true), ["ContinueOnError"] = ("suppress/project", (_, now) => Is(now, "true")),
    };

    public static IEnumerable<Finding> Compare(ChangedText text, bool isTestProject, IReadOnlyList<ChangedText> all)
    {
        if (!XmlParser.IsMsBuild(text.Path.Name) && !text.Path.Name.EndsWith(".user", StringComparison.OrdinalIgnoreCase)) yield break;
        if (text.Change.After is null)
        {
            if (isTestProject && text.Before is not null) yield return Hold("tests/project", $"The test project '{text.Path}' is gone.", text, null);
            yield break;
        }
        var (before, after) = (ProjectElement.Read(text.Before), ProjectElement.Read(text.After));
        foreach (var finding in CompareProperties(before, after, text, all)) yield return finding;
        foreach (var finding in Items(before, after, text, isTestProject)) yield return finding;
        foreach (var finding in Code(before, after, text)) yield return finding;
    }

    // A property may be set in several places: what all of them say together is compared.
    private static IEnumerable<Finding> CompareProperties(IReadOnlyList<ProjectElement> before, IReadOnlyList<ProjectElement> after, ChangedText text, IReadOnlyList<ChangedText> all)
    {
        foreach (var (name, (rule, loosens)) in Properties)
        {
            var now = Find(after, name);
            var (was, its) = (Join(Find(before, name)), Join(now));
            if (was == its || !loosens(was, its) || (its is null && IsSetAbove(name, was, text, all))) continue;
            yield return Hold(rule, its is null ? $"'{name}' is no longer set; it was '{was}'." : $"'{name}' is '{its}' now{(was is null ? "" : $"; it was '{was}'")}.", text, now.FirstOrDefault()?.Line);
        }
    }

    // Moved into a 'Directory.Build.props' that holds for it, too.
    private static bool IsSetAbove(string name, string? value, ChangedText text, IReadOnlyList<ChangedText> all) => all.Any(other =>
        other != text && other.Path.Name is ("Directory.Build.props" or "Directory.Build.targets") && (other.Path.Parent is not { } folder || text.Path.IsUnder(folder))
        && Join(Find(ProjectElement.Read(other.After), name)) == value);

    private static List<ProjectElement> Find(IReadOnlyList<ProjectElement> elements, string name) =>
        [.. elements.Where(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || e.Attributes.ContainsKey(name))];

    private static string? Join(List<ProjectElement> elements) => elements.Count == 0 ? null : string.Join(';', elements.Select(e => e.Value.Trim() is { Length: > 0 } value ? value : e.Attributes.GetValueOrDefault(e.Name, "")));

    private static IEnumerable<Finding> Items(IReadOnlyList<ProjectElement> before, IReadOnlyList<ProjectElement> after, ChangedText text, bool isTestProject)
    {
        foreach (var item in New(before, after))
        {
            var removed = item.Attribute("Remove") ?? item.Attribute("Exclude");
            if (item.Name is "Compile" or "None" or "Content" && removed is not null && isTestProject) yield return Hold("tests/filtered", $"'{removed}' is no longer compiled into the test project.", text, item.Line);
            if (item.Name is "Analyzer" or "PackageReference" && removed is not null && !isTestProject) yield return Hold("suppress/project", $"<{item.Name} Remove=\"{removed}\"> takes an analyzer or a package away.", text, item.Line);
            if (item.Name is "Using" && isTestProject && (item.Attribute("Alias") is not null)) yield return Hold("tests/shadowed", $"'{item.Attribute("Alias")}' means something else in every test by this line.", text, item.Line);
        }
        if (!isTestProject) yield break;
        foreach (var item in New(after, before).Where(e => e.Attribute("Include") is not null))
        {
            var name = item.Attribute("Include")!;
            var isGone = !after.Any(e => e.Name == item.Name && e.Attribute("Include") == name);
            if (item.Name == "PackageReference" && isGone && IsTestPackage(name)) yield return Hold("tests/project", $"The test project no longer references '{name}'.", text, null);
            else if (item.Name == "ProjectReference" && isGone) yield return Hold("tests/project", $"The test project no longer references '{name}'.", text, null);
            else if (item.Name is "PackageReference" or "ProjectReference" or "Compile" && !isGone && ConditionsOf(after, item.Name, name).Except(ConditionsOf(before, item.Name, name), StringComparer.Ordinal).Any())
                yield return Hold("tests/project", $"'{name}' belongs to the test project under a condition only.", text, null);
        }
    }

    private static IEnumerable<string> ConditionsOf(IReadOnlyList<ProjectElement> elements, string item, string name) =>
        elements.Where(e => e.Name == item && e.Attribute("Include") == name).Select(e => e.Conditions).Where(c => c.Length > 0);

    // What builds run.
    private static IEnumerable<Finding> Code(IReadOnlyList<ProjectElement> before, IReadOnlyList<ProjectElement> after, ChangedText text)
    {
        foreach (var element in New(before, after))
        {
            if (element.Name is "Exec" or "UsingTask" or "Target" or "Import" && element.Attribute("Sdk") is null)
                yield return Hold("project/code", $"Builds run or read something new: <{element.Name} {element.Shown}>.", text, element.Line);
            else if (element.Attribute("ContinueOnError") is { } go && !Is(go, "false"))
                yield return Hold("suppress/project", $"An error of <{element.Name}> no longer ends the build.", text, element.Line);
        }
    }

    private static IEnumerable<ProjectElement> New(IReadOnlyList<ProjectElement> before, IReadOnlyList<ProjectElement> after)
    {
        var known = before.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        return after.Where(e => !known.Contains(e.Key));
    }

    private static bool IsTestPackage(string name) => TestPackages.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    private static Finding Hold(string rule, string message, ChangedText text, int? line) => new(Severity.Hold, rule, message, text.Path, line, "A person must see why.");

    private static bool Is(string? value, string word) => word.Equals(value?.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool IsEnabled(string value) => value.Contains("enable", StringComparison.OrdinalIgnoreCase) || value.Contains("warnings", StringComparison.OrdinalIgnoreCase);

    private static bool Off(string? was, string? now) => now is null ? Is(was, "true") : now.Split(';').Any(v => Is(v, "false")) && was?.Split(';').Any(v => Is(v, "false")) != true;

    private static bool More(string? was, string? now) => Codes(now).Except(Codes(was), StringComparer.OrdinalIgnoreCase).Any();

    private static IEnumerable<string> Codes(string? list) => (list ?? "").Split([';', ',', ' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(c => !c.StartsWith("$(", StringComparison.Ordinal));
}
