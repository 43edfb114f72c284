using TarsEngine.Configuration;
using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>Go, without a network: modules must be vendored.</summary>
internal sealed class GoRunner : DetectedRunner
{
    private static readonly IReadOnlyDictionary<string, string> variables = Variables(("GOPROXY", "off"), ("GOTOOLCHAIN", "local"), ("GOPATH", "/tmp/home/go"));

    public override RunnerPlan? Plan(ProjectTree project, TarsConfiguration configuration)
    {
        var build = Build("go build" + project.Suffix, project, configuration, variables, "go", "build", "./...");
        if (!project.Files.Any(file => file.EndsWith("_test.go", StringComparison.Ordinal))) return new([build], []);
        // What the build says of a package that doesn't compile goes to the other stream, and has to be seen.
        return new(
            [
                build,
                Test("go test" + project.Suffix, project, configuration, ReportFormat.GoTest, variables, [.. Shell($"go test -json \"$@\" ./... >{SandboxLayout.Results}/go.jsonl"), .. Seconds(configuration) is { } seconds ? ["-timeout", seconds + "s"] : (string[])[]]),
            ], []);
    }

    // Sub-tests run with the test that they are part of.
    public override IReadOnlyList<string>? Choose(IReadOnlyList<FailedTest> tests) =>
        tests.Any(test => test.Name.EndsWith("(package)", StringComparison.Ordinal)) ? null
            : ["-run", $"^({string.Join('|', tests.Select(test => Escape(test.Id[(test.Id.IndexOf("::", StringComparison.Ordinal) + 2)..].Split('/')[0])).Distinct(StringComparer.Ordinal))})$"];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => ["-run", AnyOf(parts)];
}
