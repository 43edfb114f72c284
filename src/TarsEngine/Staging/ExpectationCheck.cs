using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;

namespace TarsEngine.Staging;

/// <summary>What a step's author said must be true once it is done.</summary>
internal static class ExpectationCheck
{
    public static IReadOnlyList<Finding> Run(IEnumerable<StepExpectation> expectations, VirtualFileSystem tree) =>
        [.. expectations.Select(expectation => Check(expectation, tree)).OfType<Finding>()];

    private static Finding? Check(StepExpectation expectation, VirtualFileSystem tree)
    {
        var path = expectation.Path;
        var there = tree[path];
        var problem = expectation switch
        {
            ExistsExpectation => there is null ? $"'{path}' should be there, and is not." : null,
            AbsentExpectation => there is not null || tree.IsFolder(path) ? $"'{path}' should not be there, and is." : null,
            ContainsExpectation contains => there?.Kind != EntryKind.File ? $"'{path}' should be a file, and is not."
                : tree.Read(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(contains.Text)) < 0 ? $"'{path}' should hold '{ByteText.Display(contains.Text)}', and does not." : null,
            HashExpectation hash => there?.Hash != hash.Hash ? $"'{path}' should have the hash {hash.Hash}, and has {there?.Hash.Hex ?? "none: it is not there"}." : null,
            _ => throw new ArgumentException($"An expectation of an unknown kind: {expectation.GetType().Name}.", nameof(expectation)),
        };
        return problem is null ? null : new(Severity.Error, "step/expectation", problem, path, Remedy: "Correct the step, or what it expects.");
    }
}
