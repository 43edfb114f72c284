using TarsEngine.Configuration;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>Rust's cargo, without a network: dependencies must be vendored.</summary>
internal sealed class CargoRunner : DetectedRunner
{
    private static readonly IReadOnlyDictionary<string, string> variables = Variables(("CARGO_HOME", "/tmp/home/.cargo"), ("CARGO_NET_OFFLINE", "true"), ("CARGO_TERM_COLOR", "never"), ("RUST_BACKTRACE", "0"));

    public override RunnerPlan Plan(ProjectTree project, TarsConfiguration configuration) => new(
        [
            Build("cargo build" + project.Suffix, project, configuration, variables, "cargo", "test", "--workspace", "--no-run", "--offline", "--message-format", "short"),
            Test("cargo test" + project.Suffix, project, configuration, ReportFormat.Cargo, variables, Recorded("cargo test --workspace --offline --no-fail-fast -- \"$@\"", "cargo.txt")),
        ], []);

    public override IReadOnlyList<string> Choose(IReadOnlyList<FailedTest> tests) => ["--exact", .. tests.Select(test => test.Name)];

    public override IReadOnlyList<string> Named(IReadOnlyList<string> parts) => parts;
}
