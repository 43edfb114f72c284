using System.Text.RegularExpressions;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Validation.Checks;

/// <summary>What the lines of a check tell beside its report: errors with their place, what is missing here, and what was running.</summary>
/// <param name="codebaseRoot">Where the codebase stands for the check.</param>
/// <param name="folder">Where the check runs, relative to it: compilers name files from there.</param>
internal sealed partial class CheckOutput(string codebaseRoot, string folder = "")
{
    private const int MaxLine = 4_096;
    private bool isNext;
    private readonly CompilerLines compilers = new(codebaseRoot, folder);

    public MsBuildOutput MsBuild { get; } = new(codebaseRoot);

    public MissingThings Missing { get; } = new();

    public IEnumerable<BuildDiagnostic> Errors => MsBuild.Errors.Concat(compilers.Errors);

    /// <summary>The test that was begun last and did not end, where the runner says so.</summary>
    public string? Running { get; private set; }

    public void Read(string line)
    {
        if (line.Length > MaxLine) line = line[..MaxLine];
        MsBuild.Read(line);
        compilers.Read(line);
        Missing.Read(line);
        // pytest's name without a result behind it, ctest's start, cargo's after a minute.
        // What VSTest says of a host that was ended: the test's name is on a line of its own.
        if (isNext && line.Trim() is { Length: > 0 } name && !line.Contains(' ', StringComparison.Ordinal)) (Running, isNext) = (name, false);
        if (line.StartsWith("The test running when the crash occurred:", StringComparison.Ordinal)) isNext = true;
        if (Begun().Match(line) is { Success: true } begun) Running = begun.Groups["name"].Value;
    }

    [GeneratedRegex(@"^(?:(?<name>\S+\.py::\S.*?) ?$|\s+Start\s+\d+: (?<name>.+)$|test (?<name>.+) has been running for over \d+ seconds$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Begun();
}
