using TarsAutonomy.Agents;
using TarsAutonomy.Constraints;
using TarsEngine.Files;
using TarsEngine.Staging;

namespace TarsAutonomy.Settings;

/// <summary>What an agent is told to keep to: the constraints of the base that it works on.</summary>
public static class PromptLimitsReader
{
    public static PromptLimits Of(AgentRequest request, AutonomySettings user)
    {
        var settings = user.TightenedBy(Text(request, RepositoryPath.Parse("tars.yaml")), out _);
        var document = Bytes(request, settings.Session.Constraints) is { } bytes ? ConstraintsDocument.Read(bytes) : null;
        var constraints = AutonomousConstraints.Join(document, settings.RepositoryConstraints, settings.UserConstraints, settings.Session.Plan, settings.Session.Constraints);
        return new(constraints.MaxLines, constraints.ToText());
    }

    private static string? Text(AgentRequest request, RepositoryPath path) => Bytes(request, path) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private static byte[]? Bytes(AgentRequest request, RepositoryPath path) => request.Tree[path] is { Kind: EntryKind.File } state ? request.Content.Read(path, state) : null;
}
