using TarsAutonomy.Constraints;
using TarsAutonomy.Settings;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>What a base says of its sessions: its constraints document and its 'tars.yaml', joined with the user's own word.</summary>
/// <param name="Problems">Why nothing can be run with it.</param>
public sealed record BaseRules(AutonomySettings Settings, AutonomousConstraints Constraints, IReadOnlyList<ConfigurationNotice> Notices, IReadOnlyList<Finding> Problems)
{
    public static BaseRules Of(TreeSnapshot tree, TreeContent content, AutonomySettings user)
    {
        var path = user.Session.Constraints;
        var document = Bytes(tree, content, path) is { } bytes ? ConstraintsDocument.Read(bytes, path.ToString()) : null;
        var settings = (document is null ? user : user.Over(document)).TightenedBy(Text(tree, content), out var unreadable);
        var joined = ConstraintJoin.Of(document, settings.UserConstraints, settings.RepositoryConstraints);
        var problems = (document?.Problems ?? []).Select(problem => new Finding(Severity.Error, "constraints/document", problem.ToString(), path))
            .Concat(unreadable.Select(problem => new Finding(Severity.Error, "config/unreadable", problem.ToString())));
        var own = joined.Constraints.OwnDocuments.Append(settings.Session.Plan).Append(path).Concat(settings.Session.Gate is { } gate ? [gate] : []).Distinct();
        return new(settings, joined.Constraints with { OwnDocuments = [.. own] }, joined.Notices, [.. problems]);
    }

    /// <summary>A file's bytes; null where there is none.</summary>
    public static byte[]? Bytes(TreeSnapshot tree, TreeContent content, RepositoryPath path) => tree[path] is { Kind: EntryKind.File } state ? content.Read(path, state) : null;

    private static string? Text(TreeSnapshot tree, TreeContent content) =>
        Bytes(tree, content, RepositoryPath.Parse(ConfigurationLoader.RepositoryFileName)) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;
}
