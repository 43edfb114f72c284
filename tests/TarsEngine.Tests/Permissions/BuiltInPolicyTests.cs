using TarsEngine.Permissions;

namespace TarsEngine.Tests.Permissions;

public sealed class BuiltInPolicyTests
{
    [Fact]
    public void Every_built_in_rule_has_examples_and_keeps_them()
    {
        var section = BuiltInPolicy.Read(checkExamples: true, out var problems);
        Assert.Empty(problems.Select(p => p.ToString()));
        Assert.True(section.Paths.Count + section.Commands.Count + section.Environment.Count > 30);
    }
}
