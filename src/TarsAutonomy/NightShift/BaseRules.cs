using TarsAutonomy.Constraints;
using TarsAutonomy.Settings;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>What a base says of its sessions: its constraints document and its 'tars.yaml', joined with the user's own word.</summary>
/// <param name="WithoutEffect">Lines of the document that say nothing that is understood.</param>
/// <param name="Problems">Why nothing can be run with it.</param>
public sealed record BaseRules(AutonomySettings Settings, AutonomousConstraints Constraints, IReadOnlyList<ConfigurationNotice> Notices, IReadOnlyList<DocumentProblem> WithoutEffect, IReadOnlyList<Finding> Problems)
{
    /// <summary>Where the codebase's own configuration lies.</summary>
    public static RepositoryPath Configuration { get; } = RepositoryPath.Parse(ConfigurationLoader.RepositoryFileName);

    /// <summary>As a commit's tree has them.</summary>
    public static BaseRules Of(TreeSnapshot tree, TreeContent content, AutonomySettings user) =>
        Of(Bytes(tree, content, user.Session.Constraints), Bytes(tree, content, Configuration), user);

    /// <param name="constraints">The document's bytes; null where there is none.</param>
    /// <param name="configuration">Of the codebase's own file; null where there is none.</param>
    public static BaseRules Of(byte[]? constraints, byte[]? configuration, AutonomySettings user)
    {
        var path = user.Session.Constraints;
        var document = constraints is null ? null : ConstraintsDocument.Read(constraints, path.ToString());
        var settings = (document is null ? user : user.Over(document)).TightenedBy(configuration is null ? null : System.Text.Encoding.UTF8.GetString(configuration), out var unreadable);
        var joined = ConstraintJoin.Of(document, settings.UserConstraints, settings.RepositoryConstraints);
        var problems = (document?.Problems ?? []).Select(problem => new Finding(Severity.Error, "constraints/document", problem.ToString(), path))
            .Concat(unreadable.Select(problem => new Finding(Severity.Error, "config/unreadable", problem.ToString())));
        var own = joined.Constraints.OwnDocuments.Append(settings.Session.Plan).Append(path).Concat(settings.Session.Gates).Distinct();
        return new(settings, joined.Constraints with { OwnDocuments = [.. own] }, joined.Notices, document?.Notices ?? [], [.. problems]);
    }

    /// <summary>A file's bytes; null where there is none.</summary>
    public static byte[]? Bytes(TreeSnapshot tree, TreeContent content, RepositoryPath path) => tree[path] is { Kind: EntryKind.File } state ? content.Read(path, state) : null;
}
