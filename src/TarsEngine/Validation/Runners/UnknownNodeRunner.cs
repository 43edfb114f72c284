using TarsEngine.Changes;
using TarsEngine.Configuration;

namespace TarsEngine.Validation.Runners;

/// <summary>Stands behind the others: a test script that none of them knows is named and holds.</summary>
internal sealed class UnknownNodeRunner : DetectedRunner
{
    public override RunnerPlan? Plan(ProjectTree project, TarsConfiguration configuration)
    {
        if (NodePackage.Read(project) is not { Script.Count: > 0 } package) return null;
        return new([], [new(Severity.Hold, "tests/unsupported-runner", $"The tests of '{project.Manifest}' are run by '{string.Join(" && ", package.Script)}', whose results can't be read: they were not run.", project.Manifest,
            Remedy: "Describe a check that runs them and writes a report under 'checks' in your own configuration.")]);
    }

}
