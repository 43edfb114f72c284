using System.Globalization;
using TarsAutonomy.Agents;
using TarsAutonomy.Constraints;
using TarsAutonomy.Settings;
using TarsEngine.Staging;

namespace TarsAutonomy.NightShift;

/// <summary>The constraints of the base that an agent works on, in words for its prompt.</summary>
public static class ConstraintWords
{
    public static PromptLimits Of(AgentRequest request, AutonomySettings user)
    {
        var constraints = BaseRules.Of(request.Tree, request.Content, user).Constraints;
        return new(constraints.MaxLines, Text(constraints));
    }

    private static string Text(AutonomousConstraints constraints) => string.Create(CultureInfo.InvariantCulture, $"""
        - Write only below {string.Join(", ", constraints.AllowedFolders)} and in {string.Join(", ", constraints.AllowedFiles)}.
        - Delete no file; a rename within these folders is fine.
        - At most {constraints.MaxLines} lines outside of tests, {constraints.MaxLinesWithTests} with them.
        - No new dependencies, no CI, no configuration of production, no database schema, no .env, no .gitignore.
        - Do not touch {string.Join(", ", constraints.OwnDocuments)}.
        """);
}
