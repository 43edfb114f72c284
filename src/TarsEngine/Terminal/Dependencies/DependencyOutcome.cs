using TarsEngine.Sandbox;

namespace TarsEngine.Terminal.Dependencies;

/// <summary>What was done about a package that is missing. A closed family.</summary>
public abstract record DependencyOutcome(MissingPackage Missing)
{
    /// <summary>In a sentence or two: what is missing, and how to go on.</summary>
    public abstract string Text { get; }
}

/// <summary>It was only named: a second package that a script lacks after it got a first one.</summary>
public sealed record DependencyNamed(MissingPackage Missing, bool IsAllowed) : DependencyOutcome(Missing)
{
    public override string Text =>
        $"'{Missing.AskedFor}' comes with the {PackageNames.KeyOf(Missing.Ecosystem)} package '{Missing.Package}'. One missing package is installed for a run; "
        + $"list what the script needs in {ManifestOf(Missing.Ecosystem)} instead.";

    private static string ManifestOf(Failures.Ecosystem ecosystem) => ecosystem switch
    {
        Failures.Ecosystem.Python => "a requirements.txt beside it",
        Failures.Ecosystem.Node => "a package.json with its package-lock.json beside it",
        _ => "its '#:package' lines or its project",
    };
}

/// <summary>Policy doesn't allow it: the default.</summary>
public sealed record DependencyNotAllowed(MissingPackage Missing) : DependencyOutcome(Missing)
{
    public override string Text =>
        $"'{Missing.AskedFor}' comes with the {PackageNames.KeyOf(Missing.Ecosystem)} package '{Missing.Package}'{(Missing.IsGuess ? " (a guess: no table knows it, so make sure that it is the right one)" : "")}, which may not be installed. "
        + $"To allow it, add to your own configuration: dependencies: {{allow: [\"{Missing.Package}\"]}}";
}

/// <summary>It may be installed, and could not be.</summary>
/// <param name="Result">Of the command that should have installed it; null when none ran.</param>
public sealed record DependencyNotInstalled(MissingPackage Missing, string Why, CommandResult? Result) : DependencyOutcome(Missing)
{
    public override string Text => $"The {PackageNames.KeyOf(Missing.Ecosystem)} package '{Missing.Package}' for '{Missing.AskedFor}' could not be installed: {Why}";
}

/// <summary>It is there for the next run.</summary>
/// <param name="Binds">What the next run has to see; read-only.</param>
/// <param name="Environment">What the next run has to know.</param>
public sealed record DependencyInstalled(MissingPackage Missing, TimeSpan Duration, IReadOnlyList<SandboxBind> Binds, IReadOnlyDictionary<string, string> Environment)
    : DependencyOutcome(Missing)
{
    public override string Text => $"The {PackageNames.KeyOf(Missing.Ecosystem)} package '{Missing.Package}' was installed for this run.";
}
