namespace TarsEngine.Configuration;

/// <summary>What a check's failure means.</summary>
public enum CheckKind
{
    /// <summary>Fetches or links packages; its failure is the surroundings' fault unless the change touched project files.</summary>
    Restore,

    /// <summary>Compiles; its failure refuses the change.</summary>
    Build,

    /// <summary>Runs tests; judged by exit code and a fresh report.</summary>
    Test,

    /// <summary>Anything else; judged by its exit code.</summary>
    Command,
}

/// <summary>The form of the report that a check writes into its results folder.</summary>
public enum ReportFormat
{
    /// <summary>None: only the exit code counts.</summary>
    None,

    /// <summary>Visual Studio test results, one file or several.</summary>
    Trx,

    /// <summary>JUnit's XML, one file or several.</summary>
    JUnit,

    /// <summary>The Test Anything Protocol.</summary>
    Tap,

    /// <summary>What 'jest --json' writes.</summary>
    Jest,

    /// <summary>What 'go test -json' prints.</summary>
    GoTest,

    /// <summary>What 'cargo test' prints.</summary>
    Cargo,
}

/// <summary>One command that judges a codebase, run inside the sandbox.</summary>
/// <param name="Name">Short and unique.</param>
/// <param name="Arguments">Program and arguments, no shell; '{results}' stands for the fresh folder where reports belong.</param>
/// <param name="Folder">Where it runs, relative to the codebase's root; '' is the root.</param>
/// <param name="Timeout">Null: the configuration's check timeout.</param>
/// <param name="FromRepository">True when the codebase's own file asks for it: it may refuse a change, but not prove one by exit code alone.</param>
public sealed record CheckDefinition(
    string Name,
    CheckKind Kind,
    IReadOnlyList<string> Arguments,
    string Folder,
    TimeSpan? Timeout,
    ReportFormat Report,
    IReadOnlyDictionary<string, string> Environment,
    bool FromRepository)
{
    /// <summary>Stands in arguments for the folder that reports are read from.</summary>
    public const string ResultsPlaceholder = "{results}";
}

/// <summary>What shapes the commands that are detected for .NET.</summary>
public sealed record DotnetSettings
{
    public static DotnetSettings Default { get; } = new();

    /// <summary>Solutions and projects to restore, build and test; null: detected.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>Build everything for this one target framework, such as 'net10.0'.</summary>
    public string? Framework { get; init; }

    /// <summary>DOTNET_ROLL_FORWARD while checks run, such as 'Major'.</summary>
    public string? RollForward { get; init; }

    /// <summary>'Debug' or 'Release' or the codebase's own.</summary>
    public string? Configuration { get; init; }

    /// <summary>MSBuild properties for restore, build and test.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
