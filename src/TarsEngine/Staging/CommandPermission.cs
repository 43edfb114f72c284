using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Permissions;
using TarsEngine.Planning;

namespace TarsEngine.Staging;

/// <summary>What policy says to commands, before they run and of what they made; and to a plan, before anything of it runs.</summary>
public static class CommandPermission
{
    /// <summary>The rule of a finding that refuses a command.</summary>
    public const string DeniedRule = "command/denied";

    /// <summary>The rule of a finding that holds the change of a command for a person.</summary>
    public const string ReviewRule = "command/review";

    /// <summary>The rule of a finding that refuses to write over what a command was not shown.</summary>
    public const string HiddenRule = "path/hidden";

    /// <summary>Null where it may run and nobody needs to look.</summary>
    public static Finding? Check(CommandAction action, CommandPolicy policy)
    {
        var decision = policy.Decide(action.Arguments, action.Environment);
        return decision.Decision switch
        {
            Decision.Allow => null,
            Decision.Review => new(Severity.Hold, ReviewRule, decision.Reason, Remedy: "It runs in the sandbox; a person must look at what it made."),
            _ => new(Severity.Error, DeniedRule, decision.Reason, Remedy: "Use another command. 'tarscli policy check command -- …' explains each part of one."),
        };
    }

    /// <summary>Everything in a plan that policy is sure to deny, whatever its steps come to.</summary>
    public static IReadOnlyList<Finding> Denied(ExecutionPlan plan, PermissionPolicy policy) =>
    [
        .. plan.Steps.Select(step => step.Action).OfType<CommandAction>().Select(action => Check(action, policy.Commands))
            .OfType<Finding>().Where(finding => finding.Severity == Severity.Error),
        .. plan.Steps.SelectMany(step => step.Rollback.Paths ?? []).Distinct()
            .Select(path => PermissionManager.Of(policy.Paths.DecideAnyChange(path), path)).OfType<Finding>().Where(finding => finding.Severity == Severity.Error),
    ];

    /// <summary>A command that makes a file where one stands that it was not shown; null for none.</summary>
    internal static Finding? OverHidden(ChangeSet? changes, TreeSnapshot tree, IReadOnlyList<RepositoryPath> hidden)
    {
        if (hidden.Count == 0 || changes is null) return null;
        var clash = changes.Select(change => change.Path).FirstOrDefault(path => hidden.Contains(path) && tree[path] is not null);
        return clash == default ? null : new(Severity.Error, HiddenRule, $"The command made '{clash}', where a file stands that policy hides from commands ('read: deny').", clash, Remedy: "Change that file by an edit or a patch.");
    }
}
