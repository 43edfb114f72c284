using System.Text;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Tests.Tasks;

/// <summary>Plans for tests.</summary>
internal static class Plans
{
    /// <summary>As the document that asked for it shows it.</summary>
    public const string Seed =
        """
        ## 📋 Task Queue

        ### Ready for Autonomous Execution ✅
        These tasks can be executed safely without supervision:

        → **[task_3]** Add User model with email and password fields
          - Alignment score: 95/100
          - Estimated lines: 10
          - Tests defined: ✅ Yes (tests/unit/test_models.py)
          - Safety check: ✅ No dependencies, no DB changes
          - Status: READY
          - Auto-approved: 2025-10-29 10:00

        → **[task_5]** Add password hashing function
          - Alignment score: 92/100
          - Estimated lines: 15
          - Tests defined: ✅ Yes (tests/unit/test_auth.py)
          - Safety check: ✅ Uses bcrypt (approved dependency)
          - Status: READY
          - Auto-approved: 2025-10-29 10:15

        ### Pending Approval ⏳
        These tasks need review before autonomous execution:

        - **[task_4]** Implement login endpoint
          - Alignment score: 88/100
          - Estimated lines: 25
          - Tests defined: ⏳ Needs definition
          - Safety check: ⚠️ Touches authentication (needs review)
          - Status: PENDING

        ### Not Ready ❌
        These tasks cannot be executed autonomously:

        - **[task_6]** Design database schema
          - Reason: Requires user input and architectural decisions
          - Use: max mode for planning

        - **[task_7]** Add Stripe integration
          - Reason: Requires external credentials
          - Use: Manual implementation with user supervision

        """;

    /// <summary>A plan of one ready task with these lines.</summary>
    public static string Ready(string task) => $"# Plan\n\n### Ready for Autonomous Execution\n\n{task}\n";

    /// <summary>A ready task with nothing wrong, but for what is given.</summary>
    public static string Task(string description = "Add a parser", string score = "95/100", string lines = "10", string tests = "Yes (tests/test_a.py)") =>
        $"- **[t]** {description}\n  - Alignment score: {score}\n  - Estimated lines: {lines}\n  - Tests defined: {tests}\n  - Status: READY";

    public static TaskPlan Read(string text) => TaskPlan.Read(Encoding.UTF8.GetBytes(text));

    public static PlannedTask Only(string text) => Assert.Single(Read(text).Tasks);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
