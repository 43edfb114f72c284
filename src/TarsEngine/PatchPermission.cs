using TarsEngine.Changes;
using TarsEngine.Journey;
using TarsEngine.Permissions;

namespace TarsEngine;

/// <summary>What policy would say to a patch: it is applied to the codebase in memory, and the change that comes of it is looked at.</summary>
public sealed class PatchPermission
{
    private const string Misfit = "It fits neither the codebase as it is now nor its last commit.";

    private readonly Codebase codebase;

    internal PatchPermission(Codebase codebase) => this.codebase = codebase;

    /// <param name="patch">As 'git diff --binary' writes it.</param>
    public async Task<PatchPermissionResult> CheckAsync(byte[] patch, CancellationToken cancellation = default)
    {
        switch (await new PatchOnCodebase(codebase).ApplyAsync(patch, cancellation))
        {
            case PatchFits fits:
                var policy = codebase.ConfigurationFor(fits.Tree).Configuration.Permissions;
                return new PatchDecided(
                    [.. fits.Changes.Select(change => (change, policy.Paths.Decide(change.Path, PathPolicy.AccessOf(change))))],
                    new PermissionManager(codebase.Content.Read).Check(fits.Changes, fits.Tree, policy));
            case PatchUnreadable unreadable:
                return new PatchNotReadable(unreadable.Problems, unreadable.IsDenied);
            default:
                return new PatchNotReadable([Misfit], false);
        }
    }
}

/// <summary>What policy says to a patch.</summary>
public abstract record PatchPermissionResult;

/// <param name="Paths">Each path with what the rules say to it.</param>
/// <param name="Findings">These and what modes, links and sizes say; errors deny, holds are for a person.</param>
public sealed record PatchDecided(IReadOnlyList<(FileChange Change, PolicyDecision Decision)> Paths, IReadOnlyList<Finding> Findings) : PatchPermissionResult
{
    public Decision Decision => Findings.Select(f => f.Severity).DefaultIfEmpty(Severity.Info).Max() switch
    {
        Severity.Error => Decision.Deny,
        Severity.Hold => Decision.Review,
        _ => Decision.Allow,
    };
}

/// <param name="IsDenied">It can be read well, and asks for what no patch may.</param>
public sealed record PatchNotReadable(IReadOnlyList<string> Problems, bool IsDenied) : PatchPermissionResult;
