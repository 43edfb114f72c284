using TarsAutonomy.Constraints;
using TarsAutonomy.Settings;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsAutonomy.NightShift;

/// <summary>Reads what holds for a session out of a commit.</summary>
internal sealed class NightOrders(Codebase codebase, AutonomySettings user)
{
    /// <param name="commit">In full.</param>
    public async Task<NightOrder> ReadAsync(string commit, CancellationToken cancellation)
    {
        var tree = await codebase.Base.ReadAsync(commit, cancellation);
        var problems = new List<Finding>();
        var settings = user.TightenedBy(Text(tree, "tars.yaml"), out var unreadable);
        problems.AddRange(unreadable.Select(problem => new Finding(Severity.Error, "config/unreadable", problem.ToString())));
        var document = Bytes(tree, settings.Session.Constraints) is { } bytes ? ConstraintsDocument.Read(bytes) : null;
        problems.AddRange((document?.Problems ?? []).Select(problem => new Finding(Severity.Error, "constraints/unreadable", problem.ToString(), settings.Session.Constraints)));
        var constraints = AutonomousConstraints.Join(document, settings.RepositoryConstraints, settings.UserConstraints, settings.Session.Plan, settings.Session.Constraints);
        var plan = Bytes(tree, settings.Session.Plan) is { } text ? TaskPlan.Read(text) : null;
        if (QualityGate.Missing(settings.Session, tree) is { } missing) problems.Add(missing);
        return new(commit, tree, settings.Session, constraints, plan, settings.Session.Agent ?? "", problems);
    }

    private byte[]? Bytes(TreeSnapshot tree, RepositoryPath path) => tree[path] is { Kind: EntryKind.File } state ? codebase.Content.Read(path, state) : null;

    private string? Text(TreeSnapshot tree, string path) => Bytes(tree, RepositoryPath.Parse(path)) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;
}
